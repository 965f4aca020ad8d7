// Cookiebot (https://www.cookiebot.com/en/developer/). Its callbacks repeat on every page load of a returning visitor,
// so they only say "look again". The object is stale where another tab or page has changed the cookie.
import { cookie } from "./reading/cookie.js";
import { follow } from "./reading/moments.js";
import { IMPLIED, reader } from "./reading/reader.js";

export default function (tell) {
  const read = reader(tell, (isAgain) => {
    const tool = window.Cookiebot;
    if (!tool || !tool.consent || tool.hasResponse !== true) return;
    let isGranted = tool.consent.marketing === true;
    if (isAgain) {
      const kept = cookie("CookieConsent");
      if (kept === null) return;
      isGranted = isGranted && /\bmarketing:true\b/.test(kept);
    }
    if (!isGranted) return false;
    // Consent of unknown method is old, and counts as implied.
    return tool.consent.method === "explicit" || IMPLIED;
  });
  return follow(read, ["CookiebotOnConsentReady", "CookiebotOnAccept", "CookiebotOnDecline", "CookiebotOnLoad"]);
}
