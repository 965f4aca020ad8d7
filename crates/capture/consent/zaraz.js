// Cloudflare Zaraz (https://developers.cloudflare.com/zaraz/consent-management/api/). Its purposes have ids of the site's
// own; without one this tool says nothing.
import { cookie, parsed } from "./reading/cookie.js";
import { follow } from "./reading/moments.js";
import { reader } from "./reading/reader.js";

export default function (tell, site) {
  const purpose = site.category;
  if (!purpose) {
    tell("silent");
    return () => {};
  }
  let wasKept = false;
  const read = reader(tell, (isAgain) => {
    const tool = window.zaraz && window.zaraz.consent;
    if (!tool || tool.APIReady !== true) return;
    const answer = tool.get(purpose);
    if (typeof answer !== "boolean") return;
    // The usual name; a site may choose another one.
    const kept = cookie("zaraz-consent");
    if (kept !== null) wasKept = true;
    else if (isAgain && wasKept) return;
    return answer && (!isAgain || kept === null || parsed(kept)[purpose] === true);
  });
  return follow(read, ["zarazConsentAPIReady", "zarazConsentChoicesUpdated"]);
}
