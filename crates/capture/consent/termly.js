// Termly (https://support.termly.io/). Its state is null until it is known, and comes by a promise in some versions.
import { follow, lookAgain } from "./reading/moments.js";
import { reader } from "./reading/reader.js";

export default function (tell) {
  const tool = () => typeof Object(window.Termly).getConsentState === "function" && window.Termly;
  const judge = (state) => {
    const answer = Object(state).advertising;
    return typeof answer === "boolean" ? answer : undefined;
  };
  const read = reader(tell, (isAgain, event) => {
    if (!tool()) return;
    // A refusal is known at once, also where the state comes by a promise.
    if (event && Object(event.detail).advertising === false) return false;
    const state = tool().getConsentState();
    return state && typeof state.then === "function" ? state.then(judge) : judge(state);
  });
  const reread = follow(read, ["termlyConsent"]);
  let isHeard;
  lookAgain(read, () => {
    if (!tool()) return false;
    if (!isHeard && typeof tool().on === "function") {
      tool().on("consent", () => read());
      isHeard = true;
    }
    return tool().getConsentState();
  });
  return reread;
}
