// Walks the hidden inputs, asks the module what each may hold, writes it, and takes it back.
import { channels, fields, value as valueOf } from "./ask.js";
import { attributes, numberOf } from "./page.js";

// When a field is looked at. The module reads the numbers (`Moment` in `visit.rs`).
export const SUBMITTING = 1;
export const RESTORED = 2;

// Each input that we wrote to: the text that stood there first, which may be the only hint of what it wants, and
// what we wrote. A form that the page takes out may come back, so inputs are let go only where they are very many.
export const filled = new Map();

// Written as a visitor's typing would be: through the prototype's setter, because React puts one of its own on each
// input, which would swallow the change (https://github.com/facebook/react/issues/11488), followed by the events.
// `autocomplete=off` keeps Firefox from putting the value back after a reload, when consent may be gone
// (https://developer.mozilla.org/docs/Web/HTML/Attributes/autocomplete).
const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
function write(input, value) {
  input.setAttribute("autocomplete", "off");
  set.call(input, value);
  for (const name of ["input", "change"]) {
    input.dispatchEvent(new Event(name, { bubbles: true, composed: true }));
  }
}

let askChannels;
export const askChannelsBy = (ask) => (askChannels = ask);

export function fill(root, moment = 0) {
  const selector = fields(moment);
  if (!selector) return;
  if (filled.size > 999) {
    filled.forEach((_, input) => {
      if (!input.isConnected) filled.delete(input);
    });
  }
  for (const input of root.querySelectorAll(selector)) {
    const present = input.value, known = filled.get(input);
    const found = known && known.written === present ? known.found : present;
    const hints = attributes(input, ["name", "id", "data-throughline-field"]);
    const value = valueOf(hints, moment, found, numberOf(input.form));
    if (value === undefined || value === present) continue;
    filled.set(input, { found, written: value });
    write(input, value);
  }
  // How a visitor came is told by lists of search engines and the like, which only a page that asks for it downloads.
  const record = channels();
  if (record) {
    askChannels(record).then((told) => {
      channels(told || "\n");
      fill(document);
    }).catch(() => {});
  }
}

// What the module has forgotten, the fields forget, where they still hold what we wrote.
export function takeBack() {
  filled.forEach((known, input) => {
    if (!known.written || input.value !== known.written) return;
    known.written = "";
    write(input, "");
  });
}
