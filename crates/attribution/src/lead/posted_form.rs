//! A plain HTML form that posts straight to the collector, where no script runs:
//!
//! ```html
//! <form method="post" action="/throughline/v1/leads">
//!   <input type="hidden" name="site" value="default">
//!   <input type="hidden" name="redirect" value="/thanks">
//!   <input type="hidden" name="gclid" value="…">
//!   <label><input type="checkbox" name="ad_storage" value="granted"> You may remember which ad brought me here</label>
//!   <input name="website_confirm" tabindex="-1" autocomplete="off" style="position:absolute;left:-99rem">
//! </form>
//! ```
//!
//! Read are the names below, the click ids and the `utm_` values. Every other field is the visitor's own, and is neither
//! looked at nor kept.

use std::collections::BTreeMap;

use super::received::{Body, ReceivedConsent, ReceivedLead, ReceivedTouch, ReceivedUser};
use super::{FormName, LEAD_VERSION};
use crate::campaign::is_utm;
use crate::click_id::ClickIdParameter;
use crate::lead_id::LeadId;
use crate::page_address::PageAddress;
use crate::timestamp::Timestamp;

/// A text field that the page hides from people. Whoever fills it in is a robot.
pub const HONEYPOT_FIELD: &str = "website_confirm";

/// The site where the form names none, as on the script's tag.
const SITE_DEFAULT: &str = "default";

/// Who the lead says has decided: the form itself.
const CONSENT_SOURCE: &str = "form";

/// What the collector knows of a form post beside its fields.
#[derive(Clone, Copy, Debug)]
pub struct FormArrival<'a> {
    /// When it came.
    pub now: Timestamp,
    /// The page that it came from, with its origin; empty where the browser does not say.
    pub page: &'a str,
    /// Fresh random bits for a lead_id, where the form has none.
    pub random: [u64; 2],
}

/// The fields of a form, sorted; the lead in it is still unchecked.
#[derive(Debug)]
pub struct PostedForm {
    received: ReceivedLead,
    redirect: Option<String>,
    is_honeypot_filled: bool,
}

impl PostedForm {
    /// Takes what is the collector's out of decoded fields. The first value of a name wins; an empty one is none.
    #[must_use]
    pub fn read(fields: impl IntoIterator<Item = (String, String)>, arrival: FormArrival<'_>) -> Self {
        let mut texts: BTreeMap<&'static str, String> = BTreeMap::new();
        let mut ids = BTreeMap::new();
        let mut utm = BTreeMap::new();
        for (name, value) in fields {
            if value.is_empty() {
                continue;
            }
            if let Some(known) = NAMES.into_iter().find(|known| *known == name) {
                texts.entry(known).or_insert(value);
            } else if is_utm(&name) {
                utm.entry(name).or_insert(value);
            } else if ClickIdParameter::named(&name).is_some() {
                ids.entry(name).or_insert(value);
            }
        }
        let mut text = |name: &'static str| texts.remove(name).unwrap_or_default();
        let visited_at = Timestamp::from_rfc3339(&text("visited_at"));
        let touch = ReceivedTouch {
            at: visited_at.unwrap_or(arrival.now).min(arrival.now),
            landing: text("landing_page"),
            referrer: text("referrer"),
            ids,
            utm,
            params: BTreeMap::new(),
            cookie: None,
            fbc: None,
        };
        let lead_id = Some(text("lead_id"))
            .filter(|lead_id| !lead_id.is_empty())
            .unwrap_or_else(|| LeadId::from_random(arrival.random).as_str().to_owned());
        let body = Body {
            v: LEAD_VERSION,
            site: Some(text("site"))
                .filter(|site| !site.is_empty())
                .unwrap_or_else(|| SITE_DEFAULT.to_owned()),
            lead_id,
            submitted_at: arrival.now,
            page: PageAddress::of(arrival.page).map_or(String::new(), |page| page.as_str().to_owned()),
            form: FormName::default(),
            touches: Some(touch).filter(says_anything).into_iter().collect(),
            consent: ReceivedConsent {
                ad_storage: text("ad_storage"),
                ad_user_data: text("ad_user_data"),
                ad_personalization: text("ad_personalization"),
                source: CONSENT_SOURCE.to_owned(),
                basis: "explicit".to_owned(),
                observed_at: Some(arrival.now),
            },
            // The fields that the visitor filled in are none of our business.
            user: ReceivedUser::default(),
            script: String::new(),
        };
        Self {
            redirect: Some(text("redirect")).filter(|path| !path.is_empty()),
            is_honeypot_filled: !text(HONEYPOT_FIELD).is_empty(),
            received: ReceivedLead(body),
        }
    }

