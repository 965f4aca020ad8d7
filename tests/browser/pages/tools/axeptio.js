// Axeptio: a queue of callbacks that get the SDK; the event comes also when a stored choice is read.
(() => {
  const vendor = knobs.get("category");
  const kept = () => JSON.parse(keptCookie("axeptio_cookies") || "null");
  const listeners = [];
  const sdk = {
    userPreferencesManager: { choices: kept() || { $$completed: false, [vendor]: false } },
    on(name, hear) {
      listeners.push(hear);
      if (name === "cookies:complete" && kept()) hear(kept());
    },
  };
  tool.keep = (isGranted) =>
    keepCookie("axeptio_cookies", JSON.stringify({ $$token: "x", $$completed: true, [vendor]: isGranted }));
  tool.lose = () => loseCookie("axeptio_cookies");
  tool.choose = (isGranted) => {
    tool.keep(isGranted);
    sdk.userPreferencesManager.choices = kept();
    listeners.forEach((hear) => hear(kept()));
  };
  const queued = window._axcb || [];
  window.axeptioSDK = sdk;
  window._axcb = { push: (hear) => hear(sdk) };
  queued.forEach((hear) => hear(sdk));
})();
