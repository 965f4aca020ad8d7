// CookieYes (https://www.cookieyes.com/documentation/events-on-cookie-banner-interactions/).
import { cookie } from "./reading/cookie.js";
import { follow } from "./reading/moments.js";
import { IMPLIED, reader } from "./reading/reader.js";

export default function (tell) {
  const read = reader(tell, (isAgain, event) => {
    if (typeof window.getCkyConsent !== "function") return;
    // What the event says of a refusal may be newer than the object; of a grant it is not believed.
    const told = event && event.detail;
    if (told && Array.isArray(told.rejected) && told.rejected.includes("advertisement")) return false;
    const state = window.getCkyConsent() || {};
    let isGranted = Object(state.categories).advertisement === true;
    if (state.isUserActionCompleted !== true) return isGranted ? IMPLIED : undefined;
    if (isAgain) {
      const kept = cookie("cookieyes-consent");
      if (kept === null || !/\baction:yes\b/.test(kept)) return;
      isGranted = isGranted && /\badvertisement:yes\b/.test(kept);
    }
    return isGranted;
  });
  return follow(read, ["cookieyes_consent_update", "cookieyes_banner_load"]);
}
