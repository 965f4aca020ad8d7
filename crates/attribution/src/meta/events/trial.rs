//! A trial: with a test code Meta shows an event under Test events and counts none
//! (<https://developers.facebook.com/docs/marketing-api/conversions-api/using-the-api#testEvents>). Without one every event
//! counts, so no trial is made.

use serde::Serialize;

use super::{ActionSource, MetaEvents, request};
use crate::payload::Payload;
use crate::timestamp::{HOUR_MS, SECOND_MS, Timestamp};

/// The hash of `nobody@example.com`: the domain is reserved, so no person has the address
/// (<https://www.rfc-editor.org/rfc/rfc2606#section-3>).
const NOBODY: &str = "e788ea2014693dcdb86767aceb3860a432fc626c6477a6c53016aff40726842b";

#[derive(Serialize)]
struct TrialEvent<'a> {
    event_name: &'a str,
    event_time: i64,
    event_id: &'static str,
    action_source: ActionSource,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_source_url: Option<&'static str>,
    user_data: TrialPerson,
    custom_data: TrialValue,
}

#[derive(Serialize)]
struct TrialPerson {
    em: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    client_user_agent: Option<&'static str>,
}

/// Meta takes a purchase only with its value.
#[derive(Serialize)]
struct TrialValue {
    currency: &'static str,
    value: u8,
}

impl MetaEvents {
    /// The body of a request that Meta shows to whoever watches that test code.
    #[must_use]
    pub fn trial(&self, test_event_code: &str, now: Timestamp) -> Option<String> {
        let is_website = self.action_source == ActionSource::Website;
        let event = Payload::freeze(&TrialEvent {
            event_name: &self.event_name,
            event_time: now.plus_ms(-HOUR_MS).ms() / SECOND_MS,
            event_id: "throughline-trial",
            action_source: self.action_source,
            event_source_url: is_website.then_some("https://www.example.com/"),
            user_data: TrialPerson {
                em: [NOBODY],
                client_user_agent: is_website.then_some("Mozilla/5.0"),
            },
            custom_data: TrialValue {
                currency: "EUR",
                value: 1,
            },
        })?;
        Some(request(&[&event], Some(test_event_code)))
    }
}
