// HubSpot's banner (https://developers.hubspot.com/docs/api-reference/latest/account/settings/tracking-code/add-privacy-consent-listener).
// Where the banner only informs, `allowed` is true without a choice; a choice leaves a cookie: the second category of
// `__hs_cookie_cat_pref` is advertisement, and `__hs_opt_out` is the single answer of a banner without categories. The
// queue is on every page with HubSpot's tracking code, also where another tool asks for consent.
import { cookie } from "./reading/cookie.js";
import { follow, readAround } from "./reading/moments.js";
import { IMPLIED, SILENT, reader } from "./reading/reader.js";

export default function (tell) {
  let heard, wasKept = false;
  const read = reader(tell, (isAgain) => {
    if (!heard) return SILENT;
    const isGranted =
      heard.allowed === true && (!heard.categories || heard.categories.advertisement === true);
    const categories = cookie("__hs_cookie_cat_pref"), single = cookie("__hs_opt_out");
    const isKept = categories !== null || single !== null;
    if (isKept) wasKept = true;
    else if (wasKept) return;
    if (!isKept) return isGranted ? IMPLIED : SILENT;
    const keptGrant = categories !== null ? /\b2:true\b/.test(categories.replace(/_/g, ",")) : single === "no";
    return isGranted && (keptGrant || !isAgain);
  });
  (window._hsp = window._hsp || []).push([
    "addPrivacyConsentListener",
    (consent) => {
      heard = Object(consent);
      readAround(read);
    },
  ]);
  return follow(read, []);
}
