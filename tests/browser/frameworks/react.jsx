// A page that React draws in the browser.
import React from "react";
import { createRoot } from "react-dom/client";
import { Constant, Controlled, OUT_OF_SIGHT, Uncontrolled } from "./react_fields.jsx";

function Page({ drawn }) {
  return (
    <>
      <Controlled name="controlled_hidden" type="hidden" />
      <Controlled name="controlled_text" type="text" style={OUT_OF_SIGHT} />
      <Uncontrolled name="uncontrolled_hidden" type="hidden" />
      <Uncontrolled name="uncontrolled_text" type="text" style={OUT_OF_SIGHT} />
      <Constant name="constant_hidden" type="hidden" />
      <Constant name="constant_text" type="text" style={OUT_OF_SIGHT} />
      <Controlled name="made_anew" type="hidden" key={drawn} />
    </>
  );
}

const root = createRoot(document.getElementById("app"));
let drawn = 0;
const draw = () => root.render(<Page drawn={(drawn += 1)} />);
draw();
standing(draw);
