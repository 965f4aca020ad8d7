// A form whose inputs are controlled as React's are: each has a `value` property of its own that follows what the state
// wrote, an event whose value the state already knows is none, and hidden inputs are never listened to.
function drawHubSpotForm(place, view) {
  place.innerHTML = `<form class="hs-form" novalidate>
    <div class="hs_email hs-form-field"><label>E-mail</label>
      <div class="input"><input name="email" class="hs-input" type="email" autocomplete="email"></div></div>
    <div class="hs_gclid hs-form-field" style="display: none;"><label>gclid</label>
      <div class="input"><input name="gclid" class="hs-input" type="hidden" value=""></div></div>
    <div class="hs_utm_campaign hs-form-field" style="display: none;"><label>utm_campaign</label>
      <div class="input"><input name="utm_campaign" class="hs-input" type="hidden" value=""></div></div>
    <div class="hs_lead_source hs-form-field" style="display: none;"><label>Source</label>
      <div class="input"><input name="hs_latest_source" class="hs-input" type="hidden" value="PAID"></div></div>
    <input name="hs_context" type="hidden" value="{}">
    <button data-send>Send</button></form>`;
  const form = place.firstElementChild, state = {};
  window.model = state;
  const { get, set } = Object.getOwnPropertyDescriptor(view.HTMLInputElement.prototype, "value");
  for (const input of form.querySelectorAll("input")) {
    input.__reactInternalInstance$9a1 = {}; // by which React's inputs are known
    let known = (state[input.name] = input.value);
    Object.defineProperty(input, "value", {
      configurable: true,
      get: () => get.call(input),
      set(value) {
        known = value;
        set.call(input, value);
      },
    });
    input.addEventListener("input", () => {
      if (input.type === "hidden" || get.call(input) === known) return;
      known = state[input.name] = get.call(input);
    });
  }
  window.postMessage({ type: "hsFormCallback", eventName: "onFormReady", id: "9a1" }, "*");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new FormData();
    for (const name in state) body.append(name, state[name]);
    await send(body);
    form.elements.email.value = state.email = "";
    sentTimes += 1;
  });
}
