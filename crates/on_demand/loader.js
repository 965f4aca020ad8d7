// What the page script imports when a page needs more than a landing page does. Each function gets the page's `host`:
// what the tag noted, its settings as the module reads them, the module's state, and a way to join the touches of a record.
import start from "./engine_chosen.js";
import { decorate } from "./links.js";
import { enter } from "./trees.js";

export { queue } from "./queue.js";

const started = (tag) => start(tag.script.getAttribute("data-engine"));

// The consent tools that were found: one adapter was fetched for each.
const tools = () =>
  performance
    .getEntriesByType("resource")
    .map((entry) => (/\/consent-\w+\/(?!tools\.js)(\w+)\.js$/.exec(entry.name) || [])[1])
    .filter(Boolean)
    .join(", ");

// The sentences of `throughline.explain()`.
export async function explain({ tag, settings, state }) {
  const part = await started(tag);
  return part.sentences(state(), settings, tag.loaded, tools());
}

// Clicks in the platforms' cookies are looked for once in each grant.
let isLookedFor = false;
document.addEventListener("throughline:change", (event) => {
  if (event.detail.consent !== "granted") isLookedFor = false;
});

export async function clicks({ tag, state, join }) {
  if (isLookedFor) return;
  isLookedFor = true;
  const record = (await started(tag)).clicks(state());
  if (record) join(record);
}

// The hashes of who sends a form, where the site asks for them: `tag.user(form)` from the moment on at which the part is there.
let isFetched = false;
export async function userData(host) {
  if (isFetched) return;
  isFetched = true;
  const part = await import("./__USER_DATA_JS__");
  host.tag.user = await part.default(host);
}

// Hands visits over to the sites of `data-link-domains`, and takes what one of them has handed over.
export async function link({ tag, state, join }) {
  cleanAddress();
  const domains = tag.script.getAttribute("data-link-domains") || "";
  const part = await started(tag);
  part.open(tag.loaded, tag.referrer, domains);
  function take() {
    const record = part.handed_over(state());
    if (record) join(record);
  }
  document.addEventListener("throughline:change", take);
  take();
  if (domains) decorate((href) => part.linked(state(), href, location.href, domains));
}

// What was handed over does not stay in the address bar, in bookmarks, or in what other scripts report. All else of the
// address stays as it is, and so does the page's own state.
function cleanAddress() {
  const cleaned = location.search.replace(/([?&])_tl=[^&]*(&|$)/g, (_, before, after) => (after ? before : ""));
  if (cleaned === location.search) return;
  try {
    history.replaceState(history.state, "", location.pathname + cleaned + location.hash);
  } catch {
    // A frame without an origin may not.
  }
}

// A file of the adapters for form builders.
const adapter = async (name) => (await import(new URL("__BUILDERS__/" + name + ".js", import.meta.url))).default;

// Builders whose forms are a model that no event of a field reaches, by the global that each brings. The page script
// knows the globals too (`page/builders.js`).
const BUILDERS = { HubSpotFormsV4: "hubspot", MktoForms2: "marketo", Survey: "surveyjs", Formio: "formio" };

export async function builders({ valueOf, sent }) {
  const onChange = (hear) => document.addEventListener("throughline:change", hear);
  for (const name in BUILDERS) {
    const file = BUILDERS[name], builder = window[name];
    // An element of that name is a global too.
    if (!builder || builder instanceof Element || !file) continue;
    BUILDERS[name] = "";
    // Another version may lack what we know.
    adapter(file).then((begin) => begin({ valueOf, sent, onChange })).catch(() => {});
  }
}

// Decorates the embeds that `data-embeds` asks for.
export async function embeds({ tag, settings, state }) {
  const [follow, part] = await Promise.all([adapter("embeds"), started(tag)]);
  follow(tag.script.getAttribute("data-embeds"), (attribute, found, isNamed) =>
    part.embedded(state(), settings, attribute, found, isNamed),
  );
}

// Opens the shadow trees and frames below a root of the page.
export const trees = (_, root, open) => enter(root, open);
