// Google Consent Mode, in the two places where it shows. `gtag('consent', …)` leaves an Arguments object in `dataLayer`
// (https://developers.google.com/tag-platform/security/guides/consent). Consent tools that are GTM templates leave nothing
// there (https://developers.google.com/tag-platform/tag-manager/templates/consent-apis); only Google's own state,
// `google_tag_data.ics`, shows them. That state is undocumented, so it is read with care and is never the only source.
import { withGrowingPauses } from "./page/growing_pauses.js";

const TYPES = ["ad_storage", "ad_user_data", "ad_personalization"];

export default function (tell, { region, guarded }) {
  // What was said so far, by type: an update is a choice; a default is what holds until then.
  const updates = {}, resolved = {}, lastSeen = {};
  const defaults = [];
  let layer, ics;

  function answers(of) {
    return TYPES.map(of);
  }

  // A default never counts after an update.
  function tellDefaults() {
    if (Object.keys(updates).length) return;
    const answered = answers((type) => resolved[type] || policy(type));
    if (answered.some(Boolean)) tell("default", ...answered);
  }
  function tellUpdates() {
    const answered = answers((type) => updates[type] || "");
    if (answered.some(Boolean)) tell("explicit", ...answered);
  }

  // The default that holds in the visitor's region: the most exact one that names it. Where the region is not known
  // exactly enough to tell, a refusal counts and a grant does not.
  function policy(type) {
    let found = "", foundRank = -1;
    for (const { said, regions } of defaults) {
      const answer = word(said[type]);
      if (!answer) continue;
      const rank = regions ? Math.max(...regions.map((place) => rankOf(place, answer))) : 0;
      const isSticky = !region && found === "denied" && rank === foundRank;
      if (rank < foundRank || rank < 0 || isSticky) continue;
      found = answer;
      foundRank = rank;
    }
    return found;
  }
  function rankOf(place, answer) {
    if (region === place) return 2;
    if (region && region.startsWith(place + "-")) return 1;
    const mayBe = !region || place.startsWith(region + "-");
    return mayBe && answer === "denied" ? 2 : -1;
  }

  function note(entry) {
    // A plain array is no command for Google either.
    if (Object.prototype.toString.call(entry) !== "[object Arguments]" || entry[0] !== "consent") return;
    const said = entry[2] || {};
    if (entry[1] === "default") {
      defaults.push({ said, regions: Array.isArray(said.region) ? said.region : undefined });
      tellDefaults();
    } else if (entry[1] === "update") {
      for (const type of TYPES) if (word(said[type])) updates[type] = said[type];
      tellUpdates();
    }
  }

  // A page may replace the array, which takes our `push` away without a word, so this is called again and again.
  function attach() {
    const current = window.dataLayer;
    if (!current || current === layer) return;
    layer = current;
    const noteAll = guarded((entries) => Array.prototype.forEach.call(entries, note));
    noteAll(layer);
    const push = layer.push;
    layer.push = function () {
      const result = push.apply(this, arguments);
      noteAll(arguments);
      return result;
    };
  }

  // `entries[type]` holds booleans, already resolved for the region; `quiet` while the tool may still answer. Never
  // `getConsentState(type)`, which throws with one argument.
  function readState() {
    const state = window.google_tag_data && window.google_tag_data.ics;
    if (!state || !state.entries) return;
    let isQuiet;
    for (const type of TYPES) {
      const entry = state.entries[type] || {};
      if (typeof entry.default === "boolean") resolved[type] = entry.default ? "granted" : "denied";
      // Only what has changed is news: the data layer may be ahead of the state.
      if (typeof entry.update === "boolean" && entry.update !== lastSeen[type]) {
        const isConflict = lastSeen[type] === undefined && updates[type] === "denied";
        if (!isConflict) updates[type] = entry.update ? "granted" : "denied";
        lastSeen[type] = entry.update;
      }
      if (entry.quiet && !updates[type]) isQuiet = true;
    }
    if (state !== ics && state.addListener) {
      ics = state;
      state.addListener(TYPES, hear);
    }
    if (isQuiet) tell("asking");
    else tellDefaults();
    tellUpdates();
    return !isQuiet;
  }

  let isFinal;
  function read() {
    attach();
    isFinal = readState();
  }
  const hear = guarded(read);
  read();
  withGrowingPauses(() => (hear(), isFinal));
  return read;
}

function word(answer) {
  return answer === "granted" || answer === "denied" ? answer : "";
}