    /// The site that the form names.
    #[must_use]
    pub fn site(&self) -> &str {
        self.received.site()
    }

    /// Whether the field that no person sees was filled in.
    #[must_use]
    pub fn is_honeypot_filled(&self) -> bool {
        self.is_honeypot_filled
    }

    /// The lead, to be checked as one that a script has sent.
    #[must_use]
    pub fn into_lead(self) -> ReceivedLead {
        self.received
    }

    /// The address of the page that follows: the form's `redirect`, else the page of the form, else the first page. It
    /// begins with `page_origin` and a slash whatever the form says, so it never leads to another host.
    #[must_use]
    pub fn next_page(&self, page_origin: &str, page: &str) -> String {
        let back = page
            .strip_prefix(page_origin)
            .and_then(|path| path.split(['?', '#']).next())
            .filter(|path| path.starts_with('/'));
        let wanted = self.redirect.as_deref().filter(|path| path.starts_with('/'));
        let path = wanted.or(back).unwrap_or("/");
        let mut address = page_origin.to_owned();
        for byte in path.bytes() {
            // What may not stand in a header or would be read as something else is escaped
            // (<https://url.spec.whatwg.org/#path-percent-encode-set>).
            if byte.is_ascii_graphic()
                && !matches!(
                    byte,
                    b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}'
                )
            {
                address.push(char::from(byte));
            } else {
                address.push_str(&format!("%{byte:02X}"));
            }
        }
        address
    }
}

/// The names that are read beside click ids and `utm_` values. They are those that the script fills into forms.
const NAMES: [&str; 10] = [
    "site",
    "lead_id",
    "redirect",
    "landing_page",
    "referrer",
    "visited_at",
    "ad_storage",
    "ad_user_data",
    "ad_personalization",
    HONEYPOT_FIELD,
];

