// Finds form builders whose forms are a model of their own, which no event of a field reaches. Their adapters are no part
// of the page script; all that a page without them pays for is this look.
import { PASSING } from "./fields.js";
import { leadIdOf } from "./leads.js";
import { value } from "./ask.js";

// The globals that they bring; `BUILDERS` in the loader says which adapter goes with each.
const GLOBALS = ["HubSpotFormsV4", "MktoForms2", "Survey", "Formio"];
let known = "";

// Calls when there is one more of them than at the last look.
export function lookForBuilders(load) {
  const found = GLOBALS.filter((name) => globalThis[name]).join();
  if (found !== known) load((known = found));
}

// What a hidden field of this name should hold where `found` stands in it by itself; `submission` is any object that
// stands for one.
export const valueOf = (name, found, submission) =>
  value(["hidden", 1, name].join("\0"), leadIdOf(submission), found, PASSING);
