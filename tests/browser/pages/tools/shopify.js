// Shopify: `marketingAllowed()` folds the region's rules in (`model=opt-out` allows without a choice).
(() => {
  const kept = () => keptCookie("_tracking_consent");
  let word = kept() || "";
  window.Shopify = {};
  const api = {
    marketingAllowed: () => (word ? word === "yes" : knobs.get("model") === "opt-out"),
    saleOfDataAllowed: () => !knobs.has("no-sale"),
    currentVisitorConsent: () => ({ marketing: word, analytics: "", preferences: "", sale_of_data: "" }),
  };
  tool.lose = () => loseCookie("_tracking_consent");
  tool.choose = (isGranted) => {
    word = isGranted ? "yes" : "no";
    keepCookie("_tracking_consent", word);
    fire(document, "visitorConsentCollected", { marketingAllowed: isGranted, analyticsAllowed: false });
  };
  tool.start = () => {
    Shopify.customerPrivacy = api;
    fire(document, "shopifyCustomerPrivacyApiLoaded");
  };
  tool.start();
})();
