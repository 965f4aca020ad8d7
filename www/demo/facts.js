// What can be read from this page right now, and nothing else. No function here writes, keeps or sends anything.

const CLICK_IDS = ["gclid", "gbraid", "wbraid", "dclid", "msclkid", "fbclid", "ttclid", "twclid", "li_fat_id"];
const NAME = "throughline";

/** The ids and the campaign in this page's address, in the order in which they stand there. */
export function readAddress() {
  const ids = [];
  const campaign = [];
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (CLICK_IDS.includes(name)) ids.push([name, value]);
    else if (name.startsWith("utm_") || name.startsWith("gad_")) campaign.push([name, value]);
  }
  return { ids, campaign };
}

/** The answer given to the banner: "unanswered", "granted" or "refused". */
export function readBanner() {
  const tool = window.CookieConsent;
  if (!tool?.validConsent?.()) return "unanswered";
  return tool.acceptedCategory("marketing") ? "granted" : "refused";
}

/** What Throughline hands out to the page: `null` before a grant, also while the script is still on its way. */
export function readVisit() {
  try {
    return window.throughline?.get?.() ?? null;
  } catch {
    return null;
  }
}

/** The script's own plain sentences, which it downloads when it is asked for the first time. */
export async function readOwnWords() {
  try {
    return (await window.throughline?.explain?.()) ?? [];
  } catch {
    return [];
  }
}

/** The raw text of the cookie, or `null`. */
export function readCookie() {
  const entry = document.cookie.split("; ").find((pair) => pair.startsWith(`${NAME}=`));
  return entry === undefined ? null : entry.slice(NAME.length + 1);
}

/** The raw text of the localStorage key, or `null`; a browser that blocks storage has kept nothing in it. */
export function readStorage() {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return null;
  }
}

/** Each hidden field of the form with its value. A template such as `[gclid]` is not a filled field. */
export function readFields(form) {
  return [...form.querySelectorAll("input[type=hidden]")].map(({ name, value }) => {
    const template = /^\[\w+\]$/.test(value);
    return { name, value, template, filled: value !== "" && !template };
  });
}

/**
 * How many requests the browser lists from this page to the lead and consent doors of the collector. The panel's
 * own requests go to other doors.
 */
export function readRequests() {
  const base = new URL("../v1/", location.href).href;
  const count = (door) =>
    performance.getEntriesByType("resource").filter(({ name }) => name.startsWith(base + door)).length;
  return { leads: count("leads"), consent: count("consent") };
}
