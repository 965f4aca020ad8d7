// What the other files say to the page, and ask of it.

// Pages hand in selectors and jQuery objects too, and a form may be the event's target by accident.
export const isElement = (thing) => thing instanceof Element;

// An event on the document, for whoever listens.
export function tell(name, detail) {
  document.dispatchEvent(new CustomEvent("throughline:" + name, { detail }));
}

// Attributes of an element in one text. Its properties may be shadowed by inputs of the same name (DOM clobbering);
// a NUL can stand in no attribute (https://html.spec.whatwg.org/multipage/parsing.html#preprocessing-the-input-stream).
export const attributes = (element, names) => names.map((name) => element.getAttribute(name)).join("\0");

// Forms by number, 0 for the fields outside of every form: the module knows no elements.
const numbers = new WeakMap();
let count = 0;
export function numberOf(form) {
  if (!form) return 0;
  if (!numbers.has(form)) numbers.set(form, ++count);
  return numbers.get(form);
}
