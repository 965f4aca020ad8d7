// Form.io (https://help.form.io/developers/form-development/form-renderer). A hidden component has an input in the page,
// but the form sends its own data and hears no event of that input. `Formio.forms` holds every form that stands.
import { attempt, keeper } from "./model/keeper.js";
import { atEachMoment } from "./model/moments.js";

export default function (page) {
  const keepers = new WeakMap();

  function look(form) {
    const present = {}, components = {};
    form.everyComponent((component) => {
      if (component.type !== "hidden") return;
      present[component.key] = component.getValue();
      components[component.key] = component;
    });
    keepers.get(form)(present, (name, value) => components[name].setValue(value));
  }

  function lookAtAll() {
    for (const form of Object.values(window.Formio.forms || {})) {
      attempt(() => {
        if (!keepers.has(form)) begin(form);
        look(form);
      });
    }
  }

  function begin(form) {
    const keep = keeper(page, form.element && form.element.closest("form"));
    keepers.set(form, keep);
    for (const name of ["render", "change"]) form.on(name, () => attempt(() => look(form)));
    form.on("submit", keep.sent);
  }

  atEachMoment(page, lookAtAll);
  lookAtAll();
}
