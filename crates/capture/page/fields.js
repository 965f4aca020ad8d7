// Looks at the fields of the page, asks the module what each may hold, writes it, and takes it back.
import { fields, rareValues, recordText, value as valueOf } from "./ask.js";
import { forgetLeads, leadIdOf, renew } from "./leads.js";
import { around, attempt, attribute, elements, isElement, walk, within } from "./page.js";
import { eachRoot } from "./roots.js";

// When a field is looked at. The module reads the numbers (`Moment` in `visit.rs`).
export const PASSING = 0;
export const SUBMITTING = 1;
export const RESTORED = 2;

// Each field that we wrote to: the text that stood there first, which may be the only hint of what it wants, what we
// wrote, and how often. A form that the page takes out may come back, so fields are let go only where they are very many.
export const filled = new Map();

// Two that write to one field, or a framework that keeps its own value, would go on for ever. What is written as the
// form leaves does not count.
const WRITES_MAX = 5;

// Whether a field holds what we wrote last.
export const isOurs = (input) => (filled.get(input) || {}).written === input.value;

// Fields that the visitor touched are the visitor's.
const touched = new WeakSet();
export const touch = (event) => event.isTrusted && touched.add(event.composedPath()[0]);

// The module's description of a field (`Field::of_hints`): a NUL can stand in no attribute
// (https://html.spec.whatwg.org/multipage/parsing.html#preprocessing-the-input-stream).
const HINTS = ["name", "id", "data-throughline-field", "data-original_id", "data-name", "autocomplete", "class"];
function describe(input, form, selector, isHidden) {
  const says = HINTS.map((name) => attribute(input, name));
  says[2] = mapped(input, says) || says[2];
  // The classes of up to three elements around it, as long as it is the only field in them.
  let classes = "", wrapper = input;
  for (let steps = 3; steps && (wrapper = wrapper.parentElement) && wrapper !== form; steps--) {
    const said = attribute(wrapper, "class");
    if (said && wrapper.querySelectorAll(selector).length > 1) break;
    classes += " " + said;
  }
  if (!form || form !== described.form) described = { form, says: describeForm(form, input) };
  return [input.type, isHidden ? 1 : "", ...says, classes, described.says].join("\0");
}
// Fields of one form follow each other, and what is true of all of them is asked once in a pass.
let described = {};
function describeForm(form, input) {
  // A search, and a form with a password that is not a new one, is no form of leads.
  const isGuarded = around(form || input, "[role=search]") || (form && within(form, LOGIN));
  const trap = form && (attribute(form, "netlify-honeypot") || attribute(form, "data-netlify-honeypot"));
  return (isGuarded ? 1 : "") + "\0" + (trap || "");
}
function begin(moment) {
  described = {};
  return fields(moment);
}
const LOGIN = "[type=password]:not([autocomplete=new-password])";

