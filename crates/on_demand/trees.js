// The other trees of a page: open shadow trees, and frames of the same origin. Events and observers do not cross from one
// to another, so each is looked at by itself, as the document is (`capture/page/roots.js`).

// A page may have tens of thousands of elements, and nothing else runs meanwhile.
const SLICE_MS = 4;

const heard = new WeakSet();

// Opens every tree below a root of the page or an element of it.
export function enter(root, open) {
  // A frame begins with a document that the one it loads replaces.
  if (!heard.has(root)) {
    heard.add(root);
    root.addEventListener("load", ({ target }) => inside(target, open), true);
  }
  inside(root, open);
  walk(root.querySelectorAll("*"), 0, open);
}

function walk(list, place, open) {
  const end = performance.now() + SLICE_MS;
  while (place < list.length) {
    inside(list[place++], open);
    if (performance.now() > end) {
      setTimeout(walk, 0, list, place, open);
      return;
    }
  }
}

function inside(element, open) {
  const { shadowRoot, localName: name } = element;
  if (shadowRoot) open(shadowRoot);
  if (name === "iframe") {
    // A frame of another origin has none.
    const { contentDocument } = element;
    if (contentDocument) open(contentDocument);
  } else if (/-/.test(name) && !customElements.get(name)) {
    // A tree that comes with the element's class changes nothing that an observer sees. Some names with a dash are none of
    // a class, such as MathML's.
    customElements.whenDefined(name).then(() => inside(element, open), () => {});
  }
}
