// A TCF interface that the test drives by `tool.tell(tcData)`. Where the law does not apply, only these four are there.
(() => {
  const listeners = [];
  let current = { gdprApplies: false, tcfPolicyVersion: 4, cmpId: 31, cmpVersion: 1, eventStatus: "useractioncomplete" };
  window.__tcfapi = (command, version, hear) => {
    if (command === "ping") return hear({ gdprApplies: current.gdprApplies, cmpLoaded: true, cmpStatus: "loaded" });
    if (command !== "addEventListener") return hear(null, false);
    listeners.push(hear);
    hear({ ...current, listenerId: listeners.length - 1 }, true);
  };
  tool.tell = (data) => {
    current = data;
    listeners.forEach((hear, listenerId) => hear({ ...current, listenerId }, true));
  };
  tool.choose = (isGranted) => {
    const all = Object.fromEntries(Array.from({ length: 11 }, (_, purpose) => [purpose + 1, isGranted]));
    const vendor = { consents: { 755: isGranted }, legitimateInterests: {} };
    const purpose = { consents: all, legitimateInterests: {} };
    tool.tell({ gdprApplies: true, eventStatus: "useractioncomplete", cmpStatus: "loaded", purpose, vendor });
  };
})();
