// The one door to the module: the questions that it answers, in the order of `Question` in `src/question.rs`.
import { ask as answer } from "./capture.js";

export { default as load } from "./engine.js";

const ask = (question, text = "", number = 0) => answer(question, text, number);

// Between the parts of a question's text.
const join = (...parts) => parts.join("\x01");

export const start = (attributes, addresses, earlier, referrer, at_ms) =>
  ask(0, join(attributes, addresses, earlier, referrer), at_ms);
export const begin = () => ask(1);
export const hear = (words) => ask(2, words);
export const moved = (href, at_ms) => ask(3, href, at_ms);
export const reread = (kept) => ask(4, kept);
export const remember = (addresses, kept) => ask(5, join(addresses, kept));
export const fields = (moment) => ask(6, "", moment);
export const value = (hints, moment, found, form) => ask(7, join(hints, moment, found), form);
export const submitting = (form) => ask(8, "", form);
export const submitted = (isFilled, isMarked, form) => ask(9, join(isFilled ? 1 : "", isMarked ? 1 : ""), form);
export const lead = (form) => ask(10, "", form);
export const forget = () => ask(11);
export const record = () => JSON.parse(ask(12, location.href) || null);
export const channels = (told = "") => ask(13, told);
export const state = () => ask(14);
export const joinRecord = (record) => ask(15, record);
// Where consent stands: the first word of the state.
export const consent = () => state().split("\x01")[0];
