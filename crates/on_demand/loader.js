// What the page script imports when a page needs more than a landing page does.
import start from "./engine_chosen.js";

const started = (tag) => start(tag.script.getAttribute("data-engine"));

// Attributes of the tag, as the module reads them.
const attributesOf = (tag) =>
  Array.from(tag.script.attributes, (attribute) => attribute.name + "=" + attribute.value).join("\0");

// The consent tools that were found: one adapter was fetched for each.
const tools = () =>
  performance
    .getEntriesByType("resource")
    .map((entry) => (/\/consent-\w+\/(?!tools\.js)(\w+)\.js$/.exec(entry.name) || [])[1])
    .filter(Boolean)
    .join(", ");

// The sentences of `throughline.explain()`; `state` is what the module says of its page view.
export const explain = async (tag, state) =>
  (await started(tag)).sentences(state, attributesOf(tag), tag.loaded, tools(), "");
