// Forms that live on another origin take values by their address, or by an attribute of which their script makes it
// (`data-embeds` of the tag). What the address becomes is the core's to say (`attribution/embed.rs`).
//
// `wish` is `auto` for the embeds that are known, a CSS selector for others, or both with a comma between.
// `decorated(attribute, found, isNamed)` says what an attribute should hold where `found` stands in it by itself, and
// nothing where it is to be left alone or consent does not stand.

// The attribute that carries the values, and where it counts.
const PLACES = {
  src: "iframe[src]",
  href: "a[href*='//docs.google.com/forms/']",
  "data-url": "[data-url*='//calendly.com/']",
  "data-tf-hidden":
    "[data-tf-live], [data-tf-widget], [data-tf-popup], [data-tf-slider], [data-tf-popover], [data-tf-sidetab]",
  "data-tally-src": "[data-tally-src]",
  "data-pd-webforms": "[data-pd-webforms]",
  "data-cal-config": "[data-cal-link]",
  "data-prefill": "[data-paperform-id]",
};
const ALL = Object.values(PLACES).join();

// A form may have inputs that are called `matches` and the like (DOM clobbering), so its class is asked.
const { matches, querySelectorAll } = Element.prototype;
const is = (element, selector) => matches.call(element, selector);

// A page that always puts back what it had would go on for ever.
const WRITES_MAX = 5;

export default function (wish, decorated) {
  const words = wish.split(",");
  const isAuto = words.some((word) => word.trim() === "auto");
  const named = words.filter((word) => word.trim() !== "auto").join();
  const kept = new WeakMap(), entered = new WeakSet();
  // Grows with each change of consent or of the record: what was said before may be no longer so.
  let turn = 0;

  function look(element, attribute) {
    const isNamed = named.trim() !== "" && is(element, named);
    if (!isAuto && !isNamed) return;
    if (!kept.has(element)) kept.set(element, {});
    const places = kept.get(element), present = element.getAttribute(attribute);
    const known = places[attribute] || { written: null, found: null, writes: 0 };
    if (known.turn === turn && known.seen === present) return;
    const isOurs = known.written !== null && known.written === present;
    const found = isOurs ? known.found : present;
    const wanted = decorated(attribute, found || "", isNamed);
    const next = wanted === undefined && isOurs ? found : wanted === undefined ? present : wanted;
    places[attribute] = { ...known, turn, seen: present };
    // A frame with another address is loaded anew, and what the visitor has typed into it would be lost.
    enter();
    if (next === present || entered.has(element) || known.writes >= WRITES_MAX) return;
    places[attribute] = { turn, seen: next, found, written: wanted === undefined ? null : next, writes: known.writes + 1 };
    // A frame that is put in anew begins with its new address: Chromium may go on with the old one where it is under
    // way, and Back would lead to it where it has come.
    const parent = attribute === "src" && element.parentNode, behind = element.nextSibling;
    if (parent) element.remove();
    if (next === null) element.removeAttribute(attribute);
    else element.setAttribute(attribute, next);
    if (parent) parent.insertBefore(element, behind);
  }

  function lookAt(element) {
    for (const attribute in PLACES) if (is(element, PLACES[attribute])) look(element, attribute);
  }
  function lookIn(element) {
    if (!(element instanceof Element)) return;
    if (is(element, ALL)) lookAt(element);
    querySelectorAll.call(element, ALL).forEach(lookAt);
  }
  const lookAround = () => lookIn(document.documentElement);

  // A visitor who goes into a frame takes the focus out of the page, and the frame is what is active in it.
  function enter() {
    const { activeElement } = document;
    if (activeElement && activeElement.localName === "iframe") entered.add(activeElement);
  }
  addEventListener("blur", enter);

  document.addEventListener("throughline:change", () => {
    turn += 1;
    lookAround();
  });
  // At once, before a frame that has just come has asked for its address.
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "attributes") lookAt(target);
      else addedNodes.forEach(lookIn);
    }
  }).observe(document, { childList: true, subtree: true, attributeFilter: Object.keys(PLACES) });
  lookAround();
}
