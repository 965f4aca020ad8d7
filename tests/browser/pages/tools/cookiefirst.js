// CookieFirst: null until somebody chose; every change after the first reloads the page (`reloads`).
(() => {
  const kept = () => JSON.parse(keptCookie("cookiefirst-consent") || "null");
  window.CookieFirst = { consent: kept() };
  tool.keep = (isGranted) =>
    keepCookie("cookiefirst-consent", JSON.stringify({ necessary: true, performance: false, advertising: isGranted }));
  tool.lose = () => loseCookie("cookiefirst-consent");
  tool.choose = (isGranted) => {
    const isChange = CookieFirst.consent !== null;
    tool.keep(isGranted);
    CookieFirst.consent = kept();
    fire(window, "cf_consent", CookieFirst.consent);
    if (isChange && knobs.has("reloads")) location.reload();
  };
  fire(window, "cf_init");
})();
