//! The JSON names, spelled once. Everything here takes a `Permitted<_>`, so that nothing else can become JSON.

use std::sync::Arc;

use crate::consent::{ConsentSnapshot, Permitted};
use crate::json::Json;
use crate::lead::{FormName, LEAD_VERSION, Lead};
use crate::page_address::PageAddress;
use crate::touch::Touch;
use crate::user_data::UserData;

impl Permitted<Lead> {
    /// The lead as it travels and as it is stored.
    #[must_use]
    pub fn to_json(&self) -> String {
        lead_json(self.value(), &self.value().user, self.consent())
    }

    /// What makes it this lead and no other: all of it but the hashes of who sent it, which never wait on the visitor's
    /// device. So a lead that is sent again from there is the same one.
    #[must_use]
    pub fn content(&self) -> String {
        lead_json(self.value(), &UserData::default(), self.consent())
    }
}

impl Permitted<UserData> {
    /// The member `user` of a lead.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Json::default();
        user_data(&mut json, self.value());
        json.into_text()
    }
}

/// The whole lead, as the collector stores it. The browser's page script makes one of the same members.
fn lead_json(lead: &Lead, user: &UserData, snapshot: &ConsentSnapshot) -> String {
    let submission = &lead.submission;
    let mut json = Json::default();
    json.object(|json| {
        json.name("v").number(u64::from(LEAD_VERSION));
        json.member("site", &submission.site);
        json.member("lead_id", submission.lead_id.as_str());
        json.member("submitted_at", &submission.submitted_at.to_rfc3339());
        json.member("page", text(submission.page.as_ref()));
        form(json.name("form"), &submission.form);
        touches(json, &lead.touches);
        consent(json.name("consent"), snapshot);
        if !user.is_empty() {
            user_data(json.name("user"), user);
        }
        json.member("script", &submission.script);
    });
    json.into_text()
}

fn touches(json: &mut Json, touches: &[Arc<Touch>]) {
    json.name("touches").list(|json| {
        for seen in touches {
            touch(json, seen);
        }
    });
}

fn user_data(json: &mut Json, user: &UserData) {
    json.object(|json| {
        for (name, hashes) in [("email", &user.email), ("phone", &user.phone)] {
            json.name(name).object(|json| {
                for (platform, hash) in hashes.named() {
                    json.member(platform, hash.as_str());
                }
            });
        }
    });
}

fn form(json: &mut Json, form: &FormName) {
    json.object(|json| {
        json.member("id", &form.id);
        json.member("name", &form.name);
        json.member("action", &form.action);
    });
}

#[inline(never)]
fn touch(json: &mut Json, touch: &Touch) {
    json.object(|json| {
        json.member("at", &touch.at.to_rfc3339());
        json.member("landing", text(touch.landing_page.as_ref()));
        json.member("referrer", text(touch.referrer.as_ref()));
        json.name("ids").object(|json| {
            for id in touch.landing.ids() {
                json.member(id.parameter().name(), id.value());
            }
        });
        for (name, are_utm) in [("utm", true), ("params", false)] {
            json.name(name).object(|json| {
                for campaign in touch.landing.campaign().filter(|value| value.is_utm() == are_utm) {
                    json.member(campaign.name(), campaign.value());
                }
            });
        }
        // Only what was read from a platform's cookie has these two.
        for (name, text) in [("cookie", &touch.cookie), ("fbc", &touch.fbc)] {
            if let Some(text) = text {
                json.member(name, text);
            }
        }
    });
}

#[inline(never)]
fn consent(json: &mut Json, consent: &ConsentSnapshot) {
    json.object(|json| {
        for (question, answer) in consent.answers.named() {
            // What nobody answered is left out: an answer is never invented.
            if let Some(answer) = answer {
                json.member(question, answer.name());
            }
        }
        json.member("source", &consent.source);
        json.member("basis", &consent.basis);
        json.member("observed_at", &consent.observed_at.to_rfc3339());
    });
}

fn text(page: Option<&PageAddress>) -> &str {
    page.map_or("", PageAddress::as_str)
}
