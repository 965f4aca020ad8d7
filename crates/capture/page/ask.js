// The one door to the module: the questions that it answers, in the order of `Question` in `src/question.rs`.
import { ask as tell } from "./capture.js";
import { taken } from "./host.js";
import { attempt } from "./page.js";

export { default as load } from "./engine.js";

function ask(question, text = "", number = 0) {
  tell(question, text, number, Date.now());
  return taken();
}

// Between the parts of a text.
const SEPARATOR = "\x01";
const join = (...parts) => parts.join(SEPARATOR);

export const start = (settings, addresses, earlier, referrer, at_ms) =>
  ask(0, join(settings, addresses, earlier, referrer), at_ms);
export const begin = () => ask(1);
export const hear = (words) => ask(2, words);
export const moved = (href, at_ms) => ask(3, href, at_ms);
export const reread = (kept) => ask(4, kept);
export const remember = (addresses, kept) => ask(5, join(addresses, kept));
export const fields = (moment) => ask(6, "", moment);
export const value = (hints, leadId, found, moment) => ask(7, join(hints, leadId, found), moment);
export const reports = (isFilled, isMarked) => ask(8, "", isFilled + 2 * !!isMarked) !== undefined;
// Sixteen random bytes, each a character of its own. Where there is no source of randomness, there is no lead_id.
const random = () => String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16)).map((byte) => byte & 31));
export const leadId = () => ask(9, attempt(random));
export const forget = () => ask(10);
export const rareValues = (told = "") => ask(11, told);
export const state = () => ask(12, location.href);
export const joinRecord = (record) => ask(13, record);
export const states = () => state().split(SEPARATOR);
export const recordText = () => states()[3];
// Where consent stands: the first word of the state.
export const consent = () => states()[0];
