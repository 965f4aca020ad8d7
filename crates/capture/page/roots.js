// The trees that a page is made of: the document, every open shadow tree, and every frame of the same origin. Most pages have
// the first alone; the others are found by a part that loads where one of them is (`on_demand/trees.js`).
import { complete, fill, isOurs, PASSING, touch } from "./fields.js";
import { renew } from "./leads.js";
import { attempt, walk } from "./page.js";

const roots = new Set();
export function eachRoot(work) {
  for (const root of roots) {
    // A frame that is gone has no window any more.
    if (root.defaultView || (root.host && root.isConnected)) work(root);
    else roots.delete(root);
  }
}

let sending, findTrees, observer;

// Begins with the document. `submitting` hears of forms as they leave, `moved` of everything that changes, `trees` of an
// element that may have trees in it.
export function watchRoots(submitting, moved, trees) {
  sending = submitting;
  findTrees = trees;
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
  const hear = (name, work) =>
    (root === document ? globalThis : root).addEventListener(name, (event) => attempt(() => work(event)), true);
  hear("submit", ({ target }) => sending(target));
  hear("formdata", complete);
  // A reset takes out what we wrote, when everybody has heard of it.
  hear("reset", ({ target }) => {
    renew(target);
    setTimeout(fill, 0, target);
  });
  for (const name of ["input", "change"]) hear(name, touch);
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
  let isFound;
  const seek = ({ shadowRoot, localName }) => {
    if (isFound || !(shadowRoot || localName === "iframe" || /-/.test(localName))) return;
    isFound = true;
    findTrees(root, open);
  };
  seek(root);
  walk(root.querySelectorAll("*"), seek, () => {});
}
