// IAB Global Privacy Platform: the opt-outs of the states of the USA.
// https://github.com/InteractiveAdvertisingBureau/Global-Privacy-Platform/blob/main/Core/CMP%20API%20Specification.md
import { iabInterface } from "./page/iab_interface.js";
import { keptText } from "./page/kept_text.js";

// By section number, from 6 on; before that stand the European and Canadian frameworks, which know no opt-out.
const FIRST_SECTION = 6;
const SECTIONS = "uspv1 usnat usca usva usco usut usct usfl usmt usor ustx usde usia usne usnh usnj ustn usmn usmd usin usky usri".split(" ");
const OPT_OUTS = ["SaleOptOut", "SharingOptOut", "TargetedAdvertisingOptOut"];

export default function (tell, { guarded }) {
  const kept = keptText();
  let call, isListening;

  const judge = guarded((ping) => {
    // Until the visitor has answered nothing is told: this framework carries objections only, so it keeps nobody else
    // from granting, and an objection that stands is not lost while the visitor looks at it again.
    if (!ping || ping.signalStatus !== "ready") return;
    kept.follow(ping.gppString);
    if (kept.isGone()) return tell("silent");
    const applicable = ping.applicableSections.map((number) => SECTIONS[number - FIRST_SECTION]).filter(Boolean);
    const parsed = ping.parsedSections || {};
    // A section is an array of segments by the specification, and one flat object in the IAB's own implementation.
    const segments = applicable.flatMap((name) => parsed[name] || []);
    if (segments.some(isOptOut)) return tell("opt_out");
    // A law that lets its visitors object, and this one has not. Where no such law applies this source has no say.
    tell(segments.length ? "not_required" : "silent");
  });

  function read() {
    call = call || iabInterface("__gpp", "1.1");
    if (!call) return;
    if (!isListening) call("addEventListener", (event) => judge(event && event.pingData));
    isListening = true;
    // Interfaces of version 1.0 return what later ones hand to the function.
    const returned = call("ping", judge);
    if (returned && returned.signalStatus) judge(returned);
  }
  read();
  return read;
}

function isOptOut(segment) {
  // `OptOutSale` is the old USP string's word.
  return segment.Gpc === true || segment.OptOutSale === "Y" || OPT_OUTS.some((name) => segment[name] === 1);
}
