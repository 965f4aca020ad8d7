// vanilla-cookieconsent 3 (orestbida). https://cookieconsent.orestbida.com/reference/api-reference.html
//
// `acceptedCategory` tells what the page knew when it was loaded; `getCookie` reads what the visitor chose since, in
// another tab too.
const CATEGORIES = ["marketing", "ads", "advertising", "advertisement", "targeting"];
const EVENTS = ["cc:onFirstConsent", "cc:onConsent", "cc:onChange"];

export default function (tell, { category, guarded }) {
  let hasAnswered;

  const read = () => {
    const tool = window.CookieConsent;
    const offered = tool.getConfig("categories") || {};
    const key = category || CATEGORIES.find((name) => offered[name]);
    const choice = tool.getCookie();
    const isValid =
      // Without the category nobody was asked about it.
      offered[key] &&
      Array.isArray(choice.categories) &&
      choice.consentTimestamp &&
      // A newer revision of the site's text asks everybody again.
      choice.revision === (tool.getConfig("revision") || 0) &&
      // Only a choice in localStorage tells its own end.
      !(choice.expirationTime < Date.now());
    if (isValid) {
      hasAnswered = true;
      tell("explicit", choice.categories.includes(key) ? "granted" : "denied");
    } else tell(hasAnswered ? "silent" : "asking");
  };
  read();
  EVENTS.forEach((name) => addEventListener(name, guarded(read)));
  read();
  return read;
}
