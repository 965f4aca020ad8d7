// React's ways to bind a field. One source for versions 19, 18 and 16: the bundler says which `react` it means.
import React from "react";

const EMPTY = { email: "", utm_campaign: "", gclid: "" };
export const OUT_OF_SIGHT = { display: "none" };

// What stands around the hidden field: one field that the visitor fills, and a visible one that bears a name of ours.
function Form({ name, onSubmit, read, children }) {
  return (
    <form id={name} onSubmit={(event) => { event.preventDefault(); onSubmit(event.currentTarget); }}>
      <label>E-mail <input name="email" {...read("email")} /></label>
      <label>Campaign, if you know it <input name="utm_campaign" {...read("utm_campaign")} /></label>
      {children}
      <button>Send</button>
    </form>
  );
}

// Every value lives in the component's state.
export function Controlled({ name, type, style }) {
  const [values, setValues] = React.useState(EMPTY);
  const hear = ({ target }) => {
    const { name, value } = target;
    setValues((known) => ({ ...known, [name]: value }));
  };
  const read = (field) => ({ value: values[field], onChange: hear });
  return (
    <Form name={name} onSubmit={(form) => send(form, values)} read={read}>
      <input type={type} style={style} name="gclid" {...read("gclid")} />
    </Form>
  );
}

// The values live in the page, and the component asks for them when it needs them.
export function Uncontrolled({ name, type, style }) {
  const gclid = React.useRef(null);
  const onSubmit = (form) => {
    const { email, utm_campaign } = form.elements;
    send(form, { email: email.value, utm_campaign: utm_campaign.value, gclid: gclid.current.value });
  };
  return (
    <Form name={name} onSubmit={onSubmit} read={() => ({ defaultValue: "" })}>
      <input type={type} style={style} name="gclid" defaultValue="" ref={gclid} />
    </Form>
  );
}

// A value that the component never changes: its state has no place for ours.
export function Constant({ name, type, style }) {
  const onSubmit = (form) => {
    const { email, utm_campaign } = form.elements;
    send(form, { email: email.value, utm_campaign: utm_campaign.value, gclid: "" });
  };
  return (
    <Form name={name} onSubmit={onSubmit} read={() => ({ defaultValue: "" })}>
      <input type={type} style={style} name="gclid" value="" readOnly />
    </Form>
  );
}
