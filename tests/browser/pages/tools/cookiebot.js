// Cookiebot: an object with the answer, and callbacks that repeat on every page load of a returning visitor.
(() => {
  const method = knobs.get("method") || "explicit";
  const tool = (window.Cookiebot = { hasResponse: false, consented: false, declined: false, consent: {} });
  function read() {
    const kept = keptCookie("CookieConsent");
    const isGranted = /marketing:true/.test(kept);
    Object.assign(tool, { hasResponse: kept !== null, consented: isGranted, declined: kept !== null && !isGranted });
    tool.consent = { necessary: true, preferences: false, statistics: false, method: kept ? method : null };
    // Some versions leave a category out that the site does not use.
    if (!knobs.has("without-marketing")) tool.consent.marketing = isGranted;
    if (kept) fire(window, isGranted ? "CookiebotOnAccept" : "CookiebotOnDecline");
    fire(window, "CookiebotOnConsentReady");
  }
  window.tool.keep = (isGranted) =>
    keepCookie("CookieConsent", `{stamp:'x',necessary:true,marketing:${isGranted},method:'${method}',ver:1}`);
  window.tool.lose = () => loseCookie("CookieConsent");
  window.tool.choose = (isGranted) => {
    window.tool.keep(isGranted);
    read();
  };
  read();
  fire(window, "CookiebotOnLoad");
})();
