//! A delivery as a row of the ledger: what every state carries, in columns.

use serde::{Deserialize, Serialize};

use super::{BUSY, Delivery, Stop, UNKNOWN_ANSWER};
use crate::api_action::words_of;
use crate::judgement::Reason;
use crate::timestamp::Timestamp;

/// The columns. What a state does not carry is `None` or zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryRecord {
    /// The name of the state.
    pub state: String,
    /// When the next step is due: sending, the end of a lease, asking. `None`: there is none.
    pub next_at_ms: Option<i64>,
    /// Since when it is in this state, where the state says so.
    pub since_ms: Option<i64>,
    /// How often it was sent.
    pub attempts: u16,
    /// How often the platform was asked what became of it.
    pub asked: u16,
    /// By which the platform is asked.
    pub request_id: Option<String>,
    /// The code of one of our own reasons.
    pub reason: Option<String>,
    /// The code that the platform answered.
    pub answer: Option<String>,
    /// Whether an earlier attempt may have arrived.
    pub may_be_there: u8,
}

impl Delivery {
    /// The columns of this delivery.
    #[must_use]
    pub fn record(&self) -> DeliveryRecord {
        let mut record = DeliveryRecord {
            state: self.state().to_owned(),
            ..DeliveryRecord::default()
        };
        match self {
            Self::Due {
                not_before,
                waits_for,
                attempts,
            } => {
                record.next_at_ms = Some(not_before.ms());
                record.attempts = *attempts;
                record.set_stop(waits_for.as_ref());
            }
            Self::Leased {
                until,
                waited_for,
                attempts,
            } => {
                record.next_at_ms = Some(until.ms());
                record.attempts = *attempts;
                record.set_stop(waited_for.as_ref());
            }
            Self::Sent {
                at,
                request_id,
                ask_at,
                asked,
                waited_for,
                attempts,
            } => {
                record.since_ms = Some(at.ms());
                record.next_at_ms = Some(ask_at.ms());
                record.request_id = Some(request_id.clone());
                record.asked = *asked;
                record.attempts = *attempts;
                record.set_stop(waited_for.as_ref());
            }
            Self::Fetched { at } => record.since_ms = Some(at.ms()),
            Self::Confirmed { at, word } => {
                record.since_ms = Some(at.ms());
                record.answer = word.map(str::to_owned);
            }
            Self::Held {
                at,
                may_be_there,
                stop,
            } => {
                record.since_ms = Some(at.ms());
                record.may_be_there = u8::from(*may_be_there);
                record.set_stop(Some(stop));
            }
            Self::Refused { at, stop } => {
                record.since_ms = Some(at.ms());
                record.set_stop(Some(stop));
            }
        }
        record
    }
}

impl DeliveryRecord {
    fn set_stop(&mut self, stop: Option<&Stop>) {
        match stop {
            Some(Stop::Rule(reason)) => self.reason = Some(reason.code().to_owned()),
            Some(Stop::Answer { code, .. }) => self.answer = Some(code.clone()),
            None => {}
        }
    }

    /// What stands in its way, with the advice of today.
    #[must_use]
    pub fn stop(&self, platform: &str) -> Option<Stop> {
        let rule = self.reason.as_deref().and_then(Reason::named).map(Stop::Rule);
        let answer = self.answer.as_deref().map(|code| {
            let word = words_of(platform).iter().find_map(|table| {
                let mut words = table.iter();
                words.find(|word| word.name == code)
            });
            let unknown = if self.state == "waiting" {
                BUSY
            } else {
                UNKNOWN_ANSWER
            };
            Stop::Answer {
                code: code.to_owned(),
                advice: word.map_or(unknown, |word| word.advice),
            }
        });
        rule.or(answer)
    }

