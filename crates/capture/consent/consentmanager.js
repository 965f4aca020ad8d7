// consentmanager.net (https://help.consentmanager.net/). It speaks TCF, which has an adapter of its own; this one adds
// whether anybody has chosen at all, and reads a purpose of the site's own where the site names one.
import { follow, lookAfterClicks, lookAgain } from "./reading/moments.js";
import { SILENT, reader } from "./reading/reader.js";

export default function (tell, site) {
  const tool = () => typeof window.__cmp === "function";
  const read = reader(tell, () => {
    const status = tool() && window.__cmp("consentStatus");
    // Other tools have a function of this name, from the days of the first TCF.
    if (!status || typeof status.userChoiceExists !== "boolean") return SILENT;
    if (!status.userChoiceExists) return;
    if (!site.category) return SILENT;
    const consents = Object(Object(window.__cmp("getCMPData")).purposeConsents);
    return consents[site.category] === true;
  });
  const reread = follow(read, []);
  let isHeard;
  lookAgain(read, () => {
    if (!tool()) return false;
    if (!isHeard) window.__cmp("addEventListener", ["consent", () => read(), false], null);
    return (isHeard = true);
  });
  lookAfterClicks(read);
  return reread;
}
