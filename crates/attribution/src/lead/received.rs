//! Reading a lead at the collector's door. Everybody can post here, so nothing is believed.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{FormName, LEAD_VERSION, Lead, Submission};
use crate::consent::{Answer, Answers, Consent, ConsentSnapshot, Denial, Permitted, gate};
use crate::landing::Landing;
use crate::lead_id::{LeadId, LeadIdError};
use crate::limits::{NAME_BYTES_MAX, TOUCHES_MAX};
use crate::page_address::PageAddress;
use crate::platform_cookie;
use crate::timestamp::Timestamp;
use crate::touch::Touch;

/// Why a lead is not taken. Carries no value of the lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadRefusal {
    /// The body is not JSON.
    NotJson,
    /// JSON, but a field is missing or of another type, length or form; the JSON pointer tells which.
    FieldInvalid(&'static str),
    /// A version that this collector does not know.
    VersionUnknown,
    /// The lead_id cannot be one.
    LeadIdInvalid(LeadIdError),
    /// The visitor has not agreed to storage, so nothing of the lead may be kept.
    ConsentMissing,
}

/// A body that is JSON of the right shape; its site is known, the rest is still unchecked.
#[derive(Debug)]
pub struct ReceivedLead(pub(super) Body);

#[derive(Debug, Deserialize)]
pub(super) struct Body {
    pub(super) v: u8,
    pub(super) site: String,
    pub(super) lead_id: String,
    pub(super) submitted_at: Timestamp,
    #[serde(default)]
    pub(super) page: String,
    #[serde(default)]
    pub(super) form: FormName,
    #[serde(default)]
    pub(super) touches: Vec<ReceivedTouch>,
    #[serde(default)]
    pub(super) consent: ReceivedConsent,
    #[serde(default)]
    pub(super) script: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct ReceivedTouch {
    pub(super) at: Timestamp,
    #[serde(default)]
    pub(super) landing: String,
    #[serde(default)]
    pub(super) referrer: String,
    #[serde(default)]
    pub(super) ids: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) utm: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) params: BTreeMap<String, String>,
    pub(super) cookie: Option<String>,
    pub(super) fbc: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ReceivedConsent {
    #[serde(default)]
    pub(super) ad_storage: String,
    #[serde(default)]
    pub(super) ad_user_data: String,
    #[serde(default)]
    pub(super) ad_personalization: String,
    #[serde(default)]
    pub(super) source: String,
    #[serde(default)]
    pub(super) basis: String,
    pub(super) observed_at: Option<Timestamp>,
}

impl ReceivedLead {
    /// Reads the body.
    ///
    /// # Errors
    /// [`LeadRefusal::NotJson`], or [`LeadRefusal::FieldInvalid`] where it is JSON of another shape.
    pub fn from_json(body: &[u8]) -> Result<Self, LeadRefusal> {
        match serde_json::from_slice(body) {
            Ok(body) => Ok(Self(body)),
            Err(_) if serde_json::from_slice::<IgnoredAny>(body).is_ok() => {
                Err(LeadRefusal::FieldInvalid(""))
            }
            Err(_) => Err(LeadRefusal::NotJson),
        }
    }

    /// The site that the lead says it belongs to.
    #[must_use]
    pub fn site(&self) -> &str {
        &self.0.site
    }

    /// Checks everything else, the consent last, because only then the lead may be kept.
    ///
    /// # Errors
    /// The first rule that the lead breaks.
    pub fn accept(self) -> Result<Permitted<Lead>, LeadRefusal> {
        let body = self.0;
        if body.v != LEAD_VERSION {
            return Err(LeadRefusal::VersionUnknown);
        }
        let lead_id = LeadId::parse(&body.lead_id).map_err(LeadRefusal::LeadIdInvalid)?;
        if body.touches.len() > TOUCHES_MAX {
            return Err(LeadRefusal::FieldInvalid("/touches"));
        }
        if body.script.len() > NAME_BYTES_MAX {
            return Err(LeadRefusal::FieldInvalid("/script"));
        }
        let consent = body.consent.read(body.submitted_at)?;
        let mut touches = Vec::new();
        for touch in body.touches {
            let touch = touch.read().ok_or(LeadRefusal::FieldInvalid("/touches"))?;
            touches.push(Arc::new(touch));
        }
        touches.sort_by_key(|touch| touch.at);
        let submission = Submission {
            site: body.site,
            lead_id,
            submitted_at: body.submitted_at,
            page: PageAddress::of(&body.page),
            // What is too long is left out, so that no lead is lost for the name of its form.
            form: FormName::new(&body.form.id, &body.form.name, &body.form.action),
            script: body.script,
        };
        let lead = Lead { submission, touches };
        gate(lead, &consent).ok_or(LeadRefusal::ConsentMissing)
    }
}

