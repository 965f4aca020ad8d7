//! Google's Data Manager API, the way for everybody who starts today
//! (<https://developers.google.com/data-manager/api/reference/rest/v1/events/ingest>).
//!
//! The older `UploadClickConversions` of the Google Ads API takes no new senders since 15 June 2026
//! (<https://ads-developers.googleblog.com/2026/05/changes-to-offline-click-conversion.html>), so it is not built.
//!
//! Google takes a second event with the same transaction id and action for a change of the first, not for a
//! repetition. So the transaction id is the outcome_id, and a payload is frozen once it is made.

use serde::Serialize;

use super::adjustment_rules;
use super::click_rules::ClickRules;
use super::conversion::{Carries, GoogleConversion};
use crate::adjustment::{Adjustment, Change};
use crate::conversion::Conversion;
use crate::judgement::{Judgement, Reason};
use crate::limits::GOOGLE_EVENTS_PER_REQUEST_MAX;
use crate::payload::Payload;
use crate::timestamp::{HOUR_MS, Timestamp};

mod answer;
mod event;
mod trial;
mod words;

pub use answer::{read_ingest, read_status};
pub use event::EventSource;
pub use trial::read_trial;
pub use words::{AT_ONCE, LATER_ON};

use event::Event;

/// Hours after an action is made in which Google takes nothing for it (`TOO_RECENT_CONVERSION_ACTION`).
const ACTION_WAIT_HOURS: i64 = 6;

/// The path of the request that brings events.
pub const INGEST_PATH: &str = "/v1/events:ingest";

/// The path of the request that asks what became of one, before its request id.
pub const STATUS_PATH: &str = "/v1/requestStatus:retrieve?requestId=";

/// What an access token must be good for.
pub const SCOPE: &str = "https://www.googleapis.com/auth/datamanager";

/// An id of Google Ads: digits alone. People see account ids with dashes, which are no part of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoogleAdsId(String);

impl GoogleAdsId {
    /// Reads `1234567890` or `123-456-7890`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|character| *character != '-').collect();
        let is_id = (1..=19).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_id.then_some(Self(digits))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A conversion action at the end of the Data Manager.
#[derive(Clone, Debug)]
pub struct DataManagerAction {
    /// The account that owns the conversion action: the manager where conversions are tracked across accounts.
    pub operating_account: GoogleAdsId,
    /// The manager account through which the credentials have access, where they have none of their own.
    pub login_account: Option<GoogleAdsId>,
    /// The action's number, not its name.
    pub conversion_action: GoogleAdsId,
    /// Where outcomes of this kind happen.
    pub event_source: EventSource,
    /// Whether the action counts one conversion for each click.
    pub once_per_click: bool,
    /// When the action was made, if anybody knows.
    pub created_at: Option<Timestamp>,
    /// Its windows.
    pub rules: ClickRules,
}

/// Frozen events that one request can carry.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a>(&'a [Payload]);

impl<'a> Batch<'a> {
    /// The most that one request can carry.
    pub const ROWS_MAX: usize = GOOGLE_EVENTS_PER_REQUEST_MAX;

    /// As few requests as possible, in the order given.
    pub fn split(payloads: &'a [Payload]) -> impl Iterator<Item = Self> {
        payloads.chunks(Self::ROWS_MAX).map(Self)
    }

    /// How many events.
    #[must_use]
    pub fn rows(self) -> usize {
        self.0.len()
    }
}

impl DataManagerAction {
    /// The event of an outcome, or why there is none now. `session_attributes` is what Google's own script made on the
    /// landing page; its form is not published, so it is passed on as it is and never made up.
    #[must_use]
    pub fn judge(
        &self,
        conversion: &Conversion<'_>,
        session_attributes: Option<&str>,
        now: Timestamp,
    ) -> Judgement<Payload> {
        if let Some(until) = self.takes_from().filter(|until| now < *until) {
            return Judgement::Wait {
                until,
                reason: Reason::ActionTooRecent,
            };
        }
        let found = GoogleConversion::find(conversion, self.carries(), self.rules, now);
        found.and_then(|found| freeze(&Event::new(&found, self.event_source, session_attributes)))
    }

    /// The event that changes one which was delivered: the same again with the new value.
    #[must_use]
    pub fn judge_adjustment(
        &self,
        conversion: &Conversion<'_>,
        adjustment: &Adjustment,
        now: Timestamp,
    ) -> Judgement<Payload> {
        let Change::Restate(value) = adjustment.change else {
            return Judgement::Hold(Reason::RetractionByOtherTransport);
        };
        let in_time = adjustment_rules::judge(conversion.outcome.occurred_at, adjustment, now);
        in_time
            .and_then(|()| GoogleConversion::identify(conversion, self.carries()))
            .and_then(|found| {
                let event = Event::new(&found, self.event_source, None);
                freeze(&event.restated(value, adjustment.changed_at))
            })
    }

    /// The body of a request.
    #[must_use]
    pub fn request(&self, batch: Batch<'_>, validate_only: bool) -> String {
        let request = Request {
            destinations: [Destination {
                operating_account: Account::of(&self.operating_account),
                login_account: self.login_account.as_ref().map(Account::of),
                product_destination_id: self.conversion_action.as_str(),
            }],
            encoding: "HEX",
            validate_only,
            events: batch.0,
        };
        // Writing plain texts as JSON cannot fail.
        serde_json::to_string(&request).unwrap_or_default()
    }

    fn carries(&self) -> Carries {
        Carries::Everything {
            once_per_click: self.once_per_click,
        }
    }

    fn takes_from(&self) -> Option<Timestamp> {
        Some(self.created_at?.plus_ms(ACTION_WAIT_HOURS * HOUR_MS))
    }
}

fn freeze(event: &Event<'_>) -> Judgement<Payload> {
    Payload::freeze(event).map_or(Judgement::Hold(Reason::LeadUnreadable), Judgement::Deliverable)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    destinations: [Destination<'a>; 1],
    encoding: &'static str,
    validate_only: bool,
    events: &'a [Payload],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Destination<'a> {
    operating_account: Account<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    login_account: Option<Account<'a>>,
    product_destination_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Account<'a> {
    account_type: &'static str,
    account_id: &'a str,
}

impl<'a> Account<'a> {
    fn of(id: &'a GoogleAdsId) -> Self {
        Self {
            account_type: "GOOGLE_ADS",
            account_id: id.as_str(),
        }
    }
}
