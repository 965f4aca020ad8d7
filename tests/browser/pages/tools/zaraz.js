// Cloudflare Zaraz: purposes with ids of the site's own, undefined until somebody chose.
(() => {
  const purpose = knobs.get("category");
  const kept = () => JSON.parse(keptCookie("zaraz-consent") || "{}");
  let answers = kept();
  window.zaraz = { consent: { APIReady: false, get: (id) => answers[id], getAll: () => answers } };
  tool.keep = (isGranted) => keepCookie("zaraz-consent", JSON.stringify({ [purpose]: isGranted }));
  tool.lose = () => loseCookie("zaraz-consent");
  tool.choose = (isGranted) => {
    tool.keep(isGranted);
    answers = kept();
    fire(document, "zarazConsentChoicesUpdated");
  };
  zaraz.consent.APIReady = true;
  fire(document, "zarazConsentAPIReady");
})();
