// Solid's way to bind a field, with templates that need no compiler.
import { createSignal } from "solid-js";
import html from "solid-js/html";
import { render } from "solid-js/web";

const [drawn, setDrawn] = createSignal(0);

function form(name, field) {
  const [values, setValues] = createSignal({ email: "", utm_campaign: "", gclid: "" });
  const hear = ({ target }) => setValues({ ...values(), [target.name]: target.value });
  const submit = (event) => {
    event.preventDefault();
    send(event.target, values());
  };
  return html`
    <form id=${name} data-drawn=${drawn} onSubmit=${submit}>
      <label>E-mail <input name="email" value=${() => values().email} onInput=${hear}></label>
      <label>Campaign, if you know it <input name="utm_campaign" value=${() => values().utm_campaign} onInput=${hear}></label>
      ${field(() => values().gclid, hear)}
      <button>Send</button>
    </form>`;
}

const hidden = (gclid, hear) => html`<input type="hidden" name="gclid" value=${gclid} onInput=${hear} />`;
const text = (gclid, hear) =>
  html`<input type="text" style="display: none" name="gclid" value=${gclid} onInput=${hear} />`;

render(
  () => [
    form("bound_hidden", hidden),
    form("bound_text", text),
    () => drawn() + 1 && form("made_anew", hidden),
  ],
  document.getElementById("app"),
);
standing(() => setDrawn(drawn() + 1));
