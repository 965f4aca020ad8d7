// Preact's ways to bind a field.
import { h, render } from "preact";
import { useState } from "preact/hooks";

const EMPTY = { email: "", utm_campaign: "", gclid: "" };
const OUT_OF_SIGHT = { display: "none" };

function Controlled({ name, type, style }) {
  const [values, setValues] = useState(EMPTY);
  const hear = ({ target }) => setValues((known) => ({ ...known, [target.name]: target.value }));
  const submit = (event) => {
    event.preventDefault();
    send(event.currentTarget, values);
  };
  return (
    <form id={name} onSubmit={submit}>
      <label>E-mail <input name="email" value={values.email} onInput={hear} /></label>
      <label>Campaign, if you know it <input name="utm_campaign" value={values.utm_campaign} onInput={hear} /></label>
      <input type={type} style={style} name="gclid" value={values.gclid} onInput={hear} />
      <button>Send</button>
    </form>
  );
}

const Page = ({ drawn }) => [
  <Controlled name="controlled_hidden" type="hidden" />,
  <Controlled name="controlled_text" type="text" style={OUT_OF_SIGHT} />,
  <Controlled name="made_anew" type="hidden" key={drawn} />,
];

let drawn = 0;
const draw = () => render(<Page drawn={(drawn += 1)} />, document.getElementById("app"));
draw();
standing(draw);
