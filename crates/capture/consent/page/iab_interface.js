// The way to an interface of the IAB, `__tcfapi` or `__gpp`: a function of the page, or, in a frame, messages to the
// window around it that holds a frame named `<name>Locator`.
// https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework/blob/master/TCFv2/IAB%20Tech%20Lab%20-%20CMP%20API%20v2.md#how-can-vendors-use-the-cmp-api-from-an-iframe
//
// Answers `call(command, hear, parameter)`, where `hear(value, isSuccess)` may come more than once; nothing if there is
// no such interface.
export function iabInterface(name, version) {
  if (typeof window[name] === "function") {
    return (command, hear, parameter) =>
      // TCF wants its version second, GPP last.
      name === "__tcfapi"
        ? window[name](command, version, hear, parameter)
        : window[name](command, hear, parameter, version);
  }
  const around = windowWith(name + "Locator");
  if (!around) return;
  const hearing = new Map();
  addEventListener("message", (event) => {
    if (event.source !== around) return;
    let message = event.data;
    try {
      if (typeof message === "string") message = JSON.parse(message);
    } catch {
      // A message of somebody else.
    }
    const answer = message && message[name + "Return"];
    const hear = answer && hearing.get(answer.callId);
    if (hear) hear(answer.returnValue, answer.success);
  });
  return (command, hear, parameter) => {
    const callId = "throughline" + hearing.size;
    hearing.set(callId, hear);
    around.postMessage({ [name + "Call"]: { command, parameter, version, callId } }, "*");
  };
}

function windowWith(locator) {
  for (let around = window; around !== around.parent; ) {
    around = around.parent;
    try {
      if (around.frames[locator]) return around;
    } catch {
      // In a window of another origin a name that is not there throws.
    }
  }
}
