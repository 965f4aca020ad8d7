// The real Klaro, whose toggles change its object before anything is saved.
window.klaroConfig = {
  version: 1,
  storageMethod: "cookie",
  cookieName: "klaro",
  translations: { zz: { privacyPolicyUrl: "/" } },
  services: [{ name: "google-ads", title: "Ads", purposes: ["marketing"] }],
};
add("/packages/klaro/dist/klaro-no-css.js", { "data-config": "klaroConfig" });
tool.lose = () => loseCookie("klaro");
tool.toggle = (isGranted) => klaro.getManager().updateConsent("google-ads", isGranted);
tool.choose = (isGranted) => {
  tool.toggle(isGranted);
  klaro.getManager().saveAndApplyConsents();
};
