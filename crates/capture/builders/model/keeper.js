// Keeps the fields of a form filled whose builder holds them in a model of its own.
//
// `page.valueOf(name, found, submission)` says what a hidden field of this name should hold where `found` stands in it by
// itself, and nothing where it is not ours to write or consent does not stand. `page.sent(submission, form)` has the lead
// reported, once. A submission is the form's element, which the page script knows too, or stands for one where there is none.
//
// The answer is a function, `keep(present, set)`: `present` names each field that no visitor sees with what the model holds
// now, `set(name, value)` writes into the model.

// A model that always puts back what it had would go on for ever.
const WRITES_MAX = 5;

export function keeper(page, form) {
  const kept = new Map(), submission = form || {};
  const leadId = () => page.valueOf("lead_id", "", submission);
  let isBusy = false, seenLeadId;

  function keepOne(name, now, set) {
    if (now !== undefined && now !== null && typeof now !== "string") return;
    const present = now || "", known = kept.get(name) || { writes: 0 };
    const found = known.written === present ? known.found : present;
    let value = page.valueOf(name, found, submission);
    // What is not ours any more is taken back, where it is still what we wrote.
    if (value === undefined && known.written && known.written === present) value = "";
    if (value === undefined || value === present || known.writes >= WRITES_MAX) return;
    kept.set(name, { found, written: value, writes: known.writes + 1 });
    set(name, value);
  }

  function keep(present, set) {
    // The model may tell of a change while it is being changed.
    if (isBusy) return;
    isBusy = true;
    try {
      for (const name in present) keepOne(name, present[name], set);
    } finally {
      isBusy = false;
    }
    seenLeadId = leadId();
  }
  // The model is sent, and the next submission is another lead. Where it is one already, the form has sent an event by itself,
  // was reported by that, and was reset.
  keep.sent = () => {
    const isFilled = Array.from(kept.values()).some(({ written }) => written);
    if (isFilled && seenLeadId === leadId()) page.sent(submission, form);
    kept.forEach((known) => (known.writes = 0));
  };
  return keep;
}

// A builder that fails, or is another one than we know, leaves its form as it is.
export function attempt(work) {
  try {
    return work();
  } catch (error) {
    return undefined;
  }
}
