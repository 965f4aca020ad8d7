// The cookie and the localStorage key. Every failure means "nothing remembered".
import { attempt } from "./page.js";

const NAME = "throughline";

const cookies = () =>
  attempt(() => document.cookie.split("; ").filter((cookie) => cookie.startsWith(NAME + "="))) || [];
// Reading the property throws where storage is blocked (https://html.spec.whatwg.org/multipage/webstorage.html#dom-localstorage-dev).
const stored = () => attempt(() => localStorage[NAME]);

// Every text that is kept under our name, each a line.
export const read = () => [...cookies().map((cookie) => cookie.slice(NAME.length + 1)), stored() || ""].filter(Boolean).join("\n");

// The domains that a cookie of this page could belong to, the widest first, and last the host alone. Which of them is a
// registrable domain only the browser knows: it refuses a cookie for `co.uk`, so the widest that it takes is right
// (https://www.rfc-editor.org/rfc/rfc6265#section-5.3). An address in numbers has none, and one label is never anybody's.
function domains(wish) {
  const labels = location.hostname.split("."), domains = [""];
  if (wish && wish !== "auto") return wish === "host" ? domains : [wish, ""];
  if (/[^\d.]$/.test(location.hostname)) {
    for (let first = 0; first < labels.length - 1; first++) domains.unshift(labels.slice(first).join("."));
  }
  return domains;
}

function set(value, seconds, domain) {
  const scope = (location.protocol === "https:" ? "; Secure" : "") + (domain && "; Domain=" + domain);
  attempt(() => {
    document.cookie = NAME + "=" + value + "; Path=/; SameSite=Lax; Max-Age=" + seconds + scope;
  });
}

// Cookies of one name can stand side by side, one for each domain, and deleting one leaves the others.
const deleteCookies = (wish) => domains(wish).forEach((domain) => set("", 0, domain));

// Keeps the text in both places, and looks whether they took it. A cookie that holds it already is left alone: the
// server may have set it, and its cookies live longer. Answers the cookie's domain, if there is a cookie.
export function write(text, seconds, wish) {
  keep(NAME, text);
  const isKept = () => cookies().join() === NAME + "=" + text;
  let domain = "";
  if (!isKept()) {
    deleteCookies(wish);
    domain = domains(wish).find((candidate) => {
      set(text, seconds, candidate);
      return isKept();
    });
  }
  return domain;
}

// What the device takes nowhere waits in memory.
export const memory = {};
export const keep = (key, text) => attempt(() => (localStorage[key] = text)) || (memory[key] = text);
export function drop(key) {
  delete memory[key];
  attempt(() => delete localStorage[key]);
}
// Our keys: the text, and behind a dot what waits to be sent.
const keys = () =>
  [memory, attempt(() => localStorage) || {}].flatMap(Object.keys).filter((key) => (key + ".").startsWith(NAME + "."));
export const holdsLeads = () => keys().some((key) => key > NAME);

// Deletes all of it, unread.
export function forget(wish) {
  deleteCookies(wish);
  keys().forEach(drop);
}

// Whether a platform's own tag may have kept a click in a cookie, where the text tells of none; which click it is, the
// part that reads such cookies knows.
const CLICKS = /(_gcl_[agd][wgbc]|_fbc|_epik|\wcl?k?_?id|_fat_id)=/;
export const holdsClicks = (text) => !/(clk?id|braid)=/i.test(text) && attempt(() => CLICKS.test(document.cookie));
