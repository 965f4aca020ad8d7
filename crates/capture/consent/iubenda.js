// iubenda (https://www.iubenda.com/en/help/1205). Its cookie exists after a refusal too, so it shows that somebody chose
// and never what. Purpose 5 is marketing; where there are no purposes, one word stands for all. Its callbacks are one
// object of the page's settings, which we lengthen and never replace.
import { cookie, parsed } from "./reading/cookie.js";
import { follow, lookAfterClicks, lookAgain } from "./reading/moments.js";
import { SILENT, reader } from "./reading/reader.js";

const COOKIE = /^_iub_cs-\d+$/;

export default function (tell, site) {
  const purpose = site.category || "5";
  const isGranted = (state) =>
    state.purposes ? state.purposes[purpose] === true : state.consent === true;
  const read = reader(tell, (isAgain) => {
    // The same global serves pages that only show a privacy policy.
    if (!window._iub || !window._iub.cs) return SILENT;
    const state = current();
    const kept = cookie(COOKIE);
    if (!state || kept === null) return;
    return isGranted(state) && (!isAgain || isGranted(parsed(kept)));
  });
  let chained;
  function listen() {
    const settings = window._iub && window._iub.csConfiguration;
    if (settings && settings !== chained) {
      chained = settings;
      settings.callback = settings.callback || {};
      chain(settings.callback, "onPreferenceExpressed", read);
      chain(settings.callback, "onPreferenceExpressedOrNotNeeded", read);
    }
  }
  const reread = follow(read, []);
  lookAgain(read, () => {
    listen();
    return current();
  });
  lookAfterClicks(read);
  return reread;
}

function current() {
  return window._iub && window._iub.cs && window._iub.cs.consent;
}

function chain(callbacks, name, read) {
  const earlier = callbacks[name];
  callbacks[name] = function () {
    try {
      return typeof earlier === "function" ? earlier.apply(this, arguments) : undefined;
    } finally {
      read();
    }
  };
}
