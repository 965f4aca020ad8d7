// The trees that a page is made of: the document, every open shadow tree, and every frame of the same origin. Events and
// observers do not cross from one to another, so each is looked at by itself.
import { complete, fill, isOurs, PASSING, touch } from "./fields.js";
import { renew } from "./leads.js";
import { attempt } from "./page.js";

const roots = new Set();
export function eachRoot(work) {
  for (const root of roots) {
    // A frame that is gone has no window any more.
    if (root.defaultView || (root.host && root.isConnected)) work(root);
    else roots.delete(root);
  }
}

let sending, observer;

// Begins with the document. `submitting` hears of forms as they leave, `moved` of everything that changes.
export function watchRoots(submitting, moved) {
  sending = submitting;
  observer = new MutationObserver((records) => {
    moved();
    for (const { type, target, addedNodes } of records) {
      if (type === "attributes" && !isOurs(target)) fill(target, PASSING, true);
      for (const node of addedNodes) if (node.nodeType === 1) look(node);
    }
  });
  open(document);
}

function open(root) {
  if (roots.has(root)) return;
  roots.add(root);
  observer.observe(root, {
    childList: true,
    subtree: true,
    attributeFilter: ["value", "type", "name", "id", "class"],
  });
  const hear = (name, work) => (root === document ? globalThis : root).addEventListener(name, (event) => attempt(() => work(event)), true);
  hear("submit", ({ target }) => sending(target));
  hear("formdata", complete);
  // A reset takes out what we wrote, when everybody has heard of it.
  hear("reset", ({ target }) => {
    renew(target);
    setTimeout(fill, 0, target);
  });
  for (const name of ["input", "change"]) hear(name, touch);
  // A frame begins with a document that the one it loads replaces.
  hear("load", ({ target }) => inside(target));
  // A form that a script sends tells nobody of it.
  const view = root.defaultView;
  if (view) {
    const { prototype } = view.HTMLFormElement, { submit } = prototype;
    prototype.submit = function () {
      attempt(() => sending(this));
      submit.call(this);
    };
  }
  look(root);
}

function look(root) {
  fill(root);
  inside(root);
  walk(root.querySelectorAll("*"), 0);
}

// A page may have tens of thousands of elements, and nothing else runs meanwhile.
const SLICE_MS = 4;
function walk(list, place) {
  const end = performance.now() + SLICE_MS;
  while (place < list.length) {
    inside(list[place++]);
    if (performance.now() > end) return setTimeout(walk, 0, list, place);
  }
}

function inside(element) {
  if (element.shadowRoot) open(element.shadowRoot);
  const name = element.localName;
  if (name === "iframe") {
    const { contentDocument } = element;
    if (contentDocument) open(contentDocument);
  } else if (/-/.test(name) && !customElements.get(name)) {
    // A tree that comes with the element's class changes nothing that an observer sees.
    customElements.whenDefined(name).then(() => inside(element), () => {});
  }
}
