// Injected into the bindings, which call it as if the page had it.

// What the module answers to the question that is being asked.
let answered;
export function answer(text) {
  answered = text;
}
export function answer_moment(ms) {
  answered = new Date(ms).toISOString();
}
export function taken() {
  const text = answered;
  answered = undefined;
  return text;
}

// For lead_ids, which nobody may be able to guess; negative where there is no source of randomness.
export function random_40_bits() {
  try {
    const [high, low] = crypto.getRandomValues(new Uint32Array(2));
    return (high & 255) * 2 ** 32 + low;
  } catch {
    return -1;
  }
}
