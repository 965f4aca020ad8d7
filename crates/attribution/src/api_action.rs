//! A conversion action at the end of a platform's API: one face for the three platforms, so that whoever delivers needs
//! no rule of any of them.

use crate::adjustment::Adjustment;
use crate::conversion::Conversion;
use crate::google::data_manager::{self, DataManagerAction};
use crate::judgement::{Judgement, Reason};
use crate::meta::events::{self, MetaEvents};
use crate::microsoft::conversion::Goal;
use crate::microsoft::offline_conversions;
use crate::outcome::Outcome;
use crate::payload::Payload;
use crate::platform_answer::{BatchAnswer, HttpAnswer, Word};
use crate::stored_lead::StoredLead;
use crate::timestamp::Timestamp;
use crate::trial::Trial;

mod settings; // what a destination says of its platform

/// An action, and how its platform finds the account.
#[derive(Clone, Debug)]
pub enum ApiAction {
    /// Google's Data Manager.
    Google(DataManagerAction),
    /// Microsoft's offline conversions.
    Microsoft {
        /// The goal.
        goal: Goal,
        /// The customer whose user sends.
        customer_id: String,
        /// The account that the goal is of.
        account_id: String,
    },
    /// Meta's Conversions API.
    Meta {
        /// What is told.
        events: MetaEvents,
        /// The dataset, once called pixel.
        dataset_id: String,
        /// With it Meta shows the events and counts none.
        test_event_code: Option<String>,
    },
}

/// A row to send.
#[derive(Clone, Debug)]
pub struct ApiRow {
    /// Its frozen text.
    pub payload: Payload,
    /// When its outcome was.
    pub occurred_at: Timestamp,
    /// Whether it changes an outcome that was delivered.
    pub is_adjustment: bool,
}

/// A request to make. The credentials come on top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiRequest {
    /// The path at the platform.
    pub path: String,
    /// Headers beside the credentials and the media type, which is JSON.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
    /// Which of the rows stand in it, in order.
    pub rows: Vec<usize>,
}

impl ApiAction {
    /// The platform, as the registry of click ids names it.
    #[must_use]
    pub fn platform(&self) -> &'static str {
        match self {
            Self::Google(_) => "google",
            Self::Microsoft { .. } => "microsoft",
            Self::Meta { .. } => "meta",
        }
    }

    /// What is to become of an outcome here, as it stands at `now`.
    #[must_use]
    pub fn judge(&self, outcome: &Outcome, lead: &StoredLead, now: Timestamp) -> Judgement<Payload> {
        let conversion = Conversion::new(outcome, lead, self.platform());
        match self {
            Self::Google(action) => action.judge(&conversion, None, now),
            Self::Microsoft { goal, .. } => goal.judge(&conversion, now),
            Self::Meta { events, .. } => events.judge(&conversion, now),
        }
    }

    /// What is to become of a change of an outcome that was delivered here.
    #[must_use]
    pub fn judge_adjustment(
        &self,
        outcome: &Outcome,
        lead: &StoredLead,
        adjustment: &Adjustment,
        now: Timestamp,
    ) -> Judgement<Payload> {
        let conversion = Conversion::new(outcome, lead, self.platform());
        match self {
            Self::Google(action) => action.judge_adjustment(&conversion, adjustment, now),
            Self::Microsoft { goal, .. } => goal.judge_adjustment(&conversion, adjustment, now),
            Self::Meta { .. } => Judgement::Refuse(Reason::AdjustmentNotSupported),
        }
    }

    /// Whether what was sent and not answered can be sent once more. Google and Microsoft know it again at any time.
    #[must_use]
    pub fn judge_repetition(&self, first_sent_at: Timestamp, now: Timestamp) -> Judgement<()> {
        match self {
            Self::Google(_) | Self::Microsoft { .. } => Judgement::Deliverable(()),
            Self::Meta { events, .. } => events.action_source.judge_repetition(first_sent_at, now),
        }
    }

    /// As few requests as the platform's rules allow for these of the rows.
    #[must_use]
    pub fn requests(&self, rows: &[ApiRow], places: &[usize], now: Timestamp) -> Vec<ApiRequest> {
        match self {
            Self::Google(action) => google_requests(action, rows, places),
            Self::Microsoft {
                customer_id,
                account_id,
                ..
            } => microsoft_requests(customer_id, account_id, rows, places),
            Self::Meta {
                events,
                dataset_id,
                test_event_code,
            } => meta_requests(events, dataset_id, test_event_code.as_deref(), rows, places, now),
        }
    }

    /// The request by which the platform checks these settings and keeps nothing; `None` where it offers none: Microsoft
    /// never does, and Meta only with a test code.
    #[must_use]
    pub fn trial(&self, now: Timestamp) -> Option<ApiRequest> {
        match self {
            Self::Google(action) => Some(request(data_manager::INGEST_PATH, action.trial(now), &[])),
            Self::Microsoft { .. } => None,
            Self::Meta {
                events,
                dataset_id,
                test_event_code,
            } => {
                let body = events.trial(test_event_code.as_deref()?, now);
                Some(request(&events::path(dataset_id), body, &[]))
            }
        }
    }

    /// Reads the answer to a trial.
    #[must_use]
    pub fn read_trial(&self, answer: HttpAnswer<'_>) -> Trial {
        match self {
            Self::Google(_) => data_manager::read_trial(answer),
            _ => Trial::of_batch(&self.read(answer, 1)),
        }
    }

    /// Reads the answer to a request with so many rows.
    #[must_use]
    pub fn read(&self, answer: HttpAnswer<'_>, rows: usize) -> BatchAnswer {
        match self {
            Self::Google(_) => data_manager::read_ingest(answer, rows),
            Self::Microsoft { .. } => offline_conversions::read(answer, rows),
            Self::Meta { .. } => events::read(answer, rows),
        }
    }

    /// Where to ask what became of a request; `None` at a platform that tells at once.
    #[must_use]
    pub fn status_path(&self, request_id: &str) -> Option<String> {
        let encoded: String = form_id(request_id);
        matches!(self, Self::Google(_)).then(|| format!("{}{encoded}", data_manager::STATUS_PATH))
    }

    /// Reads what became of a request with so many rows.
    #[must_use]
    pub fn read_status(&self, answer: HttpAnswer<'_>, request_id: &str, rows: usize) -> BatchAnswer {
        data_manager::read_status(answer, request_id, rows)
    }
}

