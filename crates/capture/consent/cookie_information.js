// Cookie Information (https://docs.cookieinformation.com/). Its cookie lists what was approved and what was denied; a
// category in neither list was not asked for. No event tells of a withdrawal for certain.
import { cookie, parsed } from "./reading/cookie.js";
import { follow, lookAfterClicks } from "./reading/moments.js";
import { reader } from "./reading/reader.js";

const CATEGORY = "cookie_cat_marketing";

export default function (tell) {
  const read = reader(tell, () => {
    const tool = window.CookieInformation;
    const kept = cookie("CookieInformationConsent");
    if (!tool || typeof tool.getConsentGivenFor !== "function" || kept === null) return;
    const { consents_approved: approved, consents_denied: denied } = parsed(kept);
    if (Array.isArray(denied) && denied.includes(CATEGORY)) return false;
    if (!Array.isArray(approved) || !approved.includes(CATEGORY)) return;
    return tool.getConsentGivenFor(CATEGORY) === true;
  });
  lookAfterClicks(read);
  return follow(read, ["CookieInformationConsentGiven"]);
}
