// Finds the e-mail address and the phone number in a form that is being sent, and has them hashed. It is fetched before
// anybody sends a form, because a form waits for nothing: a form that is faster is reported without hashes.
import start from "./engine_chosen.js";

// How autofill calls a whole address or number (https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill),
// the surest first, and the types of inputs (https://html.spec.whatwg.org/multipage/input.html).
const EMAIL = ["[autocomplete~=email i]", "[type=email i]"];
const PHONE = ["[autocomplete~=tel i]", "[autocomplete~=tel-national i]", "[type=tel i]"];
// What the visitor cannot have written.
const TYPED = "input:is([type=email i],[type=tel i],[type=text i],:not([type]))";

// The members of a form are asked of its class: its inputs may have their names (DOM clobbering).
const elementsOf = (form) => Array.from(Reflect.get(HTMLFormElement.prototype, "elements", form));

// What the visitor wrote where one of these selectors fits.
function written(inputs, selectors) {
  for (const selector of selectors) {
    const found = inputs.find((input) => input.matches(selector) && input.value.trim());
    if (found) return found.value;
  }
  return "";
}

// Answers how the member `user` of a form's lead is made; that is `undefined` where there is nothing to tell, and where the
// visitor has not agreed.
export default async function ({ tag, state }) {
  const part = await start(tag.script.getAttribute("data-engine"));
  const country = tag.script.getAttribute("data-phone-country") || "";
  return (form) => {
    try {
      const inputs = elementsOf(form).filter((element) => element.matches(TYPED));
      const told = part.user(state(), written(inputs, EMAIL), written(inputs, PHONE), country);
      return told && JSON.parse(told);
    } catch {
      // No form, or one that plays tricks. Its lead goes without.
      return undefined;
    }
  };
}
