// Borlabs Cookie 3 (https://borlabs.io/kb/). Its cookie holds each group with the services that were agreed to.
import { cookie, parsed } from "./reading/cookie.js";
import { follow, lookAgain } from "./reading/moments.js";
import { reader } from "./reading/reader.js";

export default function (tell, site) {
  const group = site.category || "marketing";
  const tool = () => window.BorlabsCookie && window.BorlabsCookie.Consents;
  const read = reader(tell, (isAgain) => {
    const kept = cookie("borlabs-cookie");
    if (!tool() || kept === null) return;
    const isGranted = tool().hasConsentForServiceGroup(group) === true;
    if (!isAgain) return isGranted;
    const services = Object(parsed(kept).consents)[group];
    return isGranted && Array.isArray(services) && services.length > 0;
  });
  const reread = follow(read, ["borlabs-cookie-consent-saved"]);
  lookAgain(read, tool);
  return reread;
}
