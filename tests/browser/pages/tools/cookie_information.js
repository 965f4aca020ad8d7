// Cookie Information: a cookie with two lists, both empty before a choice; one event, at every load with a choice.
(() => {
  const name = "CookieInformationConsent", category = "cookie_cat_marketing";
  const kept = () => JSON.parse(keptCookie(name) || '{"consents_approved":[],"consents_denied":[]}');
  let lists = kept();
  window.CookieInformation = {
    getConsentGivenFor: (asked) => lists.consents_approved.includes(asked),
  };
  tool.keep = (isGranted) => {
    const [approved, denied] = isGranted ? [[category], []] : [[], [category]];
    const state = { consents_approved: ["cookie_cat_necessary", ...approved], consents_denied: denied };
    keepCookie(name, JSON.stringify(state));
  };
  tool.lose = () => loseCookie(name);
  tool.choose = (isGranted) => {
    tool.keep(isGranted);
    lists = kept();
    fire(window, "CookieInformationConsentGiven");
  };
  if (lists.consents_approved.length) fire(window, "CookieInformationConsentGiven");
  else keepCookie(name, JSON.stringify(lists));
})();