    /// The delivery that was written down; `None` where the row is none that this version writes.
    #[must_use]
    pub fn delivery(&self, platform: &str) -> Option<Delivery> {
        let at = Timestamp::from_ms(self.since_ms.unwrap_or_default());
        let next_at = self.next_at_ms.map(Timestamp::from_ms);
        let stop = self.stop(platform);
        Some(match self.state.as_str() {
            "due" | "waiting" => Delivery::Due {
                not_before: next_at?,
                waits_for: stop,
                attempts: self.attempts,
            },
            "sending" => Delivery::Leased {
                until: next_at?,
                waited_for: stop,
                attempts: self.attempts,
            },
            "sent" => Delivery::Sent {
                at,
                request_id: self.request_id.clone()?,
                ask_at: next_at?,
                asked: self.asked,
                waited_for: stop,
                attempts: self.attempts,
            },
            "fetched" => Delivery::Fetched { at },
            "confirmed" => Delivery::Confirmed {
                at,
                word: self.answer.as_deref().and_then(|code| {
                    let mut words = words_of(platform).iter().flat_map(|table| table.iter());
                    words.find(|word| word.name == code).map(|word| word.name)
                }),
            },
            "held" => Delivery::Held {
                at,
                may_be_there: self.may_be_there == 1,
                stop: stop?,
            },
            "refused" => Delivery::Refused { at, stop: stop? },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::judgement::Judgement;
    use crate::platform_answer::{Mend, RowAnswer, find_word};

    #[test]
    fn every_state_comes_back_as_it_was_written() {
        let now = Timestamp::from_ms(1_795_435_200_000);
        let due = Delivery::planned(&Judgement::Deliverable(()), now);
        let leased = due.lease(now).expect("it is due");
        let word = |name| {
            let mut tables = words_of("google").iter();
            tables.find_map(|table| find_word(table, name)).expect("a word")
        };
        let answers = [
            RowAnswer::Taken,
            RowAnswer::Processing {
                request_id: "r1".to_owned(),
            },
            RowAnswer::Said(word("DUPLICATE_GCLID")),
            RowAnswer::Said(word("INVALID_GCLID")),
            RowAnswer::Said(word("PERMISSION_DENIED")),
            RowAnswer::Said(word("TOO_RECENT_CLICK")),
            RowAnswer::SaidUnknown {
                code: "NEW".to_owned(),
                mend: Mend::Row,
            },
            RowAnswer::Busy {
                code: "HTTP_503".to_owned(),
                not_before: None,
            },
            RowAnswer::NotRead,
            RowAnswer::Lost,
        ];
        let waiting: Judgement<()> = Judgement::Wait {
            until: now,
            reason: Reason::ClickTooRecent,
        };
        let fetched = Delivery::Fetched { at: now };
        let mut deliveries = vec![due, leased.clone(), fetched, Delivery::planned(&waiting, now)];
        let processing = leased.clone().answered(&answers[1], now, 0);
        deliveries.push(processing.answered(&RowAnswer::Lost, now, 0));
        let waited = leased.clone().answered(&answers[5], now, 0);
        let again = waited
            .lease(now.plus_ms(crate::timestamp::DAY_MS))
            .expect("a day is enough");
        deliveries.push(again.answered(&answers[1], now, 0));
        deliveries.extend(
            answers
                .iter()
                .map(|answer| leased.clone().answered(answer, now, 0)),
        );
        let states: BTreeSet<&str> = deliveries.iter().map(Delivery::state).collect();
        assert_eq!(states, BTreeSet::from(Delivery::STATES));
        for delivery in deliveries {
            let record = delivery.record();
            let json = serde_json::to_string(&record).expect("JSON");
            let read: DeliveryRecord = serde_json::from_str(&json).expect("a record");
            assert_eq!(read.delivery("google"), Some(delivery));
        }
    }

    #[test]
    fn none_where_the_row_is_of_another_version() {
        let record = |state: &str| DeliveryRecord {
            state: state.to_owned(),
            ..DeliveryRecord::default()
        };
        for state in ["parked", "sent", "due", "held", ""] {
            assert_eq!(record(state).delivery("google"), None, "{state}");
        }
    }
}
