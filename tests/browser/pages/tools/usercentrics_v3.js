// Usercentrics 3: everything by promises; its event names the button and not the state.
(() => {
  const states = { true: "ALL_ACCEPTED", false: "ALL_DENIED", some: "SOME_ACCEPTED" };
  const kept = () => localStorage.getItem("ucData");
  let type = kept() ? "EXPLICIT" : "IMPLICIT", state = kept() || "NO_STATE";
  // While `isSlow`, each reading waits until it is let go, the oldest last.
  const waiting = [];
  tool.letGo = () => waiting.splice(0).reverse().forEach((go) => go());
  window.__ucCmp = {
    isInitialized: async () => true,
    getConsentDetails() {
      const details = { consent: { type }, categories: { marketing: { state } } };
      return new Promise((resolve) => {
        if (tool.isSlow) waiting.push(() => resolve(details));
        else resolve(details);
      });
    },
  };
  function answer(word, button) {
    [type, state] = ["EXPLICIT", states[word]];
    localStorage.setItem("ucData", state);
    fire(window, "UC_UI_CMP_EVENT", { source: "FIRST_LAYER", type: button });
  }
  tool.lose = () => localStorage.removeItem("ucData");
  tool.choose = (isGranted) => answer(isGranted, isGranted ? "ACCEPT_ALL" : "DENY_ALL");
  tool.chooseSome = () => answer("some", "SAVE");
  fire(window, "UC_UI_CMP_EVENT", { source: "NONE", type: "CMP_SHOWN" });
  fire(window, "UC_UI_INITIALIZED");
})();
