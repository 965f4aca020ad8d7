// A form in the open shadow root of a Lit element. The elements stand in the page before they are defined, as they do
// where a server wrote them.
import { html, LitElement } from "lit";

class LeadForm extends LitElement {
  static properties = { kind: {}, values: { state: true } };

  constructor() {
    super();
    this.values = { email: "", utm_campaign: "", gclid: "" };
  }

  hear({ target }) {
    this.values = { ...this.values, [target.name]: target.value };
  }

  submit(event) {
    event.preventDefault();
    send(event.target, this.values);
  }

  field() {
    const { gclid } = this.values;
    return this.kind === "hidden"
      ? html`<input type="hidden" name="gclid" .value=${gclid} @input=${this.hear}>`
      : html`<input type="text" style="display: none" name="gclid" .value=${gclid} @input=${this.hear}>`;
  }

  render() {
    const { email, utm_campaign } = this.values;
    return html`
      <form @submit=${this.submit}>
        <label>E-mail <input name="email" .value=${email} @input=${this.hear}></label>
        <label>Campaign, if you know it <input name="utm_campaign" .value=${utm_campaign} @input=${this.hear}></label>
        ${this.field()}
        <button>Send</button>
      </form>`;
  }
}

document.getElementById("app").innerHTML =
  '<lead-form id="bound_hidden" kind="hidden"></lead-form><lead-form id="bound_text" kind="text"></lead-form>';
customElements.whenDefined("lead-form").then(() => standing(() => {
  document.querySelectorAll("lead-form").forEach((form) => form.requestUpdate());
}));
setTimeout(() => customElements.define("lead-form", LeadForm));
