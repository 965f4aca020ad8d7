// tarteaucitron. https://github.com/AmauriC/tarteaucitron.js
//
// One cookie holds an answer per service, `!googleads=true!gcmads=wait`; `wait` is no answer. Google Ads has two
// services: `googleads` stands for storage, and `gcmads`, where Consent Mode is on, for user data and personalisation.
import { cookie } from "./page/cookie.js";

export default function (tell, { category, guarded }) {
  let hasAnswered;

  const read = () => {
    const { parameters } = window.tarteaucitron;
    const chosen = cookie((parameters && parameters.cookieName) || "tarteaucitron") || "";
    const answer = (service) => {
      const found = chosen.split("!").find((pair) => pair.startsWith(service + "="));
      return { true: "granted", false: "denied" }[found && found.slice(service.length + 1)];
    };
    const storage = answer(category || "googleads");
    if (storage) {
      hasAnswered = true;
      // Without the second service the first speaks for all three; while that one waits, nobody has answered it.
      const use = answer("gcmads") || (chosen.includes("!gcmads=") ? "" : storage);
      tell("explicit", storage, storage === "denied" ? storage : use);
    } else tell(hasAnswered ? "silent" : "asking");
  };
  read();
  document.addEventListener("tac.consent_updated", guarded(read));
  read();
  return read;
}
