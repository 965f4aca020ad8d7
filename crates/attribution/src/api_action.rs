//! A conversion action at the end of a platform's API: one face for the three platforms, so that whoever delivers needs
//! no rule of any of them.

use serde::Deserialize;

use crate::adjustment::Adjustment;
use crate::conversion::Conversion;
use crate::google::click_rules::ClickRules;
use crate::google::data_manager::{self, DataManagerAction, EventSource, GoogleAdsId};
use crate::judgement::{Judgement, Reason};
use crate::meta::event_rules::ActionSource;
use crate::meta::events::{self, MetaEvents};
use crate::microsoft::click_rules::GoalRules;
use crate::microsoft::conversion::Goal;
use crate::microsoft::offline_conversions;
use crate::outcome::Outcome;
use crate::payload::Payload;
use crate::platform_answer::{BatchAnswer, HttpAnswer, Word};
use crate::stored_lead::StoredLead;
use crate::timestamp::Timestamp;
use crate::trial::Trial;

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GoogleSettings {
    operating_account: String,
    login_account: Option<String>,
    conversion_action_id: String,
    #[serde(default)]
    event_source: EventSource,
    #[serde(default)]
    once_per_click: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MicrosoftSettings {
    customer_id: String,
    account_id: String,
    #[serde(default)]
    takes_contact: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MetaSettings {
    dataset_id: String,
    action_source: ActionSource,
    crm: Option<String>,
    cookie_domain: Option<String>,
    test_event_code: Option<String>,
}

impl ApiAction {
    /// What is right where [`ApiAction::read`] finds settings that are not.
    pub const ADVICE: &'static str = "api is an object. Google: operating_account, conversion_action_id, and if need be login_account, event_source (WEB, APP, IN_STORE, PHONE, MESSAGE, OTHER), once_per_click. Microsoft: customer_id, account_id, and if need be takes_contact. Meta: dataset_id, action_source, and if need be crm, cookie_domain, test_event_code. Account numbers are texts of digits.";

    /// Reads a destination's settings: its platform, the name of its conversion action, the windows that it has set, and
    /// the JSON of what only this platform asks for. `None` where something is missing, unknown or no number.
    #[must_use]
    pub fn read_settings(
        platform: &str,
        conversion_action: &str,
        look_back_days: Option<u16>,
        wait_hours: Option<u16>,
        api: &str,
    ) -> Option<Self> {
        match platform {
            "google" => {
                let settings: GoogleSettings = serde_json::from_str(api).ok()?;
                let login_account = match settings.login_account {
                    Some(id) => Some(GoogleAdsId::parse(&id)?),
                    None => None,
                };
                let default = ClickRules::default();
                Some(Self::Google(DataManagerAction {
                    operating_account: GoogleAdsId::parse(&settings.operating_account)?,
                    login_account,
                    conversion_action: GoogleAdsId::parse(&settings.conversion_action_id)?,
                    event_source: settings.event_source,
                    once_per_click: settings.once_per_click,
                    created_at: None,
                    rules: ClickRules {
                        look_back_days: look_back_days.unwrap_or(default.look_back_days),
                        wait_hours: wait_hours.unwrap_or(default.wait_hours),
                    },
                }))
            }
            "microsoft" => {
                let settings: MicrosoftSettings = serde_json::from_str(api).ok()?;
                let default = GoalRules::default();
                Some(Self::Microsoft {
                    goal: Goal {
                        name: conversion_action.to_owned(),
                        takes_contact: settings.takes_contact,
                        rules: GoalRules {
                            look_back_days: look_back_days.unwrap_or(default.look_back_days),
                            ..default
                        },
                    },
                    customer_id: number(settings.customer_id)?,
                    account_id: number(settings.account_id)?,
                })
            }
            "meta" => {
                let settings: MetaSettings = serde_json::from_str(api).ok()?;
                Some(Self::Meta {
                    events: MetaEvents {
                        event_name: conversion_action.to_owned(),
                        action_source: settings.action_source,
                        crm: settings.crm,
                        cookie_domain: settings.cookie_domain,
                    },
                    dataset_id: number(settings.dataset_id)?,
                    test_event_code: settings.test_event_code,
                })
            }
            _ => None,
        }
    }

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
        let payloads = |places: &[usize]| -> Vec<Payload> {
            let rows = places.iter().filter_map(|place| rows.get(*place));
            rows.map(|row| row.payload.clone()).collect()
        };
        match self {
            Self::Google(action) => {
                let requests = places.chunks(data_manager::Batch::ROWS_MAX).map(|places| {
                    let payloads = payloads(places);
                    let batch = data_manager::Batch::split(&payloads).next();
                    request(
                        data_manager::INGEST_PATH,
                        batch.map(|batch| action.request(batch, false)),
                        places,
                    )
                });
                requests.collect()
            }
            Self::Microsoft {
                customer_id,
                account_id,
                ..
            } => {
                let is_adjustment = |place: &usize| rows.get(*place).is_some_and(|row| row.is_adjustment);
                let (changes, conversions): (Vec<usize>, Vec<usize>) =
                    places.iter().copied().partition(is_adjustment);
                let mut requests = Vec::new();
                for (places, path) in [
                    (conversions, offline_conversions::APPLY_PATH),
                    (changes, offline_conversions::ADJUST_PATH),
                ] {
                    for places in places.chunks(offline_conversions::Batch::ROWS_MAX) {
                        let payloads = payloads(places);
                        let batch = offline_conversions::Batch::split(&payloads).next();
                        let body = batch.map(|batch| match path {
                            offline_conversions::APPLY_PATH => batch.conversions(),
                            _ => batch.adjustments(),
                        });
                        let mut request = request(path, body, places);
                        request.headers = vec![
                            ("CustomerId", customer_id.clone()),
                            ("CustomerAccountId", account_id.clone()),
                        ];
                        requests.push(request);
                    }
                }
                requests
            }
            Self::Meta {
                events,
                dataset_id,
                test_event_code,
            } => {
                let occurred_at = |place: &usize| rows.get(*place).map_or(now, |row| row.occurred_at);
                let times: Vec<Timestamp> = places.iter().map(occurred_at).collect();
                let groups = events.action_source.age_groups(&times, now);
                let requests = groups.into_iter().map(|group| {
                    let places: Vec<usize> = group
                        .iter()
                        .filter_map(|place| places.get(*place))
                        .copied()
                        .collect();
                    let payloads = payloads(&places);
                    let payloads: Vec<&Payload> = payloads.iter().collect();
                    let body = events::request(&payloads, test_event_code.as_deref());
                    request(&events::path(dataset_id), Some(body), &places)
                });
                requests.collect()
            }
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

fn number(text: String) -> Option<String> {
    let is_number = (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(text)
}

#[cfg(test)]
mod tests;
