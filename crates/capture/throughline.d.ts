// The types of `window.throughline` and of its events, for TypeScript and for editors. Copy this file into your project,
// or fetch it from your deployment: `https://www.example.com/throughline/throughline.d.ts`. Any `tsconfig.json` that
// includes it knows the page's own `throughline`; types are imported from it by name.

/** What somebody answered to one question of consent. */
export type ConsentAnswer = "granted" | "denied";

/** Where consent stands. Nothing is kept, filled or sent before it is `granted`. */
export type ConsentState = "pending" | ConsentAnswer;

/** The visitor's answers, under the names of Google Consent Mode. What nobody answered is left out. */
export interface ConsentAnswers {
  readonly ad_storage?: ConsentAnswer;
  readonly ad_user_data?: ConsentAnswer;
  readonly ad_personalization?: ConsentAnswer;
}

/** The grant under which a record is kept. */
export interface ConsentSnapshot extends ConsentAnswers {
  readonly ad_storage: "granted";
  /** Who said it: `site`, `consent_mode`, `tcf`, or the id of a consent tool such as `cookiebot`. */
  readonly source: string;
  /** Whether the visitor chose, or why no choice was needed. */
  readonly basis: "explicit" | "implied" | "policy_default" | "not_required";
  /** When it was first seen: RFC 3339 in UTC, with milliseconds. */
  readonly observed_at: string;
}

/** Parameters of an address: name to value, byte for byte as they stood there. */
export type Parameters = Readonly<Partial<Record<string, string>>>;

/** One visit. It is never merged with another. */
export interface Touch {
  /** RFC 3339 in UTC, with milliseconds. */
  readonly at: string;
  /** The landing page without its query and fragment; empty where nothing is known of it. */
  readonly landing: string;
  /** The referrer, shortened alike; empty where there is none. */
  readonly referrer: string;
  /** Click ids, such as `gclid`. */
  readonly ids: Parameters;
  /** Campaign parameters, such as `utm_source`. */
  readonly utm: Parameters;
  /** The parameters that the site names by `data-params`. */
  readonly params: Parameters;
  /** The platform's own cookie that the id was read from, such as `_gcl_aw`; only where there was no landing. */
  readonly cookie?: string;
  /** The text of the cookie `_fbc`, as Meta wants it back. */
  readonly fbc?: string;
}

/** What is known of the visitor. */
export interface Views {
  readonly consent: ConsentSnapshot;
  /** The first visit that is remembered. */
  readonly first: Touch | null;
  /** The newest one. */
  readonly last: Touch | null;
  /** Ad platform, such as `google`, to the newest visit that carries its click id. */
  readonly clicks: Readonly<Partial<Record<string, Touch>>>;
}

/** The state of consent has changed, or what is known under it. */
export interface ChangeDetail {
  readonly consent: ConsentState;
}

/** What became of one lead. `waiting` may come first; the others are the end of it. */
export type LeadDetail =
  | { readonly lead_id: string; readonly state: "stored" | "repeated"; readonly code?: undefined }
  /**
   * No final answer yet: the lead waits in this browser and is sent again, by this page or the next one, for seven days.
   * `code` is the collector's, or the HTTP status where it gave none, or empty where nothing answered.
   */
  | { readonly lead_id: string; readonly state: "waiting"; readonly code: string }
  /** Refused for good. `code` is the collector's, or the HTTP status where it gave none. */
  | { readonly lead_id: string; readonly state: "refused"; readonly code: string }
  /** Given up, because it waited too long or too many wait. A withdrawal of consent drops what waits without a word. */
  | { readonly lead_id: string; readonly state: "dropped"; readonly code: "too_old" | "too_many" };

/** Event to what it brings, by the names that `on` takes. On `document` each has `throughline:` before its name. */
export interface EventDetails {
  ready: null;
  change: ChangeDetail;
  lead: LeadDetail;
}

/** What a page may ask for, and may tell. */
export interface Throughline {
  /** Fulfilled when the script stands; rejected where the page, the browser or the network does not let it run. */
  readonly ready: Promise<Throughline>;
  /** What is known of the visitor; `null` before a grant, and before the script stands. */
  get(): Views | null;
  /** Tells the visitor's own choice. Questions that are left out keep their answers. */
  consent(answers: ConsentAnswers): void;
  /** Fills the fields below this element, or of the whole document: for forms that came into the page by themselves. */
  fill(root?: Element | null): void;
  /** Takes back what was filled and forgets the visitor on this device. Consent itself stays as it is. */
  forget(): void;
  /** Sends a lead, of this form or of none, and answers its `lead_id` once it is stored or waits. Rejected without a grant, or if refused. */
  lead(form?: HTMLFormElement | null): Promise<string>;
  /** Sentences for people: what was seen, what was kept, and why a field is empty. */
  explain(): Promise<string[]>;
  /** Listens to an event. */
  on<Name extends keyof EventDetails>(name: Name, hear: (detail: EventDetails[Name]) => void): void;
}

declare global {
  interface Window {
    /** Missing until `tag.js` has run, which loads beside the page; the bare name `throughline` would throw till then. */
    readonly throughline?: Throughline;
  }

  interface DocumentEventMap {
    "throughline:ready": CustomEvent<EventDetails["ready"]>;
    "throughline:change": CustomEvent<EventDetails["change"]>;
    "throughline:lead": CustomEvent<EventDetails["lead"]>;
  }
}
