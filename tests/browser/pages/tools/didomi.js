// Didomi: two lists that the page may have made before the SDK; a purpose that nobody decided is `enabled: false`.
(() => {
  const id = knobs.get("category");
  const kept = () => keptCookie("didomi_token");
  const read = () => (kept() ? JSON.parse(atob(kept())).purposes.enabled.includes(id) : undefined);
  let answer = read();
  window.Didomi = {
    isConsentRequired: () => knobs.get("regulation") !== "none",
    shouldUserStatusBeCollected: () => answer === undefined && Didomi.isConsentRequired(),
    getCurrentUserStatus: () => ({
      regulation: knobs.get("regulation") || "gdpr",
      purposes: { [id]: { id, enabled: answer === undefined ? !Didomi.isConsentRequired() : answer } },
    }),
    on: (event, listener) => listeners.push({ event, listener }),
  };
  const listeners = [...(window.didomiEventListeners || [])];
  window.didomiEventListeners = { push: (listener) => listeners.push(listener) };
  tool.keep = (isGranted) => {
    const [enabled, disabled] = isGranted ? [[id], []] : [[], [id]];
    keepCookie("didomi_token", btoa(JSON.stringify({ user_id: "x", purposes: { enabled, disabled } })));
  };
  tool.lose = () => loseCookie("didomi_token");
  tool.choose = (isGranted) => {
    tool.keep(isGranted);
    answer = isGranted;
    listeners.filter(({ event }) => event === "consent.changed").forEach(({ listener }) => listener({}));
  };
  const ready = window.didomiOnReady || [];
  window.didomiOnReady = { push: (hear) => hear(Didomi) };
  ready.forEach((hear) => hear(Didomi));
})();
