// The visitor's record as objects: what `get()` answers and a lead carries. The module tells it as text, because writing
// JSON costs it four times as much as reading costs here. How a touch is written, says `visit_record.rs`.
import { states } from "./ask.js";
import { time } from "./page.js";

// As the module encodes texts (https://url.spec.whatwg.org/#urlencoded-parsing).
const decoded = (text) => new URLSearchParams("=" + text).get("");

function touchOf(line, ids, utms) {
  const [at, landing, referrer, pairs, from] = line.split("!");
  const touch = { at: time(parseInt(at, 36)), landing: decoded(landing), referrer: decoded(referrer), ids: {}, utm: {}, params: {} };
  for (const [name, value] of new URLSearchParams(pairs)) {
    touch[ids.includes(name) ? "ids" : utms.includes(name) ? "utm" : "params"][name] = value;
  }
  // What a platform's cookie told says which one, and `_fbc` what stood in it.
  if (from) [touch.cookie, touch.fbc] = from.split("=");
  return touch;
}

// `null` before a grant.
export function record() {
  const [name, source, basis, text, ad_user_data, ad_personalization, places, ids, utms, script, page] = states();
  if (!utms) return null;
  // An answer that was never given is left out of JSON, as everything that is not defined.
  const consent = { ad_storage: name, ad_user_data: ad_user_data || undefined, ad_personalization: ad_personalization || undefined };
  const [observed, ...at] = places.split(",");
  const touches = text.split("|").slice(1).map((line) => touchOf(line, ids.split(","), utms.split(",")));
  const newest = {};
  while (at.length) newest[at.shift()] = touches[at.shift()];
  return { touches, newest, consent: { ...consent, source, basis, observed_at: time(+observed) }, script, page };
}
