// CookieYes: a function, and an update event with lists of names.
(() => {
  const kept = () => keptCookie("cookieyes-consent");
  const state = { categories: {}, isUserActionCompleted: false };
  function read() {
    state.isUserActionCompleted = /action:yes/.test(kept());
    state.categories = {
      necessary: true,
      analytics: false,
      advertisement: state.isUserActionCompleted ? /advertisement:yes/.test(kept()) : knobs.get("model") === "opt-out",
    };
  }
  window.getCkyConsent = () => JSON.parse(JSON.stringify(state));
  tool.keep = (isGranted) =>
    keepCookie("cookieyes-consent", `consentid:x,consent:yes,action:yes,advertisement:${isGranted ? "yes" : "no"}`);
  tool.lose = () => loseCookie("cookieyes-consent");
  tool.choose = (isGranted) => {
    tool.keep(isGranted);
    read();
    const [accepted, rejected] = isGranted ? [["advertisement"], []] : [[], ["advertisement"]];
    fire(document, "cookieyes_consent_update", { accepted, rejected });
  };
  read();
  fire(document, "cookieyes_banner_load", getCkyConsent());
})();
