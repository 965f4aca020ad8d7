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
