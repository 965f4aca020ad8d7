// consentmanager.net: one function with commands. It speaks TCF too, which other tests hear.
(() => {
  const purpose = knobs.get("category");
  let consents = JSON.parse(localStorage.getItem("__cmpconsents") || "null");
  const listeners = [];
  window.__cmp = (command, argument) => {
    if (command === "consentStatus") return { userChoiceExists: consents !== null };
    if (command === "getCMPData") return { purposeConsents: consents || {} };
    if (command === "addEventListener" && argument[0] === "consent") listeners.push(argument[1]);
  };
  tool.lose = () => localStorage.removeItem("__cmpconsents");
  tool.choose = (isGranted) => {
    consents = { [purpose]: isGranted };
    localStorage.setItem("__cmpconsents", JSON.stringify(consents));
    listeners.forEach((hear) => hear("consent"));
  };
})();
