// The moments at which something may have changed: the page, its address, consent, the device.
import { fill, RESTORED } from "./fields.js";
import { submitting } from "./leads.js";

export function watch(tag, { moved, reread }) {
  // Firefox puts back what stood in hidden inputs before a reload, as it parses them, when consent may be gone.
  if ("mozInnerScreenX" in globalThis && performance.navigation.type) {
    const blank = () => fill(document, RESTORED);
    addEventListener("DOMContentLoaded", blank);
    blank();
  }

  let isDue;
  function pass() {
    isDue = 0;
    moved(location.href, Date.now());
    fill(document);
  }
  // Fields may come late. One pass per frame is enough, however often the page changes. The observer stands on the
  // document, because some routers replace the body.
  new MutationObserver(() => {
    isDue = isDue || requestAnimationFrame(pass);
  }).observe(document, { childList: true, subtree: true });
  for (const name of ["popstate", "hashchange"]) addEventListener(name, pass);

  // A page that comes back from the back-forward cache, and a tab that comes to the front, hold what was true before.
  addEventListener("pageshow", (event) => {
    if (event.persisted) reread();
    pass();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) reread();
  });
  addEventListener("storage", (event) => {
    if (!event.key || event.key === "throughline") reread();
  });
  addEventListener("submit", (event) => {
    tag.reread();
    pass();
    submitting(tag, event.target);
  }, true);
}
