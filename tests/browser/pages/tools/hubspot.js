// HubSpot: one queue; a listener hears the state as it is known and every change. `informs`: a banner that asks nothing.
(() => {
  const kept = () => keptCookie("__hs_cookie_cat_pref");
  const listeners = [];
  function state() {
    if (!kept()) return knobs.has("informs") ? { allowed: true } : null;
    const advertisement = kept().includes("2:true");
    return { allowed: advertisement, categories: { analytics: false, advertisement, functionality: false } };
  }
  function take([name, hear]) {
    if (name !== "addPrivacyConsentListener") return;
    listeners.push(hear);
    if (state()) hear(state());
  }
  tool.keep = (isGranted) => keepCookie("__hs_cookie_cat_pref", `1:false,2:${isGranted},3:false`);
  tool.lose = () => loseCookie("__hs_cookie_cat_pref");
  tool.choose = (isGranted) => {
    tool.keep(isGranted);
    listeners.forEach((hear) => hear(state()));
  };
  const queued = window._hsp || [];
  window._hsp = { push: take };
  queued.forEach(take);
})();
