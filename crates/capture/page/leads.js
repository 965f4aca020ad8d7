// Carries to the collector what it is to know: leads, and whether consent stands. It never delays a form.
import { fill, filled, SUBMITTING } from "./fields.js";
import * as module from "./ask.js";
import { attributes, isElement, numberOf, tell } from "./page.js";

// `keepalive` lets the request outlive the page, and a text body needs no preflight
// (https://fetch.spec.whatwg.org/#cors-safelisted-request-header). The page's path and query may hold visitor data, so
// they stay out of `Referer`, and a lead needs no cookie.
const post = (tag, path, body, credentials) =>
  fetch(tag.collector + path, { method: "POST", body, credentials, keepalive: true, referrerPolicy: "strict-origin" });

// A cookie that a server sets lives longer than one that a script sets, in Safari at least; only a collector of the
// page's own origin can set one.
export async function notify(tag, notice) {
  if (!tag.collector.startsWith(location.origin + "/")) return;
  const body = JSON.stringify({ v: 1, site: tag.script.dataset.site || "default", ...notice });
  await post(tag, "v1/consent", body, "same-origin").catch(() => {});
}

function send(tag, body) {
  const leadId = JSON.parse(body).lead_id;
  function end(state, code) {
    tell("lead", { lead_id: leadId, state, code });
    if (code !== undefined) throw new Error("throughline: lead " + state + " " + code);
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

const nameOf = (form) => (form ? attributes(form, ["id", "name", "action"]) : "");

export function submitting(tag, form) {
  if (!isElement(form)) return;
  const number = numberOf(form);
  module.submitting(number);
  fill(form, SUBMITTING);
  let isFilled = false;
  filled.forEach((known, input) => {
    if (known.written && input.form === form) isFilled = true;
  });
  const body = module.submitted(isFilled, form.hasAttribute("data-throughline-lead"), nameOf(form), number);
  if (body) send(tag, body).catch(() => {});
}

export function lead(tag, form) {
  if (!isElement(form)) form = undefined;
  const number = numberOf(form);
  module.submitting(number);
  fill(form || document);
  const body = module.lead(nameOf(form), number);
  if (!body) throw new Error("throughline: no lead before consent");
  return send(tag, body);
}
