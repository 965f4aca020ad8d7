// The one door to the module: the questions that it answers, in the order of `Question` in `src/question.rs`.
import { ask } from "./capture.js";

export { default as load } from "./engine.js";

// Between the parts of a question's text.
const join = (...parts) => parts.join("\x01");

export const start = (attributes, addresses, earlier, referrer, at_ms) =>
  ask(0, join(attributes, addresses, earlier, referrer), at_ms);
export const begin = () => ask(1, "", 0);
export const hear = (words) => ask(2, words, 0);
export const moved = (href, at_ms) => ask(3, href, at_ms);
export const reread = (kept) => ask(4, kept, 0);
export const remember = (addresses, kept) => ask(5, join(addresses, kept), 0);
export const consent = () => ask(6, "", 0);
export const fields = (moment) => ask(7, "", moment);
export const value = (hints, moment, found, form) => ask(8, join(hints, moment, found), form);
export const submitting = (form) => ask(9, "", form);
export const submitted = (isFilled, isMarked, form) => ask(10, join(isFilled ? 1 : "", isMarked ? 1 : ""), form);
export const lead = (form) => ask(11, "", form);
export const forget = () => ask(12, "", 0);
export const record = () => JSON.parse(ask(13, location.href, 0) || null);
export const channels = (told = "") => ask(14, told, 0);
export const state = () => ask(15, "", 0);
export const joinRecord = (record) => ask(16, record, 0);
