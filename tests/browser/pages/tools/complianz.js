// Complianz: says yes to bots (`bot`) and where visitors may opt out (`model=opt-out`); reloads after a withdrawal.
(() => {
  const kept = () => keptCookie("cmplz_marketing");
  window.complianz = { prefix: "cmplz_", consenttype: knobs.get("model") === "opt-out" ? "optout" : "optin" };
  window.cmplz_has_consent = (category) => {
    if (knobs.has("bot")) return true;
    if (category === "marketing" && kept() === null) return complianz.consenttype === "optout";
    return category === "marketing" ? kept() === "allow" : true;
  };
  tool.keep = (isGranted) => {
    keepCookie("cmplz_banner-status", "dismissed");
    keepCookie("cmplz_marketing", isGranted ? "allow" : "deny");
  };
  tool.lose = () => {
    loseCookie("cmplz_banner-status");
    loseCookie("cmplz_marketing");
  };
  tool.choose = (isGranted) => {
    const wasGranted = kept() === "allow";
    tool.keep(isGranted);
    fire(document, "cmplz_status_change", { category: "marketing", value: isGranted ? "allow" : "deny" });
    fire(document, isGranted ? "cmplz_fire_categories" : "cmplz_revoke", { categories: [], region: "eu" });
    if (wasGranted && !isGranted && knobs.has("reloads")) location.reload();
  };
  fire(document, "wp_consent_type_defined");
  fire(document, "cmplz_fire_categories", { categories: kept() === "allow" ? ["marketing"] : [], region: "eu" });
})();
