// Marketo (https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/javascriptapi/forms-api-reference).
//
// The form is drawn late, drawn again when its rules change, and sent by Marketo's own script without an event that
// others hear. Its interface tells of each moment. Only fields that the form has are set; a preset of the owner stays.
import { keeper } from "./model/keeper.js";

export default function (page) {
  window.MktoForms2.whenReady((form) => {
    const element = form.getFormElem()[0], keep = keeper(page, element);
    function look() {
      const values = form.vals(), present = {};
      for (const input of element.querySelectorAll("input[type=hidden]")) {
        if (input.name in values) present[input.name] = values[input.name];
      }
      keep(present, (name, value) => form.vals({ [name]: value }));
    }
    look();
    page.onChange(look);
    form.onSubmit(look);
    form.onSuccess(() => {
      keep.sent();
      look();
    });
    if (window.MktoForms2.onFormRender) window.MktoForms2.onFormRender((drawn) => drawn === form && look());
  });
}
