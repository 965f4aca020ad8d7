// Google Consent Mode as a page writes it: every command is an Arguments object in `dataLayer`.
window.dataLayer = window.dataLayer || [];
function gtag() {
  dataLayer.push(arguments);
}
gtag("consent", "default", { analytics_storage: "denied" });
tool.choose = (isGranted) => gtag("consent", "update", { ad_storage: isGranted ? "granted" : "denied" });
