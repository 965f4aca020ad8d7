// The advertiser's consent tool: vanilla-cookieconsent, telling Google Consent Mode v2. Throughline is not mentioned
// here: its tag listens to the same commands that Google's tag would hear.

window.dataLayer = window.dataLayer || [];

// Consent Mode reads Arguments objects; a plain array in the data layer is not a command
// (https://developers.google.com/tag-platform/security/guides/consent).
function gtag() {
  window.dataLayer.push(arguments);
}

// Everything is denied until the visitor answers. `wait_for_update` tells Google's tags that an answer may follow.
gtag("consent", "default", {
  ad_storage: "denied",
  ad_user_data: "denied",
  ad_personalization: "denied",
  wait_for_update: 500,
});

function tellConsentMode() {
  const answer = CookieConsent.acceptedCategory("marketing") ? "granted" : "denied";
  gtag("consent", "update", { ad_storage: answer, ad_user_data: answer, ad_personalization: answer });
}

function askForConsent() {
  CookieConsent.run({
    // By default the tool shows no banner to automated browsers; a demo that tests itself would then wait for ever.
    hideFromBots: false,
    cookie: { name: "aldervale_consent", path: location.pathname, sameSite: "Lax" },
    guiOptions: {
      consentModal: { layout: "box", position: "bottom left", equalWeightButtons: true },
      preferencesModal: { layout: "box", equalWeightButtons: true },
    },
    categories: { necessary: { enabled: true, readOnly: true }, marketing: {} },
    // `onFirstConsent` runs on the answer, `onConsent` on every page view that finds one, `onChange` when it changes.
    onFirstConsent: tellConsentMode,
    onConsent: tellConsentMode,
    onChange: tellConsentMode,
    language: { default: "en", translations: { en: consentWords } },
  });
}

const consentWords = {
  consentModal: {
    title: "May we remember which ad brought you here?",
    description:
      "It tells us which ads lead to real work. Until you agree we keep nothing, and the quote works either way.",
    acceptAllBtn: "Yes, remember it",
    acceptNecessaryBtn: "No, thank you",
    showPreferencesBtn: "Choose in detail",
  },
  preferencesModal: {
    title: "Cookie settings",
    acceptAllBtn: "Accept all",
    acceptNecessaryBtn: "Only necessary",
    savePreferencesBtn: "Save my choice",
    closeIconLabel: "Close",
    sections: [
      {
        title: "Necessary",
        description: "Remembers your answer to this question. The page needs no other cookie.",
        linkedCategory: "necessary",
      },
      {
        title: "Marketing",
        description:
          "Keeps the ad's click id and campaign on this device, and sends them with your request, so that we learn which ads lead to work.",
        linkedCategory: "marketing",
      },
    ],
  },
};

// The tool is a deferred script, so it has run by the time the document is parsed.
document.addEventListener("DOMContentLoaded", askForConsent);
