// TrustArc: decisions are levels with a source, read from the cookie at every call; changes are told by messages.
(() => {
  const kept = () => keptCookie("notice_gdpr_prefs");
  const levels = () => (kept() ? kept().split(",").map((level) => Number(level) + 1) : []);
  const all = knobs.get("model") === "opt-out";
  window.PrivacyManagerAPI = {
    callApi(name, host, a, b, type) {
      if (name === "getConsent") {
        const isApproved = type === "advertising" && (kept() ? levels().includes(3) : all);
        return { consent: isApproved ? "approved" : "denied" };
      }
      if (!kept()) return { consentDecision: all ? [1, 2, 3] : [0], source: "implied" };
      return { consentDecision: levels(), source: "asserted" };
    },
  };
  function tell() {
    // A message of the same window; the real one is sent by the dialog's frame, which ends the same way.
    const data = JSON.stringify({ PrivacyManagerAPI: { action: "getConsentDecision", capabilities: [] } });
    window.dispatchEvent(new MessageEvent("message", { data, source: window }));
  }
  tool.keep = (isGranted) => keepCookie("notice_gdpr_prefs", isGranted ? "0,1,2" : "0");
  tool.lose = () => loseCookie("notice_gdpr_prefs");
  tool.choose = (isGranted) => {
    tool.keep(isGranted);
    tell();
  };
})();
