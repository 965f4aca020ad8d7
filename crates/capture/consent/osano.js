// Osano (https://docs.osano.com/javascript-api). `osano-cm-consent-changed` tells of toggles that are not saved, so it is
// left alone. Whether anybody has chosen is known only from what the two other events carry.
import { follow } from "./reading/moments.js";
import { reader } from "./reading/reader.js";

export default function (tell) {
  let saved;
  const read = reader(tell, () => {
    const tool = window.Osano && window.Osano.cm;
    if (!tool || !saved) return;
    const current = tool.getConsent();
    if (saved.OPT_OUT === "ACCEPT" || current.OPT_OUT === "ACCEPT") return false;
    return saved.MARKETING === "ACCEPT" && current.MARKETING === "ACCEPT";
  });
  function hear(consent) {
    saved = consent;
    read();
  }
  function listen() {
    window.Osano.cm.addEventListener("osano-cm-initialized", hear);
    window.Osano.cm.addEventListener("osano-cm-consent-saved", hear);
  }

  if (window.Osano && window.Osano.cm) {
    listen();
  } else {
    // The queue that the tool's own snippet makes (https://docs.osano.com/javascript-api).
    const queue = (window.Osano = window.Osano || function () {
      queue.data.push(arguments);
    });
    queue.data = queue.data || [];
    queue("onInitialized", (consent) => {
      if (window.Osano.cm) listen();
      hear(consent);
    });
  }
  return follow(read, []);
}
