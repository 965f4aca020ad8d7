// Termly: a state that is null before it is known, and in some versions a promise (`promises`).
(() => {
  let state = JSON.parse(localStorage.getItem("TERMLY_API_CACHE") || "null");
  const listeners = [];
  window.Termly = {
    getConsentState: () => (knobs.has("promises") ? Promise.resolve(state) : state),
    on: (name, hear) => listeners.push({ name, hear }),
  };
  tool.lose = () => localStorage.removeItem("TERMLY_API_CACHE");
  tool.choose = (isGranted) => {
    state = { essential: true, advertising: isGranted };
    localStorage.setItem("TERMLY_API_CACHE", JSON.stringify(state));
    fire(document, "termlyConsent", state);
    listeners.filter(({ name }) => name === "consent").forEach(({ hear }) => hear({ consentState: state }));
  };
})();
