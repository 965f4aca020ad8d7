// IAB Transparency and Consent Framework 2.2 and 2.3.
// https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework/blob/master/TCFv2/IAB%20Tech%20Lab%20-%20CMP%20API%20v2.md
import { iabInterface } from "./page/iab_interface.js";
import { keptText } from "./page/kept_text.js";

// Google in the Global Vendor List.
const GOOGLE = 755;
const FINAL = ["tcloaded", "useractioncomplete"];

export default function (tell, { guarded }) {
  const kept = keptText();
  let call, isListening;

  const hear = guarded((data, isSuccess) => {
    // A tool that failed has not said no.
    if (!isSuccess || !data || data.cmpStatus === "error") return tell("silent");
    if (data.gdprApplies === false) return tell("not_required");
    // Still finding out whether the law applies, or the question is on the screen, or Purpose 1 was never shown to the
    // visitor because the publisher's country does not ask for it: no answer that we could keep something by.
    if (data.gdprApplies !== true || !FINAL.includes(data.eventStatus) || data.purposeOneTreatment) return tell("asking");
    kept.follow(data.tcString);
    if (kept.isGone()) return tell("silent");
    const purposes = data.purpose.consents;
    const google = data.vendor.consents[GOOGLE] === true;
    const answer = (...conditions) => (conditions.every((condition) => condition === true) ? "granted" : "denied");
    tell(
      "explicit",
      answer(purposes[1]),
      answer(google, purposes[1], purposes[7]),
      answer(google, purposes[3], purposes[4]),
    );
  });

  function read() {
    call = call || iabInterface("__tcfapi", 2);
    if (!call) return;
    // The listener is told the present state too, though the IAB's own implementation waits for the tool's first word.
    if (!isListening) call("addEventListener", hear);
    // Deprecated, and the only command that answers with the state as it is now.
    else call("getTCData", hear);
    isListening = true;
  }
  read();
  return read;
}
