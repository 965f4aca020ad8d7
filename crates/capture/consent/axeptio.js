// Axeptio (https://developers.axeptio.eu/). Vendors are named by the site, so the site says which one stands for
// advertising; without it this tool says nothing. Its event also comes when a stored choice is read.
import { cookie, parsed } from "./reading/cookie.js";
import { follow, readAround } from "./reading/moments.js";
import { reader } from "./reading/reader.js";

export default function (tell, site) {
  const vendor = site.category;
  if (!vendor) {
    tell("silent");
    return () => {};
  }
  let sdk, wasKept = false;
  const isOpen = (choices) => !choices || choices.$$completed === false;
  const read = reader(tell, (isAgain) => {
    const choices = sdk && sdk.userPreferencesManager && sdk.userPreferencesManager.choices;
    if (isOpen(choices) || !Object.keys(choices).length) return;
    const kept = cookie("axeptio_cookies");
    if (kept !== null) wasKept = true;
    else if (isAgain && wasKept) return;
    const fresh = isAgain && kept !== null ? parsed(kept) : choices;
    if (isOpen(fresh)) return;
    return choices[vendor] === true && fresh[vendor] === true;
  });
  (window._axcb = window._axcb || []).push((loaded) => {
    sdk = loaded;
    sdk.on("cookies:complete", () => readAround(read));
    read();
  });
  return follow(read, []);
}
