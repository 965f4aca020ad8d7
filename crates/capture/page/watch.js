// The moments at which something may have changed: the page, its address, consent, the device.
import { fill, fillAll, RESTORED } from "./fields.js";
import { forgetLeads, submitting } from "./leads.js";
import { watchRoots } from "./roots.js";

export function watch(tag, { moved, reread, trees }) {
  // Firefox puts back what stood in hidden inputs before a reload, as it parses them, when consent may be gone.
  if ("mozInnerScreenX" in globalThis && performance.navigation.type) {
    const blank = () => fill(document, RESTORED);
    addEventListener("DOMContentLoaded", blank);
    blank();
  }
  const move = () => moved(location.href, Date.now());
  watchRoots((form) => {
    tag.reread();
    move();
    submitting(tag, form);
  }, move, trees);
  function pass() {
    move();
    fillAll();
  }
  for (const name of ["popstate", "hashchange", "load"]) addEventListener(name, pass);
  // A page that comes back from the back-forward cache, and a tab that comes to the front, hold what was true before.
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      forgetLeads();
      reread();
    }
    pass();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) reread();
  });
  addEventListener("storage", (event) => {
    if (!event.key || event.key === "throughline") reread();
  });
}
