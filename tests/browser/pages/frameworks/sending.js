// What an application does with its own form: it posts what it holds as state, and it posts what the form holds. One
// submit shows both, so that a value which stands in the page and not in the state is seen.
function send(form, state) {
  fetch("/received/state", { method: "POST", body: JSON.stringify(state) });
  fetch("/received/form", { method: "POST", body: new URLSearchParams(new FormData(form)) });
}

// The page says that its forms stand, and how it draws them once more.
function standing(drawAgain) {
  window.drawAgain = drawAgain;
  window.isStanding = true;
}

// What stands in the hidden field of a form, which may be in the shadow root of an element.
function gclidIn(id) {
  const place = document.getElementById(id);
  return (place?.shadowRoot ?? place)?.querySelector("[name=gclid]")?.value;
}
