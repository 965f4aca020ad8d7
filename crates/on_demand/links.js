// Hands the visit over at the moment at which the visitor leaves, and never in advance: a link on the page holds nothing
// of the visitor before and after it. `leadTo` answers where an address leads that hands the visit over, or nothing.
const PARAMETER = "_tl";

export function decorate(leadTo) {
  for (const name of ["click", "auxclick", "contextmenu"]) {
    addEventListener(name, (event) => leave(linkOf(event), "href", leadTo), true);
  }
  addEventListener("submit", (event) => {
    try {
      submit(event, leadTo);
    } catch {
      // A form whose fields have the names of its methods.
    }
  }, true);
}

// The link may stand in a shadow tree, and the click hit something in the link.
const linkOf = (event) =>
  event.composedPath().find((node) => node instanceof HTMLAnchorElement || node instanceof HTMLAreaElement);

// The browser reads the attribute when it has told everybody of the event; then the link is as it was.
function leave(element, name, leadTo) {
  const written = element && element.getAttribute(name), href = written && decorated(written, element, leadTo);
  if (!href) return;
  element.setAttribute(name, href);
  setTimeout(() => {
    if (element.getAttribute(name) === href) element.setAttribute(name, written);
  });
}

function decorated(written, element, leadTo) {
  try {
    return leadTo(new URL(written, element.baseURI).href);
  } catch {
    // No address, or a part that failed: the visitor leaves as if we were not here.
  }
}

// The button may say other things than its form. Forms that fetch write their values in place of the address's query.
function submit({ target: form, submitter }, leadTo) {
  const says = (name) => (submitter && submitter.getAttribute("form" + name)) || form.getAttribute(name) || "";
  const method = says("method").toLowerCase();
  if (method === "dialog") return;
  if (method === "post") {
    const isButtons = submitter && submitter.hasAttribute("formaction");
    leave(isButtons ? submitter : form, isButtons ? "formaction" : "action", leadTo);
    return;
  }
  const href = decorated(says("action"), form, leadTo);
  if (!href) return;
  const token = new URL(href).searchParams.get(PARAMETER);
  form.addEventListener("formdata", (event) => event.formData.set(PARAMETER, token), { once: true });
}
