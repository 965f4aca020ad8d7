// Carries to the collector what it is to know: leads, and whether consent stands. It never delays a form.
import { fillAll, fillForm } from "./fields.js";
import * as module from "./ask.js";
import { drop, keep } from "./device.js";
import { around, attribute, isElement, tell, time } from "./page.js";
import { record } from "./record.js";

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

// The lead of each form, and of the fields outside of every form: its lead_id, and once it was sent, whether it was
// reported. A form that is sent again is the same submission until something tells of a new one: its page refused it the
// first time, or the visitor clicked twice.
let leads = new WeakMap();
function leadOf(form) {
  const place = form || document;
  if (!leads.has(place)) {
    const id = module.leadId();
    if (id) leads.set(place, { id });
  }
  return leads.get(place) || {};
}
export const leadIdOf = (form) => leadOf(form).id || "";

// What comes next is a new submission: the form was reset, or its page took the lead_id out that was sent.
export function renew(form) {
  if ("isReported" in leadOf(form)) leads.delete(form || document);
}

// What was begun under a consent that is gone is not finished under another.
export const forgetLeads = () => (leads = new WeakMap());

function send(tag, lead, form) {
  const { page, touches, consent, script } = record();
  const says = (name) => (form ? attribute(form, name) : "");
  const body = {
    v: 1,
    site: siteOf(tag),
    lead_id: lead.id,
    submitted_at: time(Date.now()),
    page,
    form: { id: says("id"), name: says("name"), action: says("action").split(/[?#]/)[0] },
    touches,
    consent,
    script,
  };
  // A key for each, so that tabs never write one list.
  const key = "throughline.lead." + lead.id;
  keep(key, JSON.stringify(body));
  // Who sends the form is never kept, so that it is told only now.
  body.user = tag.user && tag.user(form);
  return post(tag, "v1/leads", JSON.stringify(body), "omit").catch(() => {}).then((response) => {
    // What sends it again, and knows which answers are final, loads only where it is needed.
    if (!response || !response.ok) return tag.onDemand("queue", lead.id, response);
    drop(key);
    tell("lead", { lead_id: lead.id, state: response.status === 201 ? "stored" : "repeated" });
    return {};
  }).then(({ refused }) => {
    if (refused) throw new Error("lead refused " + refused);
    return lead.id;
  });
}

// What is being sent, or was: a form, or what a builder's adapter lets stand for a submission. `form` is its element.
export function report(tag, submission, form, isFilled, isMarked) {
  const lead = leadOf(submission);
  if (!lead.id || lead.isReported) return;
  lead.isReported = module.reports(isFilled, isMarked);
  if (lead.isReported) send(tag, lead, form).catch(() => {});
}

export const submitting = (tag, form) =>
  report(tag, form, form, fillForm(form), around(form, "[data-throughline-lead]"));

export function lead(tag, form) {
  if (!isElement(form)) form = undefined;
  renew(form);
  if (form) fillForm(form);
  else fillAll();
  const lead = leadOf(form);
  if (!lead.id) throw new Error("no lead before consent");
  lead.isReported = true;
  return send(tag, lead, form);
}
