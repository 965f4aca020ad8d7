// Usercentrics 2: services with a history; the Window Event says `null` for a category of mixed answers.
(() => {
  const names = ["Google Ads", "Microsoft Advertising"];
  let services = JSON.parse(localStorage.getItem("uc_settings") || "null");
  function undecided() {
    return names.map((name) => service(name, false, "implicit"));
  }
  function service(name, status, type) {
    return { name, categorySlug: "marketing", consent: { status, history: [{ status, type }] } };
  }
  let isReady = false;
  window.UC_UI = { isInitialized: () => isReady, getServicesBaseInfo: () => services };
  function answer(yes) {
    services = names.map((name, place) => service(name, yes[place], "explicit"));
    localStorage.setItem("uc_settings", JSON.stringify(services));
    const marketing = yes.every(Boolean) ? true : yes.some(Boolean) ? null : false;
    fire(window, "ucEvent", { event: "consent_status", type: "EXPLICIT", ucCategory: { marketing } });
  }
  tool.lose = () => localStorage.removeItem("uc_settings");
  tool.choose = (isGranted) => answer([isGranted, isGranted]);
  tool.chooseSome = () => answer([true, false]);
  tool.start = () => {
    services = services || undecided();
    isReady = true;
    fire(window, "UC_UI_INITIALIZED");
  };
  if (!knobs.has("uninitialised")) tool.start();
})();
