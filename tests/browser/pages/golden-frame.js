// One golden page view: the page around this frame says what there is, and asks at the end what came of it.
const { golden } = parent;
let now = golden.at_ms;
Date.now = () => now;
// As five bits each: the bytes 0x5a.
const random = [11, 9, 13, 5, 20, 22, 18, 26];
crypto.getRandomValues = (array) => {
  array.set([...random, ...random]);
  return array;
};
// A frame shares the history of the page around it, where the cases before this one stand.
Object.defineProperty(window, "navigation", { value: undefined });
Object.defineProperty(document, "referrer", { value: golden.referrer || "" });

let consent = "pending", lead = null;
document.addEventListener("throughline:change", (event) => (consent = event.detail.consent));

const statements = (golden.statements || []).map((statement) => {
  const [source, kind, ad_storage, ad_user_data, ad_personalization] = statement.split(",");
  return { source, kind, answers: { ad_storage, ad_user_data, ad_personalization } };
});
const isSaidBy = (source) => statements.some((statement) => statement.source === source);
// The browser and Google Consent Mode speak through what a page has of them.
if (isSaidBy("gpc")) Object.defineProperty(navigator, "globalPrivacyControl", { value: true });
if (isSaidBy("consent_mode")) window.dataLayer = [];
function gtag() {
  dataLayer.push(arguments);
}
async function say({ source, kind, answers }) {
  if (source === "site") return throughline.consent(answers);
  if (source !== "consent_mode") return;
  await adapter("consent_mode.js");
  const heard = new Promise((resolve) => document.addEventListener("throughline:change", resolve, { once: true }));
  gtag("consent", kind === "default" ? "default" : "update", answers);
  // A default is heard at once by the adapter, and changes nothing here.
  if (kind !== "default") await heard;
}
// An import of what the page has already is the same module, so it has run when this ends.
async function adapter(name) {
  let found;
  while (!found) {
    await new Promise(requestAnimationFrame);
    found = performance.getEntriesByType("resource").find((entry) => entry.name.endsWith("/" + name));
  }
  await import(found.name);
}
const toServer = window.fetch.bind(window);
window.fetch = (url, options) => {
  if (!String(url).includes("/v1/")) return toServer(url, options);
  if (String(url).endsWith("/v1/leads")) lead = JSON.parse(options.body);
  return Promise.resolve(new Response("{}", { status: 201 }));
};

const form = document.createElement("form");
form.id = "contact";
form.setAttribute("action", "/received");
for (const [name, value] of Object.entries(golden.fields)) {
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = name;
  input.value = value;
  form.append(input);
}
document.body.append(form);

const tag = document.createElement("script");
for (const [name, value] of Object.entries(golden.attributes || {})) tag.setAttribute("data-" + name, value);
tag.setAttribute("data-engine", golden.engine);
tag.src = "/throughline/tag.js";
document.body.append(tag);

window.outcome = async () => {
  await new Promise((resolve) => (window.throughline ? resolve() : (tag.onload = resolve)));
  await throughline.ready;
  now = golden.now_ms;
  for (const statement of statements) await say(statement);
  const get = JSON.stringify(throughline.get());
  const fields = {};
  for (const input of form.querySelectorAll("input")) fields[input.name] = input.value;
  await throughline.lead(form).catch(() => 0);
  const cookie = /(?:^|; )throughline=([^;]*)/.exec(document.cookie);
  return {
    href: location.href,
    consent,
    get: get === "null" ? null : JSON.parse(get),
    cookie: cookie ? cookie[1] : null,
    local_storage: localStorage.getItem("throughline"),
    fields,
    lead,
  };
};
