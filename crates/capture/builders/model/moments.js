// When a model is looked at again: when consent or the record changes, and at what may send the form, before the
// builder's own listeners, which stand further in.
export function atEachMoment(page, look) {
  page.onChange(look);
  for (const name of ["click", "submit"]) addEventListener(name, look, true);
}
