// OneTrust and CookiePro (https://developer.onetrust.com/onetrust/docs/javascript-api). Groups stand in the list before
// any choice where the law lets visitors opt out, so the list alone is no answer. `C0004` is the usual id of the
// targeting group; a site with other ids names its own.
import { cookie } from "./reading/cookie.js";
import { follow } from "./reading/moments.js";
import { IMPLIED, reader } from "./reading/reader.js";

export default function (tell, site) {
  const id = site.category || "C0004";
  const has = (list, item) => `,${list},`.includes(`,${item},`);
  const read = reader(tell, (isAgain) => {
    const tool = window.OneTrust;
    const groups = window.OnetrustActiveGroups || window.OptanonActiveGroups;
    // `window.OneTrust` may hold only settings before the SDK replaces it.
    if (!tool || typeof tool.IsAlertBoxClosed !== "function" || typeof groups !== "string") return;
    let isGranted = has(groups, id);
    const isClosed = tool.IsAlertBoxClosed() === true;
    if (!isClosed) return isGranted ? IMPLIED : undefined;
    if (isAgain) {
      const kept = cookie("OptanonConsent");
      if (kept === null) return;
      isGranted = isGranted && has(new URLSearchParams(kept).get("groups"), `${id}:1`);
    }
    if (!isGranted) return false;
    return isOptIn(tool) || IMPLIED;
  });

  // The site's own callback keeps its place; ours comes after it.
  const wrapper = window.OptanonWrapper;
  if (typeof wrapper === "function") {
    window.OptanonWrapper = function () {
      try {
        return wrapper.apply(this, arguments);
      } finally {
        read();
      }
    };
  }
  const reread = follow(read, ["OneTrustGroupsUpdated", "OTConsentApplied", "consent.onetrust"]);
  if (window.OneTrust && typeof window.OneTrust.OnConsentChanged === "function") window.OneTrust.OnConsentChanged(read);
  return reread;
}

// Where the banner only informs, or where visitors may opt out, closing it is no choice of theirs.
function isOptIn(tool) {
  const settings = typeof tool.GetDomainData === "function" && tool.GetDomainData();
  if (!settings || settings.ShowAlertNotice === false) return false;
  return /^opt-in$/i.test(settings.ConsentModel && settings.ConsentModel.Name);
}
