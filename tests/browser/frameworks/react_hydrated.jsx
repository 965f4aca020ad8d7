// A page that comes from a server with its forms already drawn, as frameworks around React send it, and that React takes over
// later: here it is told when, so that we have filled the fields long before.
import React from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { Controlled, OUT_OF_SIGHT, Uncontrolled } from "./react_fields.jsx";

function Page() {
  return (
    <>
      <Controlled name="controlled_hidden" type="hidden" />
      <Controlled name="controlled_text" type="text" style={OUT_OF_SIGHT} />
      <Uncontrolled name="uncontrolled_hidden" type="hidden" />
      <Uncontrolled name="uncontrolled_text" type="text" style={OUT_OF_SIGHT} />
    </>
  );
}

const place = document.getElementById("app");
place.innerHTML = renderToString(<Page />);
standing(() => new Promise((taken) => {
  function TakenOver() {
    React.useEffect(taken, []);
    return <Page />;
  }
  hydrateRoot(place, <TakenOver />);
}));
