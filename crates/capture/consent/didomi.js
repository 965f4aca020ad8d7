// Didomi (https://developers.didomi.io/cmp/web-sdk/reference/api). Its purposes have no fixed ids, so the site names the
// ones that stand for advertising, parted by commas; without them this tool says nothing. A purpose that was never
// asked for is returned as `enabled: false`, and where the law lets visitors opt out, as `enabled: true`.
import { cookie, parsed } from "./reading/cookie.js";
import { follow } from "./reading/moments.js";
import { IMPLIED, reader } from "./reading/reader.js";

export default function (tell, site) {
  if (!site.category) {
    tell("silent");
    return () => {};
  }
  const ids = site.category.split(",").map((id) => id.trim());
  let wasKept = false;
  const read = reader(tell, (isAgain) => {
    const tool = window.Didomi;
    if (!tool || typeof tool.getCurrentUserStatus !== "function" || isUndecided(tool)) return;
    const kept = token();
    if (kept) wasKept = true;
    else if (isAgain && wasKept) return;
    const purposes = Object(Object(tool.getCurrentUserStatus()).purposes);
    const disabled = (isAgain && Object(Object(kept).purposes).disabled) || [];
    if (!ids.every((id) => Object(purposes[id]).enabled === true && !disabled.includes(id))) return false;
    return tool.isConsentRequired() === true || IMPLIED;
  });

  // Both lists are taken over by the SDK when it loads, so they are made before it where it is late.
  const ready = (window.didomiOnReady = window.didomiOnReady || []);
  const listeners = (window.didomiEventListeners = window.didomiEventListeners || []);
  listeners.push({ event: "consent.changed", listener: () => read() });
  ready.push((tool) => {
    const sdk = tool || window.Didomi;
    if (sdk && typeof sdk.on === "function") sdk.on("consent.changed", () => read());
    read();
  });
  return follow(read, []);
}

// The function's name has changed over the years. A tool with neither leaves us in doubt.
function isUndecided(tool) {
  const ask = tool.shouldUserStatusBeCollected || tool.shouldConsentBeCollected;
  return typeof ask !== "function" || ask.call(tool) !== false;
}

// Kept as base64 of JSON, in a cookie or in localStorage.
function token() {
  const text = cookie("didomi_token") || localStorage.getItem("didomi_token");
  if (!text) return null;
  try {
    return parsed(atob(text));
  } catch (error) {
    return {};
  }
}
