// CookieScript: a state with an action and categories; the cookie holds the categories as the text of a list.
(() => {
  const kept = () => JSON.parse(keptCookie("CookieScriptConsent") || "{}");
  let state = read();
  function read() {
    const { action, categories } = kept();
    return action ? { action, categories: JSON.parse(categories) } : { categories: [] };
  }
  window.CookieScript = { instance: { currentState: () => state } };
  tool.keep = (isGranted) => {
    const categories = JSON.stringify(isGranted ? ["strict", "targeting"] : []);
    keepCookie("CookieScriptConsent", JSON.stringify({ action: isGranted ? "accept" : "reject", categories }));
  };
  tool.lose = () => loseCookie("CookieScriptConsent");
  tool.choose = (isGranted) => {
    tool.keep(isGranted);
    state = read();
    fire(window, isGranted ? "CookieScriptAccept" : "CookieScriptReject", state);
  };
  fire(window, "CookieScriptLoaded");
})();
