// Complianz for WordPress (https://complianz.io/docs/). Its function says yes to bots and where visitors may opt out, so
// a choice is only what its cookies hold after the banner was dismissed. It reloads the page 500 ms after a withdrawal.
import { cookie } from "./reading/cookie.js";
import { follow } from "./reading/moments.js";
import { IMPLIED, reader } from "./reading/reader.js";

export default function (tell) {
  const read = reader(tell, () => {
    if (typeof window.cmplz_has_consent !== "function") return;
    const prefix = Object(window.complianz).prefix || "cmplz_";
    const kept = cookie(`${prefix}marketing`);
    if (kept === "deny") return false;
    if (window.cmplz_has_consent("marketing") !== true) return;
    const isChosen = kept === "allow" && cookie(`${prefix}banner-status`) === "dismissed";
    return isChosen || IMPLIED;
  });
  return follow(read, [
    "cmplz_status_change",
    "cmplz_fire_categories",
    "cmplz_revoke",
    "cmplz_enable_category",
    "wp_consent_type_defined",
  ]);
}
