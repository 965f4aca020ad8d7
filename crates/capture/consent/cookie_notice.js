// Cookie Notice and Compliance by Hu-manity.co (https://cookie-compliance.co/documentation/). Connected to its service
// it keeps categories, of which `4` is marketing unless the site says otherwise. The unconnected plugin keeps one word,
// which visitors may have given by scrolling.
import { cookie, parsed } from "./reading/cookie.js";
import { follow } from "./reading/moments.js";
import { IMPLIED, reader } from "./reading/reader.js";

export default function (tell, site) {
  const category = site.category || "4";
  const read = reader(tell, () => {
    const kept = cookie("hu-consent");
    if (kept !== null) {
      const state = parsed(kept);
      if (typeof state.consent !== "boolean") return;
      return state.consent && Object(state.categories)[category] === true;
    }
    const basic = cookie("cookie_notice_accepted");
    if (basic === "false") return false;
    return basic === "true" ? IMPLIED : undefined;
  });
  return follow(read, ["set-consent.hu", "read-consent.hu", "setCookieNotice"]);
}
