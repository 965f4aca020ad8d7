// HubSpot's new editor (https://developers.hubspot.com/docs/api-reference/latest/marketing/forms/global-form-events).
//
// The HTML of a form comes before its script, and what is written into it until then is lost; afterwards the form sends
// its own state. So fields are set through its interface, under their full names, such as `0-1/gclid`.
import { attempt, keeper } from "./model/keeper.js";

export default function (page) {
  const keepers = new Map();

  // Each call may hand out another object for the same form.
  const idOf = (form) => (form.getInstanceId ? form.getInstanceId() : form);

  async function keepForm(form) {
    const id = idOf(form);
    const fields = await form.getFormFieldValues(), present = {};
    const elements = fields.map(({ name }) => document.getElementsByName(name)[0]);
    const element = elements.find((field) => field && field.form);
    if (!keepers.has(id)) keepers.set(id, keeper(page, element && element.form));
    fields.forEach(({ name, value }, place) => {
      if (!isShown(elements[place])) present[name] = value;
    });
    keepers.get(id)(present, (name, value) => form.setFieldValue(name, value));
  }
  // A form that is gone, or is another one than we know, is left as it is.
  const silently = (promise) => promise.catch(() => {});
  const forms = () => Array.from(attempt(() => window.HubSpotFormsV4.getForms()) || []);
  const keepAll = () => Promise.all(forms().map((form) => silently(keepForm(form))));

  for (const name of ["on-ready", "on-interaction:navigate"]) addEventListener("hs-form-event:" + name, keepAll);
  addEventListener("hs-form-event:on-submission:success", (event) => {
    const form = attempt(() => window.HubSpotFormsV4.getFormFromEvent(event));
    if (!form) return;
    attempt(() => keepers.get(idOf(form)).sent());
    silently(keepForm(form));
  });
  page.onChange(keepAll);
  keepAll();
}

// A field that the visitor sees is the visitor's. In a frame of HubSpot's own origin nobody can look.
function isShown(field) {
  return Boolean(field) && field.type !== "hidden" && field.getClientRects().length > 0;
}
