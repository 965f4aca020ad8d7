// iubenda: a cookie after every choice, a refusal too; callbacks in one object of the page's settings. `binary`: one
// answer for everything.
(() => {
  const name = "_iub_cs-12345678";
  const state = (isGranted) =>
    knobs.has("binary")
      ? { timestamp: "x", version: "1", consent: isGranted }
      : { timestamp: "x", version: "1", purposes: { 1: true, 4: false, 5: isGranted } };
  window.siteHeard = 0;
  window._iub = window._iub || [];
  _iub.csConfiguration = { siteId: 1, callback: { onPreferenceExpressed: () => (siteHeard += 1) } };
  _iub.cs = { consent: JSON.parse(keptCookie(name) || "{}") };
  tool.keep = (isGranted) => keepCookie(name, JSON.stringify(state(isGranted)));
  tool.lose = () => loseCookie(name);
  tool.choose = (isGranted) => {
    tool.keep(isGranted);
    _iub.cs.consent = state(isGranted);
    const { onPreferenceExpressed, onPreferenceExpressedOrNotNeeded } = _iub.csConfiguration.callback;
    for (const hear of [onPreferenceExpressed, onPreferenceExpressedOrNotNeeded]) if (hear) hear(_iub.cs.consent);
  };
})();
