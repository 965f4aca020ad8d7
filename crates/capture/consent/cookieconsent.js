// cookieconsent 3 by Insites, later Osano. https://github.com/osano/cookieconsent/tree/3.1.1
//
// It tells only the page's own callbacks, so its cookie is what we read. Which answer is a yes depends on the compliance
// type, which shows in a class of its window. Where `dismiss` is the only button, pressing it chooses nothing.
import { cookie } from "./page/cookie.js";
import { onCookieChange } from "./page/cookie_change.js";

export default function (tell, { guarded }) {
  let hasAnswered;

  const read = () => {
    const status = cookie("cookieconsent_status");
    const answer = { allow: "granted", deny: "denied" }[status];
    if (answer) tell("explicit", answer);
    else if (status === "dismiss" && document.querySelector(".cc-window.cc-type-opt-out")) tell("implied", "granted");
    else tell(hasAnswered ? "silent" : "asking");
    hasAnswered = hasAnswered || status;
  };
  read();
  onCookieChange(guarded(read));
  read();
  return read;
}
