// A page that uses everything of `throughline.d.ts`, and lines that must not compile: without its error, a line marked
// `@ts-expect-error` is one itself. `cargo xtask check` compiles this; nothing runs it.
import type { ConsentState, Throughline, Touch, Views } from "../../crates/capture/throughline";

export async function all(form: HTMLFormElement): Promise<void> {
  const api: Throughline | undefined = window.throughline;
  if (!api) return;
  const same: Throughline = await api.ready;
  same.consent({ ad_storage: "granted", ad_user_data: "granted", ad_personalization: "denied" });
  same.consent({ ad_storage: "denied" });
  same.consent({});
  same.fill();
  same.fill(form);
  same.fill(document.querySelector("form"));
  same.forget();
  const ids: string[] = [await same.lead(), await same.lead(form)];
  const sentences: string[] = await same.explain();
  console.log(ids, sentences, window.throughline?.get());
}

export function read(views: Views): (string | undefined)[] {
  const { consent, first, last, clicks } = views;
  const touches: (Touch | null | undefined)[] = [first, last, clicks["google"], ...Object.values(clicks)];
  const ofTouches = touches.flatMap((touch) =>
    touch
      ? [touch.at, touch.landing, touch.referrer, touch.ids["gclid"], touch.utm["utm_source"], touch.params["plan"]]
      : [],
  );
  const granted: "granted" = consent.ad_storage;
  const basis: "explicit" | "implied" | "policy_default" | "not_required" = consent.basis;
  return [
    ...ofTouches,
    first?.cookie,
    first?.fbc,
    granted,
    basis,
    consent.ad_user_data,
    consent.ad_personalization,
    consent.source,
    consent.observed_at,
  ];
}

export function listen(api: Throughline): void {
  api.on("ready", (detail) => {
    const nothing: null = detail;
    console.log(nothing);
  });
  api.on("change", ({ consent }) => {
    const state: ConsentState = consent;
    console.log(state);
  });
  api.on("lead", (lead) => {
    if (lead.state === "refused") console.log(lead.code.length);
    if (lead.state === "waiting") console.log(lead.code === "");
    if (lead.state === "dropped") console.log(lead.code === "too_old" || lead.code === "too_many");
    if (lead.state === "stored" || lead.state === "repeated") console.log(lead.lead_id);
  });
  document.addEventListener("throughline:ready", (event) => console.log(event.detail === null));
  document.addEventListener("throughline:change", (event) => console.log(event.detail.consent === "pending"));
  document.addEventListener("throughline:lead", (event) => console.log(event.detail.state, event.detail.lead_id));
}

export function mustNotCompile(api: Throughline, views: Views, form: HTMLFormElement): void {
  // @ts-expect-error The bare name throws until the tag has run.
  throughline.get();
  // @ts-expect-error The tag may not have run yet.
  window.throughline.get();
  // @ts-expect-error There is nothing before a grant.
  api.get().first;
  // @ts-expect-error A first visit may be unknown.
  views.first.at;
  // @ts-expect-error Not every visitor clicked an ad of this platform.
  views.clicks["google"].at;
  // @ts-expect-error Not every click carries this id.
  views.last?.ids["gclid"].length;
  // @ts-expect-error An answer is one of two words.
  api.consent({ ad_storage: "yes" });
  // @ts-expect-error An answer is no truth value.
  api.consent({ ad_storage: true });
  // @ts-expect-error A misspelt question would be answered by nobody.
  api.consent({ ad_storrage: "granted" });
  // @ts-expect-error No element, no fields.
  api.fill("#contact");
  // @ts-expect-error A lead takes a form, not its values.
  void api.lead({ email: "ada@example.com" });
  // @ts-expect-error The lead id comes later.
  api.lead(form).length;
  // @ts-expect-error The sentences come later.
  api.explain().length;
  // @ts-expect-error There is no such event.
  api.on("submit", () => {});
  // @ts-expect-error What a change brings has no lead id.
  api.on("change", (detail) => detail.lead_id);
  // @ts-expect-error There is no such state of a lead.
  api.on("lead", (lead) => lead.state === "sent");
  // @ts-expect-error There is no such state of consent.
  document.addEventListener("throughline:change", (event) => event.detail.consent === "yes");
  // @ts-expect-error The views are for reading.
  views.consent.source = "site";
  // @ts-expect-error The page's own script is frozen.
  api.ready = Promise.resolve(api);
  // @ts-expect-error And it is not replaced.
  window.throughline = api;
}
