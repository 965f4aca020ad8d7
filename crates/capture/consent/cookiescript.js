// CookieScript (https://help.cookie-script.com/en/articles/30242-custom-events). `targeting` is its word for marketing.
import { cookie, parsed } from "./reading/cookie.js";
import { follow } from "./reading/moments.js";
import { reader } from "./reading/reader.js";

export default function (tell) {
  const read = reader(tell, (isAgain) => {
    const tool = window.CookieScript && window.CookieScript.instance;
    if (!tool) return;
    const answer = judge(typeof tool.currentState === "function" ? tool.currentState() : tool.currentState);
    if (!isAgain || !answer) return answer;
    const kept = cookie("CookieScriptConsent");
    return kept === null ? undefined : judge(parsed(kept));
  });
  return follow(read, [
    "CookieScriptLoaded",
    "CookieScriptAccept",
    "CookieScriptAcceptAll",
    "CookieScriptReject",
    "CookieScriptClose",
  ]);
}

// The cookie holds the categories as a list or as the text of one.
function judge(state) {
  const { action, categories } = Object(state);
  if (action === "reject") return false;
  if (action !== "accept") return undefined;
  const list = typeof categories === "string" ? parsed(categories) : categories;
  return Array.isArray(list) && list.includes("targeting");
}