/// The words that a platform answers with.
#[must_use]
pub fn words_of(platform: &str) -> &'static [&'static [Word]] {
    match platform {
        "google" => &[data_manager::AT_ONCE, data_manager::LATER_ON],
        "microsoft" => &[offline_conversions::WORDS],
        "meta" => &[events::WORDS],
        _ => &[],
    }
}

fn google_requests(action: &DataManagerAction, rows: &[ApiRow], places: &[usize]) -> Vec<ApiRequest> {
    let requests = places.chunks(data_manager::Batch::ROWS_MAX).map(|places| {
        let payloads = payloads(rows, places);
        let batch = data_manager::Batch::split(&payloads).next();
        let body = batch.map(|batch| action.request(batch, false));
        request(data_manager::INGEST_PATH, body, places)
    });
    requests.collect()
}

/// Conversions go one way and changes another.
fn microsoft_requests(
    customer_id: &str,
    account_id: &str,
    rows: &[ApiRow],
    places: &[usize],
) -> Vec<ApiRequest> {
    type Write = fn(offline_conversions::Batch<'_>) -> String;
    let is_adjustment = |place: &usize| rows.get(*place).is_some_and(|row| row.is_adjustment);
    let (changes, conversions): (Vec<usize>, Vec<usize>) = places.iter().copied().partition(is_adjustment);
    let ways: [(Vec<usize>, &str, Write); 2] = [
        (conversions, offline_conversions::APPLY_PATH, |batch| {
            batch.conversions()
        }),
        (changes, offline_conversions::ADJUST_PATH, |batch| {
            batch.adjustments()
        }),
    ];
    let mut requests = Vec::new();
    for (places, path, write) in ways {
        for places in places.chunks(offline_conversions::Batch::ROWS_MAX) {
            let payloads = payloads(rows, places);
            let body = offline_conversions::Batch::split(&payloads).next().map(write);
            requests.push(ApiRequest {
                headers: vec![
                    ("CustomerId", customer_id.to_owned()),
                    ("CustomerAccountId", account_id.to_owned()),
                ],
                ..request(path, body, places)
            });
        }
    }
    requests
}

/// Events near the age that Meta still takes go apart, because it refuses a request whole.
fn meta_requests(
    events: &MetaEvents,
    dataset_id: &str,
    test_event_code: Option<&str>,
    rows: &[ApiRow],
    places: &[usize],
    now: Timestamp,
) -> Vec<ApiRequest> {
    let occurred_at = |place: &usize| rows.get(*place).map_or(now, |row| row.occurred_at);
    let times: Vec<Timestamp> = places.iter().map(occurred_at).collect();
    let groups = events.action_source.age_groups(&times, now);
    let requests = groups.into_iter().map(|group| {
        let places = group.iter().filter_map(|place| places.get(*place)).copied();
        let places: Vec<usize> = places.collect();
        let payloads = payloads(rows, &places);
        let payloads: Vec<&Payload> = payloads.iter().collect();
        let body = events::request(&payloads, test_event_code);
        request(&events::path(dataset_id), Some(body), &places)
    });
    requests.collect()
}

/// The frozen texts of these of the rows.
fn payloads(rows: &[ApiRow], places: &[usize]) -> Vec<Payload> {
    let rows = places.iter().filter_map(|place| rows.get(*place));
    rows.map(|row| row.payload.clone()).collect()
}

fn request(path: &str, body: Option<String>, rows: &[usize]) -> ApiRequest {
    ApiRequest {
        path: path.to_owned(),
        headers: Vec::new(),
        body: body.unwrap_or_default(),
        rows: rows.to_vec(),
    }
}

/// A request id as it may stand in an address: whatever else is in it, it came from outside.
fn form_id(request_id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    let encode = |byte: u8| {
        if plain(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    request_id.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests;
