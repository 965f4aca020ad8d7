// What the pages of form builders share. Each page is our own: it imitates how the builder's form behaves, as its
// documents and its markup tell, and holds none of the builder's code.

// How often the form was sent and its answer handled.
window.sentTimes = 0;

// Sends a body as the builder's script does, and answers when the server has taken it.
async function send(body, headers) {
  await fetch("/received", { method: "POST", body, headers });
}

// Whether a field anywhere in the page, in its own frames and open shadow roots, or a model of the page holds this text.
function holds(text, root = document) {
  if (root === document && JSON.stringify(window.model || "").includes(text)) return true;
  return Array.from(root.querySelectorAll("*")).some((element) => {
    // A form's own `matches` may be an input.
    if (/^(input|textarea)$/.test(element.localName)) return element.value.includes(text);
    if (element.localName === "iframe") return element.contentDocument && holds(text, element.contentDocument);
    return element.shadowRoot && holds(text, element.shadowRoot);
  });
}
