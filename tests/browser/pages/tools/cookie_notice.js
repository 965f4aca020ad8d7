// Cookie Notice by Hu-manity.co: everything stands in one cookie. `basic` is the plugin without its service.
(() => {
  const isBasic = knobs.has("basic");
  const name = isBasic ? "cookie_notice_accepted" : "hu-consent";
  window.hu = {};
  tool.keep = (isGranted) => {
    const categories = { 1: true, 2: false, 3: false, 4: isGranted };
    keepCookie(name, isBasic ? String(isGranted) : JSON.stringify({ consent: true, categories }));
  };
  tool.lose = () => loseCookie(name);
  tool.choose = (isGranted) => {
    tool.keep(isGranted);
    fire(document, isBasic ? "setCookieNotice" : "set-consent.hu", {});
  };
  if (keptCookie(name)) fire(document, "read-consent.hu", {});
})();
