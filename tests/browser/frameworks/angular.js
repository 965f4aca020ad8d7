// Angular's two kinds of forms, compiled in the page and without zone.js.
import "@angular/compiler";
import { Component, provideZonelessChangeDetection, signal } from "@angular/core";
import { FormControl, FormGroup, FormsModule, ReactiveFormsModule } from "@angular/forms";
import { bootstrapApplication } from "@angular/platform-browser";

const HIDDEN = 'type="hidden"';
const TEXT = 'type="text" style="display: none"';
const drawn = signal(0);

function reactive(selector, kind) {
  return Component({
    selector,
    imports: [ReactiveFormsModule],
    template: `
      <form id="${selector}" [attr.data-drawn]="drawn()" [formGroup]="form" (ngSubmit)="submit($event)">
        <label>E-mail <input name="email" formControlName="email"></label>
        <label>Campaign, if you know it <input name="utm_campaign" formControlName="utm_campaign"></label>
        <input ${kind} name="gclid" formControlName="gclid">
        <button>Send</button>
      </form>`,
  })(class {
    drawn = drawn;
    form = new FormGroup({ email: new FormControl(""), utm_campaign: new FormControl(""), gclid: new FormControl("") });
    submit = (event) => send(event.target, this.form.value);
  });
}

function templateDriven(selector, kind) {
  return Component({
    selector,
    imports: [FormsModule],
    template: `
      <form id="${selector}" [attr.data-drawn]="drawn()" (ngSubmit)="submit($event)">
        <label>E-mail <input name="email" [(ngModel)]="values.email"></label>
        <label>Campaign, if you know it <input name="utm_campaign" [(ngModel)]="values.utm_campaign"></label>
        <input ${kind} name="gclid" [(ngModel)]="values.gclid">
        <button>Send</button>
      </form>`,
  })(class {
    drawn = drawn;
    values = { email: "", utm_campaign: "", gclid: "" };
    submit = (event) => send(event.target, this.values);
  });
}

const Page = Component({
  selector: "main",
  imports: [
    reactive("reactive_hidden", HIDDEN),
    reactive("reactive_text", TEXT),
    templateDriven("model_hidden", HIDDEN),
    templateDriven("model_text", TEXT),
  ],
  template: `<reactive_hidden /><reactive_text /><model_hidden /><model_text />`,
})(class {});

bootstrapApplication(Page, { providers: [provideZonelessChangeDetection()] }).then((application) => {
  standing(() => {
    drawn.set(drawn() + 1);
    application.tick();
  });
});
