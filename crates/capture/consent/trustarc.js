// TrustArc (https://trustarc.com/). A decision has a source: `asserted` by the visitor, or `implied`. Which level is
// advertising is not documented for everybody, so both the level and the named category must agree before it is a yes.
import { follow, lookAgain, readAround } from "./reading/moments.js";
import { IMPLIED, reader } from "./reading/reader.js";

export default function (tell, site) {
  const level = Number(site.category) || 3;
  const host = location.host;
  const tool = () => typeof Object(window.PrivacyManagerAPI).callApi === "function" && window.PrivacyManagerAPI;
  const read = reader(tell, () => {
    if (!tool()) return;
    const decision = Object(tool().callApi("getGDPRConsentDecision", host));
    const levels = [].concat(decision.consentDecision).map(Number).filter(Boolean);
    if (!levels.length) return;
    const named = Object(tool().callApi("getConsent", host, null, null, "advertising"));
    const isGranted = levels.includes(level) && named.consent === "approved";
    if (decision.source === "asserted") return isGranted;
    return isGranted ? IMPLIED : undefined;
  });
  // Its dialog is a frame that sends messages, and so does every other frame of the page.
  window.addEventListener("message", (event) => {
    if (/PrivacyManagerAPI|submit_preferences/.test(event.data)) readAround(read, event);
  });
  const reread = follow(read, []);
  lookAgain(read, () => {
    if (!tool()) return false;
    // Asks the tool to answer by message, now and after each change.
    const question = { action: "getConsentDecision", timestamp: Date.now(), self: host };
    window.top.postMessage(JSON.stringify({ PrivacyManagerAPI: question }), "*");
    return true;
  });
  return reread;
}