// What `data-map` says of a field by its name, its id, or a selector: `00N8d00000QN3Qa=gclid; #input_1_5=utm_source`.
let map = [];
export const mapBy = (text = "") => (map = text.split(";").map((entry) => /^\s*(.*\S)\s*=(.*)/.exec(entry) || []));
function mapped(input, [name, id]) {
  const isThis = ([, field]) => field && (field === name || field === id || (/^[#.[]/.test(field) && input.matches(field)));
  return (map.find((entry) => attempt(() => isThis(entry))) || [])[2];
}

// What a field should hold, if that is another text than the present one.
function judge(input, present, moment, selector) {
  if (touched.has(input)) return undefined;
  const form = input.form, known = filled.get(input);
  if (!present && known && known.written && known.written === leadIdOf(form)) renew(form);
  const found = known && known.written === present ? known.found : present;
  const ask = (isHidden) => valueOf(describe(input, form, selector, isHidden), leadIdOf(form), found, moment);
  let value = ask(true);
  // Looking at styles is dear, so it is done only where they decide.
  if (value !== undefined && input.type !== "hidden") value = ask(isHidden(input, form));
  return value === present ? undefined : value;
}

// Hidden within its form: a form may be hidden as a whole until somebody opens it.
function isHidden(input, form) {
  for (let element = input; element && element !== form; element = element.parentElement) {
    const { display, visibility, opacity } = getComputedStyle(element);
    if (display === "none" || visibility !== "visible" || opacity === "0") return true;
  }
  const { right, bottom, width, height } = input.getBoundingClientRect();
  return !!width && (width < 2 || height < 2 || right + scrollX < 0 || bottom + scrollY < 0);
}

// One field that throws at whoever reads it does not keep the others from being filled.
const fillOne = (input, moment, selector) => attempt(() => {
  const present = input.value, value = judge(input, present, moment, selector);
  if (value === undefined) return;
  const { found = present, written, count = 0 } = filled.get(input) || {};
  if (moment !== SUBMITTING && count >= WRITES_MAX) return;
  filled.set(input, { found: written === present ? found : present, written: value, count: count + 1 });
  write(input, value);
});

// Written as a visitor's typing would be: through the prototype's setter, because React puts one of its own on each
// input, which would swallow the change (https://github.com/facebook/react/issues/11488), followed by the events. React
// hears no event of a hidden input, so it is a text for as long as they last. `autocomplete=off` keeps Firefox from putting
// the value back after a reload, when consent may be gone
// (https://developer.mozilla.org/docs/Web/HTML/Attributes/autocomplete).
function write(input, value) {
  const { type } = input, isReacts = Object.keys(input).some((key) => key.startsWith("__react"));
  const isSwitched = isReacts && type === "hidden";
  attempt(() => {
    input.setAttribute("autocomplete", "off");
    if (isSwitched) input.type = "text";
    Reflect.set(Object.getPrototypeOf(input), "value", value, input);
    for (const name of ["input", "change", ...(isReacts ? ["focusout"] : [])]) {
      input.dispatchEvent(new Event(name, { bubbles: true, composed: true }));
    }
  });
  // An empty text does not become the attribute that a hidden input's value is
  // (https://html.spec.whatwg.org/multipage/input.html#input-type-change).
  if (isSwitched && !value) input.setAttribute("value", "");
  if (isSwitched) input.type = type;
}

let askRare;
export const askRareBy = (ask) => (askRare = ask);

// Fills what lies below an element, and it itself, or it alone.
export function fill(root, moment = PASSING, isAlone) {
  const selector = begin(moment);
  if (!selector) return;
  if (filled.size > 999) {
    filled.forEach((_, input) => {
      if (!input.isConnected) filled.delete(input);
    });
  }
  if (isElement(root) && around(root, selector) === root) fillOne(root, moment, selector);
  if (isAlone) return;
  walk(root.querySelectorAll(selector), (input) => fillOne(input, moment, selector), tellRare);
}

// How a visitor came is told by lists of search engines and the like, which only a page that asks for it downloads.
function tellRare() {
  if (rareValues() === undefined) return;
  askRare(recordText()).then((told) => {
    rareValues(told || "\n\n");
    fillAll();
  }).catch(() => {});
}

export const fillAll = () => eachRoot((root) => fill(root));

// Fills a form for the last time, with the fields that stand elsewhere in the page. Answers whether it holds anything of ours.
export function fillForm(form) {
  const selector = begin(SUBMITTING);
  let isFilled = false;
  for (const input of selector ? elements(form) : []) {
    if (input.matches(selector)) fillOne(input, SUBMITTING, selector);
    const known = filled.get(input);
    if (known && known.written) isFilled = true;
  }
  return isFilled;
}

// The last chance of all: fields that came since, those of custom elements, and those that a framework holds back. Only the
// event's own data may be changed here, because a page that hears of a change may ask for the form's data once more
// (https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constructing-the-form-data-set).
export function complete({ target: form, formData }) {
  const selector = begin(SUBMITTING);
  for (const input of selector ? elements(form) : []) {
    const name = attribute(input, "name"), present = formData.getAll(name);
    if (present.length !== 1 || typeof present[0] !== "string") continue;
    if (!input.matches(selector) && !input.localName.includes("-")) continue;
    const value = judge(input, present[0], SUBMITTING, selector);
    if (value !== undefined) formData.set(name, value);
  }
}

// What the module has forgotten, the fields forget, where they still hold what we wrote.
export function takeBack() {
  forgetLeads();
  filled.forEach((known, input) => attempt(() => {
    if (!known.written || input.value !== known.written) return;
    known.written = "";
    write(input, "");
  }));
}
