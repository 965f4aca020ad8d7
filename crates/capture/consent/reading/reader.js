// Makes the function that reads a tool once and tells what it found. `read` answers `true` or `false` (the visitor
// chose), a list of words for anything else, nothing where nobody has answered, or a promise of one of these. It is
// given `isAgain`, when the page asks for a fresh look, or the event that the tool fired.
//
// A tool that was heard and no longer says anything has lost its answer, which is not the same as a question that is
// still open. What throws has said nothing.
export function reader(tell, read) {
  let hasSpoken = false, turns = 0;
  function say(answer) {
    if (answer === undefined || answer === null) return tell(hasSpoken ? "silent" : "asking");
    hasSpoken = answer !== SILENT;
    if (answer === true || answer === false) tell("explicit", answer ? "granted" : "denied");
    else tell(...answer);
  }
  return function (reason) {
    // An older answer that arrives late must not override a newer one.
    const turn = ++turns;
    let answer;
    try {
      answer = read(reason === true, reason && reason.type ? reason : undefined);
    } catch (error) {
      return tell("silent");
    }
    if (!answer || typeof answer.then !== "function") return say(answer);
    answer.then(
      (later) => turn === turns && say(later),
      () => turn === turns && tell("silent"),
    );
  };
}

// The tool says yes although the visitor has not chosen.
export const IMPLIED = ["implied", "granted"];

// This is no tool that asks for consent here, so it must not hold others back, as an open question would.
export const SILENT = ["silent"];
