//! Forms of customer relations and marketing automation.

use super::{Builder, PLAIN, shown_by_pages};

shown_by_pages!("crm":
    "hubspot_legacy": HUBSPOT_LEGACY,
    "hubspot_legacy_in_a_frame": HUBSPOT_LEGACY_FRAME,
    "pardot": PARDOT,
    "salesforce": SALESFORCE,
    "zoho": ZOHO,
    "activecampaign": ACTIVECAMPAIGN,
    "mailchimp": MAILCHIMP,
    "jotform": JOTFORM,
    "google_forms": GOOGLE_FORMS,
);

/// Late, and controlled as React does it: what is sent is a state.
const HUBSPOT_LEGACY: Builder = Builder {
    page: "hubspot_legacy.html",
    sends: 2,
    body: &[
        ("email", "ada@example.com"),
        ("gclid", "{gclid}"),
        ("utm_campaign", "{utm_campaign}"),
        ("hs_latest_source", "PAID"),
        ("hs_context", "{}"),
    ],
    ..PLAIN
};

/// The same in a frame of the page's own origin, where the page's `HTMLInputElement` is another one.
const HUBSPOT_LEGACY_FRAME: Builder = Builder {
    page: "hubspot_legacy_frame.html",
    frame: "iframe.hs-form-iframe",
    ..HUBSPOT_LEGACY
};

/// Opaque names; the owner's word is a class of the paragraph around the field.
const PARDOT: Builder = Builder {
    page: "pardot.html",
    body: &[
        ("934963_128671pi_934963_128671", "ada@example.com"),
        ("934963_128679pi_934963_128679", "{utm_campaign}"),
        ("934963_128681pi_934963_128681", "{gclid}"),
        ("934963_128683pi_934963_128683", ""),
        ("lead_id", "{lead_id}"),
        ("pi_extra_field", ""),
        ("_utf8", "☃"),
        ("hiddenDependentFields", ""),
    ],
    ..PLAIN
};

/// Opaque names, tokens, a map, and a button that shadows `form.submit`.
const SALESFORCE: Builder = Builder {
    page: "salesforce.html",
    body: &[
        ("oid", "00D8d000001abcd"),
        ("retURL", "https://www.example.com/thanks"),
        ("email", "ada@example.com"),
        ("00N8d00000QN3Qa", "{gclid}"),
        ("00N8d00000QN3Qf", "{utm_campaign}"),
        ("00N8d00000QN3Qk", "[channel_of_a_stranger]"),
        ("00N8d00000QN3Qp", "{lead_id}"),
        ("lead_source", "Web"),
        ("Campaign_ID", ""),
        ("submit", "Send"),
    ],
    ..PLAIN
};

/// Its tokens against forgery and its trap are text fields that CSS hides.
const ZOHO: Builder = Builder {
    page: "zoho.html",
    body: &[
        ("xnQsjsdp", "7d09"),
        ("zc_gad", "{gclid}"),
        ("xmIwtLD", "a8f2"),
        ("actionType", "TGVhZHM="),
        ("returnURL", "https://www.example.com"),
        ("Email", "ada@example.com"),
        ("LEADCF3", "{utm_campaign}"),
        ("LEADCF4", "{lead_id}"),
        ("aG9uZXlwb3Q", ""),
    ],
    ..PLAIN
};

/// The owner's word stands in `data-name`; `source` is a field of the owner.
const ACTIVECAMPAIGN: Builder = Builder {
    page: "activecampaign.html",
    sends: 2,
    body: &[
        ("u", "5"),
        ("f", "5"),
        ("s", ""),
        ("c", "0"),
        ("act", "sub"),
        ("v", "2"),
        ("email", "ada@example.com"),
        ("field[6]", "{utm_campaign}"),
        ("field[7]", "{gclid}"),
        ("field[8]", ""),
        ("field[9][]", "~|"),
    ],
    ..PLAIN
};

/// Merge tags have at most ten characters.
const MAILCHIMP: Builder = Builder {
    page: "mailchimp.html",
    body: &[
        ("EMAIL", "ada@example.com"),
        ("GCLID", "{gclid}"),
        ("UCAMPAIGN", "{utm_campaign}"),
        ("tags", "3452"),
        ("b_a1b2c3d4e5f60718293a4b5c6_9f8e7d6c5b", ""),
        ("subscribe", "Subscribe"),
    ],
    ..PLAIN
};

/// Names carry the number of the question.
const JOTFORM: Builder = Builder {
    page: "jotform.html",
    body: &[
        ("formID", "2410"),
        ("q3_email", "ada@example.com"),
        ("q7_gclid", "{gclid}"),
        ("q8_utm_campaign", "{utm_campaign}"),
        ("q9_typeA", "{lead_id}"),
        ("website", ""),
        ("simple_spc", "2410-2410"),
    ],
    ..PLAIN
};

/// A page of the owner's own that posts to Google's address with Google's names.
const GOOGLE_FORMS: Builder = Builder {
    page: "google_forms.html",
    sends: 2,
    body: &[
        ("emailAddress", "ada@example.com"),
        ("entry.1001", "{gclid}"),
        ("entry.1002", "{utm_campaign}"),
        ("entry.1003", "{lead_id}"),
        ("entry.1004", ""),
        ("fvv", "1"),
        ("pageHistory", "0"),
        ("fbzx", "-77"),
    ],
    ..PLAIN
};
