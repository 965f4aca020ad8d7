// Finds the consent tools of the page and fetches one adapter for each, so that a page pays only for the tools it has.
//
// An adapter is `<source>.js` in the folder of adapters, with one function, `adapter(tell, site)`: it reads, listens, reads once more, and returns
// what reads anew from fresh sources. `tell(kind, ad_storage, ad_user_data, ad_personalization)`; one answer stands for
// all three. `site.guarded(listener)` wraps whatever the tool will call later. What throws, at once or in a promise, is
// told as `silent`, and the adapter is started again when the page is looked at next. An adapter that `data-consent-source`
// names is started before its tool is there, and its reading is called when the tool comes.

// By what each tool is known: a global, with a part of it where names clash or a mere element may have them. The source's
// name stands before a colon, where the global is not the very same name in other letters. Cookiebot's object goes by the
// name of `vanilla_cookieconsent` too.
const CLUES = {};
const TOOLS = `consent_mode:dataLayer google_tag_data
tcf:__tcfapi
gpp:__gpp
wp_consent:wp_has_consent
Cookiebot
OneTrust
cookieyes:getCkyConsent
usercentrics:UC_UI
usercentrics_v3:__ucCmp
Didomi
complianz:cmplz_has_consent
cookie_notice:hu __hu cnArgs
klaro.getManager
vanilla_cookieconsent:CookieConsent.acceptedCategory
Osano
cookieconsent.initialise
tarteaucitron.init
iubenda:_iub
Termly
trustarc:PrivacyManagerAPI
axeptio:axeptioSDK _axcb
CookieFirst
Shopify.customerPrivacy
hubspot:_hsp
zaraz.consent
cookie_information:CookieInformation
CookieScript
borlabs:BorlabsCookie
consentmanager:__cmp`;
for (const tool of TOOLS.split("\n")) CLUES[/\w+/.exec(tool)[0].toLowerCase()] = tool.replace(/^\w+:/, "").split(" ");

function stands(clue) {
  try {
    // The IAB's two interfaces are reached from within a frame through a window around it; the adapter asks there.
    return clue.split(".").reduce((thing, part) => thing[part], globalThis) || (/^__(tcf|g)/.test(clue) && globalThis !== parent);
  } catch {
    // The first part is not there, or it is a getter of the page's own.
  }
}

// Tools come late. A pause that grows by a tenth from 50 ms to a second makes ten seconds in all.
const PAUSE_MS_FIRST = 50;
const PAUSE_MS_MAX = 1000;

export default function (tell, adapters, { consentSource: pinned, consentCategory: category, region }) {
  const found = {}, rereads = {};
  let timer;

  function start(source) {
    const say = (kind, a = "", b = a, c = a) => tell(source, kind, a, b, c);
    const guarded = (work) => async (...given) => {
      try {
        return await work(...given);
      } catch {
        say("silent");
      }
    };
    const file = adapters + source + ".js";
    // While the file is on its way there is nothing to call; a file that never comes is asked for only once.
    rereads[source] = () => {};
    guarded(async () => {
      const adapter = await import(file);
      try {
        rereads[source] = guarded(await adapter.default(say, { category, region, guarded }));
      } catch {
        rereads[source] = say("silent");
      }
    })();
  }

  function look() {
    for (const source in CLUES) {
      const isNew = !found[source];
      if (isNew && !CLUES[source].some(stands)) continue;
      found[source] = 1;
      if (!rereads[source]) start(source);
      else if (isNew) rereads[source]();
    }
  }

  function search(pause_ms) {
    clearTimeout(timer);
    if (pause_ms < PAUSE_MS_MAX) timer = setTimeout(search, pause_ms, pause_ms * 1.1);
    look();
  }

  if (CLUES[pinned]) start(pinned);
  for (const name of ["DOMContentLoaded", "load", "pageshow"]) addEventListener(name, () => search(PAUSE_MS_FIRST));
  search(PAUSE_MS_FIRST);
  function reread() {
    look();
    for (const source in rereads) if (rereads[source]) rereads[source]();
  }
  // Word of another tab may come before its cookies do, where each tab is a process of its own (seen in WebKit).
  return () => {
    reread();
    setTimeout(reread, 1000);
  };
}
