// WP Consent API (https://github.com/WordPress/wp-consent-level-api). Without a consent type its function says yes, even
// after a refusal, so the cookie must say it too. Its event carries one category, which may be another than ours.
import { cookie } from "./reading/cookie.js";
import { follow } from "./reading/moments.js";
import { IMPLIED, reader } from "./reading/reader.js";

export default function (tell) {
  const read = reader(tell, () => {
    if (typeof window.wp_has_consent !== "function") return;
    const settings = Object(window.consent_api);
    const kept = cookie(`${settings.cookie_prefix || "wp_consent"}_marketing`);
    if (kept === "deny") return false;
    const type = window.wp_consent_type || "";
    // Another plugin has promised to define the type, and has not yet.
    if (!type && (settings.waitfor_consent_hook || window.waitfor_consent_hook)) return;
    if (window.wp_has_consent("marketing") !== true) return;
    if (kept === "allow") return true;
    return /optout/.test(type) ? IMPLIED : undefined;
  });
  return follow(read, [
    "wp_listen_for_consent_change",
    "wp_consent_type_defined",
    "wp_consent_api_status_change_service",
  ]);
}
