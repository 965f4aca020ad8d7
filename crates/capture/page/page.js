// What the other files say to the page, and ask of it.

// Forms have their inputs as members, and an input may be called `getAttribute` or `elements` (DOM clobbering,
// https://html.spec.whatwg.org/multipage/dom.html#dom-tree-accessors), so what is asked of a form is asked of its class.
const { closest, getAttribute, querySelector } = Element.prototype;
export const attribute = (element, name) => getAttribute.call(element, name) || "";
export const around = (element, selector) => closest.call(element, selector);
export const within = (element, selector) => querySelector.call(element, selector);
export const elements = (form) => Reflect.get(HTMLFormElement.prototype, "elements", form);

// Pages hand in selectors and jQuery objects too, and a form may be the event's target by accident.
export const isElement = (thing) => !!thing && thing.nodeType === 1;

// An event on the document, for whoever listens.
export function tell(name, detail) {
  document.dispatchEvent(new CustomEvent("throughline:" + name, { detail }));
}

// A page that is not ours may refuse anything.
export function attempt(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}

// A moment in milliseconds as RFC 3339.
export const time = (ms) => new Date(ms).toISOString();

// Works through a list without holding the page up: what takes longer goes on in another task. What few pages exceed is
// done at once, however slow the machine, and looking at the clock costs time too.
const SLICE_MS = 4;
const AT_ONCE = 40;
const LOOK_EACH = 8;
export function walk(list, work, end, place = 0) {
  const until = performance.now() + SLICE_MS;
  while (place < list.length) {
    work(list[place++]);
    if (place > AT_ONCE && place % LOOK_EACH === 0 && performance.now() > until) return setTimeout(walk, 0, list, work, end, place);
  }
  end();
}
