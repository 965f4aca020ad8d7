// The real vanilla-cookieconsent, which by default shows itself to nobody whom a driver drives (`shown` turns that off).
const settings = {
  cookie: { secure: false },
  categories: { necessary: { enabled: true, readOnly: true }, marketing: {} },
  language: {
    default: "en",
    translations: { en: { consentModal: { title: "Marketing?" }, preferencesModal: { sections: [] } } },
  },
};
if (knobs.has("shown")) settings.hideFromBots = false;
const library = document.createElement("script");
library.src = "/packages/vanilla-cookieconsent/dist/cookieconsent.umd.js";
library.onload = () => CookieConsent.run(settings);
document.head.append(library);
tool.lose = () => loseCookie("cc_cookie");
tool.choose = (isGranted) => CookieConsent.acceptCategory(isGranted ? "all" : []);
