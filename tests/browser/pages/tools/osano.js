// Osano: a queue before it, an object after it. A toggle that is not saved announces itself, and shows in getConsent().
(() => {
  const kept = () => JSON.parse(localStorage.getItem("osano_consentmanager") || "null");
  const undecided = { ESSENTIAL: "ACCEPT", MARKETING: knobs.get("model") === "opt-out" ? "ACCEPT" : "DENY" };
  let consent = kept() || undecided;
  const listeners = [];
  const announce = (name, detail) => listeners.filter((it) => it.name === name).forEach((it) => it.hear(detail));
  const queued = (window.Osano && window.Osano.data) || [];
  window.Osano = (event, hear) => hear(kept() || undefined);
  window.Osano.cm = {
    getConsent: () => ({ ...consent }),
    addEventListener(name, hear) {
      if (knobs.has("broken")) throw new Error("not initialised");
      listeners.push({ name, hear });
      if (name === "osano-cm-initialized") hear(kept() || undefined); // it has happened
    },
  };
  tool.lose = () => localStorage.removeItem("osano_consentmanager");
  tool.choose = (isGranted) => {
    consent = { ESSENTIAL: "ACCEPT", MARKETING: isGranted ? "ACCEPT" : "DENY" };
    localStorage.setItem("osano_consentmanager", JSON.stringify(consent));
    announce("osano-cm-consent-saved", { ...consent });
  };
  tool.toggle = (isGranted) => {
    consent = { ...consent, MARKETING: isGranted ? "ACCEPT" : "DENY" };
    announce("osano-cm-consent-changed", { MARKETING: consent.MARKETING });
  };
  queued.forEach(([event, hear]) => window.Osano(event, hear));
})();
