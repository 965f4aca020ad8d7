// CookieFirst (https://cookiefirst.com/). Its consent is null until somebody chose. Every change after the first reloads
// the page.
import { cookie, parsed } from "./reading/cookie.js";
import { follow } from "./reading/moments.js";
import { reader } from "./reading/reader.js";

export default function (tell) {
  const read = reader(tell, (isAgain) => {
    const consent = window.CookieFirst && window.CookieFirst.consent;
    if (!consent) return;
    const isGranted = consent.advertising === true;
    if (!isAgain) return isGranted;
    const kept = cookie("cookiefirst-consent");
    return kept === null ? undefined : isGranted && parsed(kept).advertising === true;
  });
  return follow(read, ["cf_init", "cf_consent"]);
}
