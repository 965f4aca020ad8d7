// Carries to the collector what it is to know: leads, and whether consent stands. It never delays a form.
import { fill, filled, SUBMITTING } from "./fields.js";
import * as module from "./ask.js";
import { attributes, isElement, numberOf, tell } from "./page.js";

// `keepalive` lets the request outlive the page, and a text body needs no preflight
// (https://fetch.spec.whatwg.org/#cors-safelisted-request-header). The page's path and query may hold visitor data, so
// they stay out of `Referer`, and a lead needs no cookie.
const post = (tag, path, body, credentials) =>
  fetch(tag.collector + path, { method: "POST", body, credentials, keepalive: true, referrerPolicy: "strict-origin" });

const siteOf = ({ script }) => script.dataset.site || "default";

// A cookie that a server sets lives longer than one that a script sets, in Safari at least; only a collector of the
// page's own origin can set one.
export async function notify(tag, notice) {
  if (!tag.collector.startsWith(location.origin + "/")) return;
  const body = JSON.stringify({ v: 1, site: siteOf(tag), ...notice });
  await post(tag, "v1/consent", body, "same-origin").catch(() => {});
}

function send(tag, leadId, form) {
  const [id, name, action] = form ? attributes(form, ["id", "name", "action"]).split("\0") : ["", "", ""];
  const { page, touches, consent, script } = module.record();
  const body = JSON.stringify({
    v: 1,
    site: siteOf(tag),
    lead_id: leadId,
    submitted_at: new Date(Date.now()).toISOString(),
    page,
    form: { id, name, action: action.split(/[?#]/)[0] },
    touches,
    consent,
    script,
  });
  function end(state, code) {
    tell("lead", { lead_id: leadId, state, code });
    if (code !== undefined) throw new Error("lead " + state + " " + code);
    return leadId;
  }
  return post(tag, "v1/leads", body, "omit").then(
    (response) =>
      response.ok
        ? end(response.status === 201 ? "stored" : "repeated")
        : response.json().catch(Object).then((problem) => end("refused", String(problem.code || response.status))),
    () => end("unreachable", ""),
  );
}

export function submitting(tag, form) {
  if (!isElement(form)) return;
  const number = numberOf(form);
  module.submitting(number);
  fill(form, SUBMITTING);
  let isFilled = false;
  filled.forEach((known, input) => {
    if (known.written && input.form === form) isFilled = true;
  });
  const leadId = module.submitted(isFilled, form.hasAttribute("data-throughline-lead"), number);
  if (leadId) send(tag, leadId, form).catch(() => {});
}

export function lead(tag, form) {
  if (!isElement(form)) form = undefined;
  const number = numberOf(form);
  module.submitting(number);
  fill(form || document);
  const leadId = module.lead(number);
  if (!leadId) throw new Error("no lead before consent");
  return send(tag, leadId, form);
}
