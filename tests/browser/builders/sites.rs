//! Site builders, landing pages and services that take a plain form.

use super::{Builder, PLAIN, shown_by_pages};

shown_by_pages!("sites":
    "webflow": WEBFLOW,
    "unbounce": UNBOUNCE,
    "netlify": NETLIFY,
    "formspree": FORMSPREE,
    "drupal": DRUPAL,
    "shopify": SHOPIFY,
);

/// Text fields that a class of the owner hides; a visible one is called `medium`, and has that class too.
const WEBFLOW: Builder = Builder {
    page: "webflow.html",
    sends: 2,
    body: &[
        ("name", "Email Form"),
        ("fields[Email]", "ada@example.com"),
        ("fields[medium]", ""),
        ("fields[UTM Campaign]", "{utm_campaign}"),
        ("fields[GCLID]", "{gclid}"),
        ("fields[lead_id]", "{lead_id}"),
    ],
    ..PLAIN
};

/// Sent by a link that a script listens to.
const UNBOUNCE: Builder = Builder {
    page: "unbounce.html",
    body: &[
        ("pageId", "3f2a"),
        ("pageVariant", "a"),
        ("utm_campaign", "{utm_campaign}"),
        ("gclid", "{gclid}"),
        ("utm_medium", "email"),
        ("lead_id", "{lead_id}"),
        ("email", "ada@example.com"),
    ],
    ..PLAIN
};

/// The form names its own trap, and the trap has one of our names.
const NETLIFY: Builder = Builder {
    page: "netlify.html",
    sends: 2,
    body: &[
        ("form-name", "contact"),
        ("utm_content", ""),
        ("utm_campaign", "{utm_campaign}"),
        ("gclid", "{gclid}"),
        ("email", "ada@example.com"),
    ],
    ..PLAIN
};

/// Sent as JSON.
const FORMSPREE: Builder = Builder {
    page: "formspree.html",
    sends: 2,
    body: &[(
        "",
        r#"{"_subject":"A lead","_replyto":"","_gotcha":"","gclid":"{gclid}","utm_campaign":"{utm_campaign}","email":"ada@example.com"}"#,
    )],
    ..PLAIN
};

/// Comes anew with every answer.
const DRUPAL: Builder = Builder {
    page: "drupal.html",
    sends: 2,
    body: &[
        ("form_build_id", "form-1"),
        ("form_token", "t0k"),
        ("form_id", "webform_submission_contact"),
        ("utm_campaign", "{utm_campaign}"),
        ("gclid", "{gclid}"),
        ("lead_id", "{lead_id}"),
        ("email", "ada@example.com"),
        ("url", ""),
    ],
    ..PLAIN
};

/// One of its fields stands outside of the form and is drawn again when the visitor changes something.
const SHOPIFY: Builder = Builder {
    page: "shopify.html",
    body: &[
        ("attributes[utm_campaign]", "{utm_campaign}"),
        ("form_type", "contact"),
        ("utf8", "✓"),
        ("contact[email]", "ada@example.com"),
        ("contact[gclid]", "{gclid}"),
        ("contact[lead_id]", "{lead_id}"),
        ("contact[tags]", "newsletter"),
    ],
    ..PLAIN
};