/// A form without an id, a campaign or a page to land on tells of no visit.
fn says_anything(touch: &ReceivedTouch) -> bool {
    !touch.ids.is_empty() || !touch.utm.is_empty() || !touch.landing.is_empty() || !touch.referrer.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lead::LeadRefusal;
    use serde_json::{Value, json};

    /// 2026-11-23T12:00:00Z.
    const NOW: i64 = 1_795_435_200_000;

    fn form(fields: &[(&str, &str)]) -> PostedForm {
        let fields = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let arrival = FormArrival {
            now: Timestamp::from_ms(NOW),
            page: "https://www.example.com/contact?email=ann@example.com",
            random: [1, 2],
        };
        PostedForm::read(fields, arrival)
    }

    fn lead_of(fields: &[(&str, &str)]) -> Result<Value, LeadRefusal> {
        let lead = form(fields).into_lead().accept()?;
        Ok(serde_json::to_value(&lead).expect("JSON"))
    }

    #[test]
    fn the_collectors_fields_become_a_lead_and_the_visitors_own_are_left_alone() {
        let lead = lead_of(&[
            ("name", "Ann Lee"),
            ("email", "ann@example.com"),
            ("site", "shop"),
            ("lead_id", "7k3m-9qxa-2f4h-jk5n-r"),
            ("gclid", "Cj0KCQ-_"),
            ("gclid", "second"),
            ("msclkid", ""),
            ("utm_source", "google"),
            ("utm_password", "x"),
            ("landing_page", "https://www.example.com/lp?x=1"),
            ("referrer", "https://www.google.com/search?q=x"),
            ("visited_at", "2026-11-20T09:00:00Z"),
            ("ad_storage", "granted"),
            ("ad_user_data", "denied"),
        ]);
        let expected = json!({"v": 1, "site": "shop", "lead_id": "7K3M9QXA2F4HJK5NR",
            "submitted_at": "2026-11-23T12:00:00.000Z", "page": "https://www.example.com/contact",
            "form": {"id": "", "name": "", "action": ""},
            "touches": [{"at": "2026-11-20T09:00:00.000Z", "landing": "https://www.example.com/lp",
                "referrer": "https://www.google.com/search", "ids": {"gclid": "Cj0KCQ-_"},
                "utm": {"utm_source": "google"}, "params": {}}],
            "consent": {"ad_storage": "granted", "ad_user_data": "denied", "source": "form", "basis": "explicit",
                "observed_at": "2026-11-23T12:00:00.000Z"},
            "script": ""});
        assert_eq!(lead, Ok(expected));
    }

    #[test]
    fn a_form_that_says_little_still_makes_a_lead() {
        let lead = lead_of(&[("ad_storage", "granted")]).expect("a lead");
        assert_eq!(lead["site"], "default");
        assert_eq!(lead["lead_id"], LeadId::from_random([1, 2]).as_str());
        assert_eq!(lead["touches"], json!([]));
        // A visit after the lead, or at no time at all, was now.
        for visited_at in ["2027-01-01T00:00:00Z", "yesterday", "2026-11-20T09:00:00"] {
            let lead = lead_of(&[
                ("ad_storage", "granted"),
                ("gclid", "x"),
                ("visited_at", visited_at),
            ]);
            assert_eq!(
                lead.expect("a lead")["touches"][0]["at"],
                "2026-11-23T12:00:00.000Z"
            );
        }
    }

    #[test]
    fn each_trace_of_a_visit_alone_makes_a_touch() {
        assert_eq!(form(&[("site", "shop")]).site(), "shop");
        assert_eq!(form(&[]).site(), "default");
        for (name, value) in [
            ("gclid", "Cj0KCQ"),
            ("utm_source", "google"),
            ("landing_page", "https://www.example.com/lp"),
            ("referrer", "https://www.google.com/"),
        ] {
            let lead = lead_of(&[("ad_storage", "granted"), (name, value)]).expect("a lead");
            assert_eq!(lead["touches"].as_array().map(Vec::len), Some(1), "{name}");
        }
        // When it was alone tells of nothing.
        let lead = lead_of(&[("ad_storage", "granted"), ("visited_at", "2026-11-20T09:00:00Z")]);
        assert_eq!(lead.expect("a lead")["touches"], json!([]));
    }

    #[test]
    fn err_without_a_stated_yes_nothing_is_kept() {
        for fields in [
            &[][..],
            &[("ad_storage", "")],
            &[("ad_storage", "denied")],
            &[("ad_storage", "on")],
            &[("ad_storage", "denied"), ("ad_storage", "granted")],
            &[("AD_STORAGE", "granted")],
            &[("ad_user_data", "granted")],
        ] {
            assert_eq!(lead_of(fields), Err(LeadRefusal::ConsentMissing), "{fields:?}");
        }
    }

    #[test]
    fn a_filled_trap_is_told() {
        assert!(form(&[(HONEYPOT_FIELD, "https://spam.example")]).is_honeypot_filled());
        assert!(!form(&[(HONEYPOT_FIELD, "")]).is_honeypot_filled());
        assert!(!form(&[]).is_honeypot_filled());
    }

    #[test]
    fn the_next_page_is_always_on_the_pages_own_host() {
        let origin = "https://www.example.com";
        let contact = "https://www.example.com/contact?email=ann@example.com#form";
        for (redirect, page, expected) in [
            ("/thanks", contact, "/thanks"),
            ("/thanks?x=1#top", contact, "/thanks?x=1#top"),
            ("/danke schön", contact, "/danke%20sch%C3%B6n"),
            ("", contact, "/contact"),
            ("thanks", contact, "/contact"),
            ("https://evil.example/", contact, "/contact"),
            ("javascript:alert(1)", contact, "/contact"),
            ("", "https://www.example.com.evil.example/x", "/"),
            ("", "https://evil.example/x", "/"),
            ("", "", "/"),
            // All of these stay below the origin, however a browser reads them.
            ("//evil.example", contact, "//evil.example"),
            ("/\\evil.example", contact, "/%5Cevil.example"),
            ("/\t/evil.example", contact, "/%09/evil.example"),
            ("/x\r\nSet-Cookie: a=b", contact, "/x%0D%0ASet-Cookie:%20a=b"),
            ("/@evil.example", contact, "/@evil.example"),
        ] {
            let next = form(&[("redirect", redirect)]).next_page(origin, page);
            assert_eq!(next, format!("{origin}{expected}"), "{redirect:?} {page:?}");
        }
    }
}
