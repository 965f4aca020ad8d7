// Borlabs Cookie 3: a cookie with the services of each group that somebody agreed to.
(() => {
  const kept = () => JSON.parse(keptCookie("borlabs-cookie") || '{"consents":{}}');
  let consents = kept().consents;
  window.BorlabsCookie = {
    Consents: { hasConsentForServiceGroup: (group) => (consents[group] || []).length > 0 },
  };
  tool.keep = (isGranted) => {
    const groups = { essential: ["borlabs-cookie"], ...(isGranted ? { marketing: ["google-ads"] } : {}) };
    keepCookie("borlabs-cookie", JSON.stringify({ consents: groups, uid: "x", v3: true, version: 1 }));
  };
  tool.lose = () => loseCookie("borlabs-cookie");
  tool.choose = (isGranted) => {
    tool.keep(isGranted);
    consents = kept().consents;
    fire(window, "borlabs-cookie-consent-saved");
  };
})();
