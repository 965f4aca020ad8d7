// Ties the demo together: the advertiser's form, and the panel that reads what happens. See facts.js (what is read),
// stations.js (what is said about it), panel.js (how it is drawn), deal.js (the CRM's and Google's part).

import { fetchFile, outcomeOf, report, rowOf } from "./deal.js";
import { drawOwnWords, drawRow, drawStations, drawSummary } from "./panel.js";
import { readAddress, readBanner, readCookie, readFields, readOwnWords, readRequests, readStorage, readVisit } from "./facts.js";
import { stationsOf, summaryOf } from "./stations.js";

const form = document.getElementById("quote");
const closeButton = document.getElementById("close-deal");

// What cannot be read afterwards, because it happened once: events and HTTP answers of this page view.
const happened = { consent: null, lead: null, sent: false, deal: null, file: null, scriptFailed: false };

function refresh() {
  const facts = readFacts();
  drawStations(stationsOf(facts));
  drawSummary(summaryOf(facts));
  readOwnWords().then(drawOwnWords);
  drawRow(facts.file?.row ?? null);
  const isStored = facts.lead?.state === "stored" || facts.lead?.state === "repeated";
  closeButton.disabled = !isStored || Boolean(facts.deal?.pending) || ["accepted", "repeated"].includes(facts.deal?.row?.result);
  document.getElementById("fetch-csv").hidden = !facts.file || Boolean(facts.file.pending);
  document.getElementById("csv-link").hidden = facts.file?.status !== 200;
}

function readFacts() {
  const visit = readVisit();
  return {
    ...happened,
    // The change event may have fired before this module ran; a visit is only handed out under a grant.
    consent: happened.consent ?? (visit ? "granted" : null),
    visit,
    address: readAddress(),
    banner: readBanner(),
    cookie: readCookie(),
    storage: readStorage(),
    fields: readFields(form),
    requests: readRequests(),
  };
}

// ---- the advertiser's form: an ordinary form that a script sends ----

form.addEventListener("submit", (event) => {
  event.preventDefault();
  happened.sent = true;
  happened.lead = null;
  // A real page sends `new FormData(form)` to its CRM here. Aldervale is invented and has none, so nothing typed leaves
  // the page; Throughline reports its lead by itself.
  const firstName = new FormData(form).get("name").trim().split(" ")[0];
  document.getElementById("thanks-title").textContent = firstName ? `Thank you, ${firstName}.` : "Thank you.";
  form.hidden = true;
  const thanks = document.getElementById("thanks");
  thanks.hidden = false;
  thanks.focus();
  refresh();
});

// ---- the deal and the file ----

// Only `cargo xtask dev` knows these two; a deployment has keys of its own, which the fields ask for.
const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
const key = document.getElementById("collector-key");
const user = document.getElementById("feed-user");
const password = document.getElementById("feed-password");
if (isLocal) {
  key.value = "dev-admin-token";
  password.value = "dev-feed-password";
} else {
  askForKeys();
}

function askForKeys() {
  for (const field of document.querySelectorAll(".key-field")) field.hidden = false;
}

async function closeDeal() {
  const outcome = outcomeOf(happened.lead.lead_id, new Date());
  happened.deal = { pending: true };
  refresh();
  const answer = await report(outcome, key.value);
  happened.deal = { outcome, ...answer };
  if (answer.status === 401) askForKeys();
  refresh();
  if (answer.status === 200) await readFile();
}

async function readFile() {
  happened.file = { pending: true };
  refresh();
  const { status, text, leftOut } = await fetchFile(user.value, password.value);
  happened.file = { status, leftOut, row: rowOf(text, happened.deal.outcome.outcome_id) };
  if (status === 401) askForKeys();
  refresh();
}

closeButton.addEventListener("click", closeDeal);
document.getElementById("fetch-csv").addEventListener("click", readFile);

// ---- starting over ----

document.getElementById("start-over").addEventListener("click", async () => {
  // The visitor's own wish, spoken through the public ways: Throughline forgets, and the banner forgets its answer.
  await window.throughline?.forget?.();
  window.CookieConsent?.reset?.(true);
  location.assign(location.pathname);
});

// ---- when to look again ----

document.addEventListener("throughline:ready", refresh);
document.addEventListener("throughline:change", ({ detail }) => {
  happened.consent = detail.consent;
  refresh();
});
document.addEventListener("throughline:lead", ({ detail }) => {
  happened.lead = detail;
  refresh();
});
for (const name of ["cc:onFirstConsent", "cc:onConsent", "cc:onChange", "load"]) window.addEventListener(name, refresh);
window.addEventListener("load", () => {
  happened.scriptFailed = window.throughline === undefined;
  refresh();
});

// Neither a cookie nor a field's value announces its change in every browser, so the panel looks twice a second.
setInterval(refresh, 500);
refresh();
