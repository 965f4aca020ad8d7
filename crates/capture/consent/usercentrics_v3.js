// Usercentrics, third version (https://usercentrics.com/docs/web/v3/api/). It answers by promises, so only a refusal of
// everything is known at once; all else is read again and counts when it arrives, unless something newer came first.
import { follow } from "./reading/moments.js";
import { IMPLIED, reader } from "./reading/reader.js";

export default function (tell, site) {
  const category = site.category || "marketing";
  const read = reader(tell, (isAgain, event) => {
    const tool = window.__ucCmp;
    if (!tool || typeof tool.getConsentDetails !== "function") return;
    if (event && Object(event.detail).type === "DENY_ALL") return false;
    return details(tool).then((found) => found && answer(found, category));
  });
  return follow(read, ["UC_UI_CMP_EVENT", "UC_UI_INITIALIZED", "UC_CONSENT"]);
}

async function details(tool) {
  return (await tool.isInitialized()) === true ? tool.getConsentDetails() : undefined;
}

function answer(found, category) {
  const state = Object(Object(found.categories)[category]).state;
  const isGranted = state === "ALL_ACCEPTED";
  if (Object(found.consent).type === "EXPLICIT") {
    // `SOME_ACCEPTED` is no yes to the whole of it.
    return isGranted || (state && state !== "NO_STATE" ? false : undefined);
  }
  return isGranted ? IMPLIED : undefined;
}
