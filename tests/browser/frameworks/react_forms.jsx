// The form libraries of React, each as its documentation binds a field.
import { Field as FormikField, Form as FormikForm, Formik } from "formik";
import React from "react";
import { createRoot } from "react-dom/client";
import { Field as FinalField, Form as FinalForm } from "react-final-form";
import { useForm as useHookForm } from "react-hook-form";
import { useForm as useTanStackForm } from "@tanstack/react-form";

const EMPTY = { email: "", utm_campaign: "", gclid: "" };
const OUT_OF_SIGHT = { display: "none" };

function HookForm({ name, type, style }) {
  const { register, handleSubmit } = useHookForm({ defaultValues: EMPTY });
  return (
    <form id={name} onSubmit={handleSubmit((values, event) => send(event.target, values))}>
      <label>E-mail <input {...register("email")} /></label>
      <label>Campaign, if you know it <input {...register("utm_campaign")} /></label>
      <input type={type} style={style} {...register("gclid")} />
      <button>Send</button>
    </form>
  );
}

function FormikPage({ name, type, style }) {
  return (
    <Formik initialValues={EMPTY} onSubmit={(values) => send(document.getElementById(name), values)}>
      <FormikForm id={name}>
        <label>E-mail <FormikField name="email" /></label>
        <label>Campaign, if you know it <FormikField name="utm_campaign" /></label>
        <FormikField name="gclid" type={type} style={style} />
        <button>Send</button>
      </FormikForm>
    </Formik>
  );
}

function TanStackForm({ name, type, style }) {
  const form = useTanStackForm({
    defaultValues: EMPTY,
    onSubmit: ({ value }) => send(document.getElementById(name), value),
  });
  const input = (attributes) => (field) => (
    <input
      {...attributes}
      name={field.name}
      value={field.state.value}
      onBlur={field.handleBlur}
      onChange={(event) => field.handleChange(event.target.value)}
    />
  );
  return (
    <form id={name} onSubmit={(event) => { event.preventDefault(); form.handleSubmit(); }}>
      <label>E-mail <form.Field name="email">{input({})}</form.Field></label>
      <label>Campaign, if you know it <form.Field name="utm_campaign">{input({})}</form.Field></label>
      <form.Field name="gclid">{input({ type, style })}</form.Field>
      <button>Send</button>
    </form>
  );
}

function FinalFormPage({ name, type, style }) {
  return (
    <FinalForm initialValues={EMPTY} onSubmit={(values) => send(document.getElementById(name), values)}>
      {({ handleSubmit }) => (
        <form id={name} onSubmit={handleSubmit}>
          <label>E-mail <FinalField name="email" component="input" /></label>
          <label>Campaign, if you know it <FinalField name="utm_campaign" component="input" /></label>
          <FinalField name="gclid" component="input" type={type} style={style} />
          <button>Send</button>
        </form>
      )}
    </FinalForm>
  );
}

const LIBRARIES = { hook_form: HookForm, formik: FormikPage, tanstack: TanStackForm, final_form: FinalFormPage };

function Page() {
  return Object.entries(LIBRARIES).map(([library, Library]) => (
    <React.Fragment key={library}>
      <Library name={`${library}_hidden`} type="hidden" />
      <Library name={`${library}_text`} type="text" style={OUT_OF_SIGHT} />
    </React.Fragment>
  ));
}

const root = createRoot(document.getElementById("app"));
let drawn = 0;
const draw = () => root.render(<Page drawn={(drawn += 1)} />);
draw();
standing(draw);
