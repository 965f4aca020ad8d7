// Klaro. https://github.com/klaro-org/klaro-js/blob/master/src/consent-manager.js
//
// The manager's `consents` follow every toggle, saved or not, so only what stands in its store counts. The store is also
// what other tabs share.
const PURPOSES = ["marketing", "advertising", "ads", "advertisement"];

export default function (tell, { category, guarded }) {
  let watched, hasAnswered;

  const read = () => {
    const manager = window.klaro.getManager();
    if (manager !== watched) {
      watched = manager;
      manager.watch({ update: (_, name) => name === "saveConsents" && hear() });
    }
    const services = manager.config.services.filter(({ name, purposes = [] }) =>
      category
        ? name === category || purposes.includes(category)
        : purposes.some((purpose) => PURPOSES.includes(purpose)),
    );
    const stored = manager.store.get();
    const consents = stored ? JSON.parse(decodeURIComponent(stored)) : {};
    const answers = services.map(({ name }) => consents[name]);
    // A service that was added after the visitor chose has no answer yet, and Klaro asks again.
    const isAnswered = answers.length && answers.every((answer) => typeof answer === "boolean");
    // `changed` is about this page's services; unsaved toggles leave it alone.
    if (isAnswered && !manager.changed) {
      hasAnswered = true;
      tell("explicit", answers.every(Boolean) ? "granted" : "denied");
    } else tell(hasAnswered ? "silent" : "asking");
  };
  const hear = guarded(read);
  read();
  return read;
}