impl ReceivedTouch {
    /// Values are parsed by the same rules as on the landing page, so a forged body can hold nothing that a
    /// landing could not. `None` where it names a cookie that no platform has: to take it for a landing would be a lie.
    fn read(self) -> Option<Touch> {
        let mut landing = Landing::default();
        for (name, value) in self.ids.iter().chain(&self.utm).chain(&self.params) {
            landing.take_kept(name, value);
        }
        let cookie = match &self.cookie {
            Some(name) => Some(platform_cookie::named(name)?),
            None => None,
        };
        let mut touch = Touch {
            at: self.at,
            landing_page: PageAddress::of(&self.landing),
            referrer: PageAddress::of(&self.referrer),
            landing,
            cookie,
            fbc: None,
        };
        touch.fbc = self.fbc.filter(|fbc| platform_cookie::is_fbc_of(fbc, &touch));
        Some(touch)
    }
}

impl ReceivedConsent {
    fn read(self, submitted_at: Timestamp) -> Result<Consent, LeadRefusal> {
        if self.source.len() > NAME_BYTES_MAX || self.basis.len() > NAME_BYTES_MAX {
            return Err(LeadRefusal::FieldInvalid("/consent"));
        }
        let answers = Answers {
            ad_storage: Answer::named(&self.ad_storage),
            ad_user_data: Answer::named(&self.ad_user_data),
            ad_personalization: Answer::named(&self.ad_personalization),
        };
        Ok(match answers.ad_storage {
            Some(Answer::Granted) => Consent::Granted(ConsentSnapshot {
                answers,
                source: self.source,
                basis: self.basis,
                observed_at: self.observed_at.unwrap_or(submitted_at),
            }),
            Some(Answer::Denied) => Consent::Denied(Denial {
                source: self.source,
                is_opt_out: false,
            }),
            None => Consent::Pending,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn body() -> Value {
        json!({"v":1,"site":"default","lead_id":"7K3M9QXA2F4HJK5NR","submitted_at":"2026-11-23T10:00:00.123Z",
            "page":"https://www.example.com/pricing?x=1",
            "form":{"id":"contact","name":"","action":"/thanks"},
            "touches":[{"at":"2026-11-20T09:00:00.000Z","landing":"https://www.example.com/lp",
                "referrer":"https://www.google.com/","ids":{"gclid":"Cj0KCQ-_"},"utm":{"utm_source":"google"},
                "params":{}}],
            "consent":{"ad_storage":"granted","ad_user_data":"granted","ad_personalization":"denied",
                "source":"consent_mode","basis":"explicit","observed_at":"2026-11-23T09:59:00.000Z"},
            "script":"0.1.0","is_admin":true})
    }

    fn accept(body: &Value) -> Result<Permitted<Lead>, LeadRefusal> {
        ReceivedLead::from_json(body.to_string().as_bytes())?.accept()
    }

    #[test]
    fn what_is_read_is_written_again_but_for_what_nobody_knows() {
        let mut expected = body();
        expected["page"] = json!("https://www.example.com/pricing");
        expected.as_object_mut().expect("an object").remove("is_admin");
        let lead = accept(&body()).expect("accepted");
        assert_eq!(serde_json::to_value(&lead).expect("JSON"), expected);
    }

    #[test]
    fn no_lead_is_lost_for_the_name_of_its_form() {
        let mut body = body();
        body["form"]["id"] = json!("x".repeat(300));
        let lead = accept(&body).expect("a lead");
        assert_eq!(lead.value().submission.form.id, "");
        assert_eq!(lead.value().submission.form.action, "/thanks");
    }

    #[test]
    fn err_each_rule_by_name() {
        let table: [(&str, Value, LeadRefusal); 11] = [
            ("/v", json!(2), LeadRefusal::VersionUnknown),
            ("/v", json!("1"), LeadRefusal::FieldInvalid("")),
            ("/site", json!(7), LeadRefusal::FieldInvalid("")),
            (
                "/submitted_at",
                json!("2026-11-23T10:00:00"),
                LeadRefusal::FieldInvalid(""),
            ),
            ("/touches", json!({}), LeadRefusal::FieldInvalid("")),
            (
                "/lead_id",
                json!("7K3M9QXA2F4HJK5NS"),
                LeadRefusal::LeadIdInvalid(LeadIdError::Check),
            ),
            (
                "/lead_id",
                json!(""),
                LeadRefusal::LeadIdInvalid(LeadIdError::Length),
            ),
            (
                "/script",
                json!("x".repeat(300)),
                LeadRefusal::FieldInvalid("/script"),
            ),
            (
                "/consent/ad_storage",
                json!("denied"),
                LeadRefusal::ConsentMissing,
            ),
            ("/consent/ad_storage", json!("yes"), LeadRefusal::ConsentMissing),
            ("/consent", json!({}), LeadRefusal::ConsentMissing),
        ];
        for (pointer, value, refusal) in table {
            let mut body = body();
            *body.pointer_mut(pointer).expect("the field") = value;
            assert_eq!(accept(&body).map(|_| ()), Err(refusal), "{pointer}");
        }
        for text in ["", "{", "lead_id=1", "[1,]"] {
            assert_eq!(
                ReceivedLead::from_json(text.as_bytes()).map(|_| ()).unwrap_err(),
                LeadRefusal::NotJson
            );
        }
    }

    #[test]
    fn what_a_platforms_cookie_told_stays_marked() {
        let fbc = "fb.2.1618377853639.AbC-1_x.AQICAQMC";
        let mut body = body();
        let mut of_cookie = body["touches"][0].clone();
        of_cookie["at"] = json!("2026-11-21T09:00:00.000Z");
        of_cookie["ids"] = json!({"fbclid":"AbC-1_x"});
        of_cookie["cookie"] = json!("_fbc");
        of_cookie["fbc"] = json!(fbc);
        body["touches"].as_array_mut().expect("a list").push(of_cookie);
        let lead = accept(&body).expect("accepted");
        assert_eq!(
            serde_json::to_value(&lead).expect("JSON")["touches"],
            body["touches"]
        );
        let touch = lead.value().touches.last().expect("a touch");
        assert_eq!((touch.cookie, touch.fbc.as_deref()), (Some("_fbc"), Some(fbc)));

        // An `fbc` that the cookie cannot have held is left out; a cookie that nobody knows is refused.
        body["touches"][1]["fbc"] = json!("fb.2.1618377853639.other");
        let lead = accept(&body).expect("accepted");
        assert_eq!(
            lead.value().touches.last().and_then(|touch| touch.fbc.clone()),
            None
        );
        body["touches"][1]["cookie"] = json!("_nobody");
        assert_eq!(
            accept(&body).map(|_| ()),
            Err(LeadRefusal::FieldInvalid("/touches"))
        );
    }

    #[test]
    fn what_the_browser_calls_a_form_is_never_too_long() {
        let long = "%E3%81%82".repeat(40);
        let form = FormName::new(&long, &"é".repeat(200), &format!("/{long}?q=1"));
        let mut body = body();
        body["form"] = json!({"id": form.id, "name": form.name, "action": form.action});
        assert!(accept(&body).is_ok());
        let form = FormName::new("contact", "", "/thanks?x=1");
        assert_eq!((form.id.as_str(), form.action.as_str()), ("contact", "/thanks"));
    }

    #[test]
    fn a_lead_without_touches_is_a_lead() {
        let mut body = body();
        body["touches"] = json!([]);
        assert!(accept(&body).is_ok());
    }
}
