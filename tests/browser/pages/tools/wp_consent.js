// WP Consent API: fail-open without a consent type (`type=none`); its event carries one category as a key of an array.
(() => {
  window.consent_api = { consent_type: "", waitfor_consent_hook: knobs.has("waits"), cookie_prefix: "wp_consent" };
  const type = knobs.get("type") || "optin";
  const kept = (category) => keptCookie(`wp_consent_${category}`);
  window.wp_has_consent = (category) => {
    if (!window.wp_consent_type) return true;
    if (kept(category) === null) return wp_consent_type.includes("optout");
    return kept(category) === "allow";
  };
  function set(category, value) {
    if (kept(category) === value) return; // no event when nothing changed
    keepCookie(`wp_consent_${category}`, value);
    const changed = [];
    changed[category] = value;
    fire(document, "wp_listen_for_consent_change", changed);
  }
  tool.keep = (isGranted) => keepCookie("wp_consent_marketing", isGranted ? "allow" : "deny");
  tool.lose = () => loseCookie("wp_consent_marketing");
  tool.choose = (isGranted) => set("marketing", isGranted ? "allow" : "deny");
  tool.chooseStatistics = () => set("statistics", "allow");
  tool.start = () => {
    window.wp_consent_type = type === "none" ? "optin" : type;
    fire(document, "wp_consent_type_defined");
  };
  if (type !== "none" && !knobs.has("waits")) tool.start();
})();
