// OneTrust: a list of active groups, which holds opt-out defaults before any choice (`model=opt-out`).
(() => {
  const model = knobs.get("model") || "opt-in";
  const group = knobs.get("category") || "C0004";
  const heard = [];
  window.siteHeard = 0;
  window.OptanonWrapper = () => (siteHeard += 1);
  let isClosed = keptCookie("OptanonAlertBoxClosed") !== null;
  function activate(isGranted) {
    window.OnetrustActiveGroups = window.OptanonActiveGroups = isGranted ? `,C0001,${group},` : ",C0001,";
  }
  function announce() {
    heard.forEach((hear) => hear({ detail: [] }));
    fire(window, "consent.onetrust", OnetrustActiveGroups.split(","));
    fire(window, "OneTrustGroupsUpdated", OnetrustActiveGroups.split(","));
    if (typeof window.OptanonWrapper === "function") OptanonWrapper();
  }
  window.OneTrust = {
    IsAlertBoxClosed() {
      if (knobs.has("broken")) throw new Error("not initialised");
      return isClosed;
    },
    GetDomainData: () => ({ ShowAlertNotice: !knobs.has("no-notice"), ConsentModel: { Name: model } }),
    OnConsentChanged: (hear) => heard.push(hear),
  };
  tool.keep = (isGranted) => {
    keepCookie("OptanonConsent", `isGpcEnabled=0&groups=C0001:1,${group}:${isGranted ? 1 : 0}&AwaitingReconsent=false`);
    keepCookie("OptanonAlertBoxClosed", "2026-11-23T10:00:00.000Z");
  };
  tool.lose = () => {
    loseCookie("OptanonConsent");
    loseCookie("OptanonAlertBoxClosed");
  };
  tool.choose = (isGranted) => {
    isClosed = true;
    tool.keep(isGranted);
    activate(isGranted);
    announce();
    fire(window, "OTConsentApplied");
  };
  activate(isClosed ? keptCookie("OptanonConsent").includes(`${group}:1`) : model !== "opt-in");
  announce();
})();
