//! One outcome on its way to one destination: which states there are, and what leads from one to the next.
//!
//! The ledger keeps one delivery for each outcome and destination. A sweep takes what is due under a lease, so that no
//! second sweep sends it too, sends it, and writes down what the platform answered. Nothing ends without a stated
//! reason, and nothing is tried for ever.

use crate::adjustment::Change;
use crate::judgement::{Judgement, Reason};
use crate::limits::{
    DELIVERY_BACK_OFF_MS_MAX, DELIVERY_LEASE_MS, DELIVERY_STATUS_WAIT_MS, DELIVERY_STATUS_WAITS_MAX,
};
use crate::platform_answer::RowAnswer;
use crate::timestamp::Timestamp;

mod attempt; // what follows from the platform's answer
mod record; // the ledger's row

use attempt::Attempt;
pub use record::DeliveryRecord;

/// Where a delivery stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// To be sent.
    Due {
        /// Not before this moment.
        not_before: Timestamp,
        /// What it waits for; `None` when it is only in the queue.
        waits_for: Option<Stop>,
        /// How often it was sent.
        attempts: u16,
    },
    /// A sweep is sending it.
    Leased {
        /// Until then nobody else may. Later the sweep counts as dead, and its answer as lost.
        until: Timestamp,
        /// What it waited for before.
        waited_for: Option<Stop>,
        /// How often it was sent, this time included.
        attempts: u16,
    },
    /// The platform has it, and has not said what became of it.
    Sent {
        /// Since when.
        at: Timestamp,
        /// By which the platform is asked.
        request_id: String,
        /// When to ask.
        ask_at: Timestamp,
        /// How often it was asked.
        asked: u16,
        /// The platform's word for which it waited before it was sent, because the same word again would be for good.
        waited_for: Option<Stop>,
        /// How often it was sent.
        attempts: u16,
    },
    /// The platform has fetched it in a file. What it made of it, it tells in its own pages only.
    Fetched {
        /// When for the first time.
        at: Timestamp,
    },
    /// The platform has it.
    Confirmed {
        /// Since when we know.
        at: Timestamp,
        /// The platform's word where it had it before, such as `DUPLICATE_TRANSACTION_ID`.
        word: Option<&'static str>,
    },
    /// Not sent until somebody mends something.
    Held {
        /// Since when.
        at: Timestamp,
        /// Whether an earlier attempt may have arrived, because its answer was lost.
        may_be_there: bool,
        /// Why.
        stop: Stop,
    },
    /// Not sent for good.
    Refused {
        /// Since when.
        at: Timestamp,
        /// Why.
        stop: Stop,
    },
}

/// What stands in a delivery's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A rule that we know before sending.
    Rule(Reason),
    /// The platform's own answer, as its code.
    Answer {
        /// The code.
        code: String,
        /// What a person can do.
        advice: &'static str,
    },
}

/// Where a platform has no time.
const BUSY: &str = "The platform has no time now. It is sent again by itself.";

/// Where a platform's answer is one that we do not know.
pub(crate) const UNKNOWN_ANSWER: &str =
    "The platform refused it with a code that is not known here. Look the code up at the platform.";

impl Stop {
    /// The name for machines.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Rule(reason) => reason.code(),
            Self::Answer { code, .. } => code,
        }
    }

    /// What a person can do.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Rule(reason) => reason.advice(),
            Self::Answer { advice, .. } => advice,
        }
    }
}

impl Delivery {
    /// A delivery as its outcome was judged.
    #[must_use]
    pub fn planned<P>(judgement: &Judgement<P>, now: Timestamp) -> Self {
        match judgement {
            Judgement::Deliverable(_) => Self::due(now, None, 0),
            Judgement::Wait { until, reason } => Self::due(*until, Some(Stop::Rule(*reason)), 0),
            Judgement::Hold(reason) => Self::held(now, Stop::Rule(*reason), false),
            Judgement::Refuse(reason) => Self::refused(now, Stop::Rule(*reason)),
        }
    }

    /// The names of the states, in the order in which a delivery goes through them.
    pub const STATES: [&'static str; 8] = [
        "due",
        "waiting",
        "sending",
        "sent",
        "fetched",
        "confirmed",
        "held",
        "refused",
    ];

    /// The name of the state: `waiting` and `due` part what a rule or a platform asked to wait from what is only in
    /// the queue.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match self {
            Self::Due {
                waits_for: Some(_), ..
            } => "waiting",
            Self::Due { .. } => "due",
            Self::Leased { .. } => "sending",
            Self::Sent { .. } => "sent",
            Self::Fetched { .. } => "fetched",
            Self::Confirmed { .. } => "confirmed",
            Self::Held { .. } => "held",
            Self::Refused { .. } => "refused",
        }
    }

    /// Whether a sweep at `now` is to send it.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        match self {
            Self::Due { not_before, .. } => *not_before <= now,
            Self::Leased { until, .. } => *until <= now,
            _ => false,
        }
    }

    /// Whether a sweep at `now` is to ask the platform what became of it, and by which request id.
    #[must_use]
    pub fn asks_for(&self, now: Timestamp) -> Option<&str> {
        match self {
            Self::Sent {
                request_id, ask_at, ..
            } if *ask_at <= now => Some(request_id),
            _ => None,
        }
    }

    /// Takes it to send it. `None` where it is not due, or where somebody else is sending it.
    #[must_use]
    pub fn lease(&self, now: Timestamp) -> Option<Self> {
        let (waited_for, attempts) = match self {
            Self::Due {
                waits_for: stop,
                attempts,
                ..
            }
            | Self::Leased {
                waited_for: stop,
                attempts,
                ..
            } if self.is_due(now) => (stop.clone(), *attempts),
            _ => return None,
        };
        Some(Self::Leased {
            until: now.plus_ms(DELIVERY_LEASE_MS),
            waited_for,
            attempts: attempts.saturating_add(1),
        })
    }

    /// What follows from the platform's answer. `jitter` is a random byte, which keeps deliveries that failed
    /// together from coming back together. A delivery that waits for no answer stays as it is: an answer that comes
    /// after its lease has run out belongs to nobody, and the next attempt's own answer will tell the same.
    #[must_use]
    pub fn answered(self, answer: &RowAnswer, now: Timestamp, jitter: u8) -> Self {
        match (self, answer) {
            (
                Self::Sent {
                    at,
                    request_id,
                    asked,
                    waited_for,
                    attempts,
                    ..
                },
                RowAnswer::Processing { .. } | RowAnswer::Lost | RowAnswer::Busy { .. } | RowAnswer::NotRead,
            ) => match ask_again(asked, now) {
                Some((ask_at, asked)) => Self::Sent {
                    at,
                    request_id,
                    ask_at,
                    asked,
                    waited_for,
                    attempts,
                },
                None => Self::held(now, Stop::Rule(Reason::TooManyAttempts), true),
            },
            (
                Self::Leased {
                    waited_for, attempts, ..
                }
                | Self::Sent {
                    waited_for, attempts, ..
                },
                answer,
            ) => {
                let attempt = Attempt {
                    waited_for: waited_for.as_ref(),
                    attempts,
                    now,
                    jitter,
                };
                attempt.answered(answer)
            }
            (other, _) => other,
        }
    }

    /// The same delivery after another look at its outcome, before it is sent. What was sent once may be there, so a
    /// refusal only holds it.
    #[must_use]
    pub fn judged_again<P>(&self, judgement: &Judgement<P>, now: Timestamp) -> Self {
        let sent = match self {
            Self::Due { attempts, .. } | Self::Leased { attempts, .. } => *attempts,
            other => return other.clone(),
        };
        match judgement {
            Judgement::Wait { until, reason } => Self::due(*until, Some(Stop::Rule(*reason)), sent),
            Judgement::Hold(reason) | Judgement::Refuse(reason) if sent > 0 => {
                Self::held(now, Stop::Rule(*reason), true)
            }
            _ => Self::planned(judgement, now),
        }
    }

    /// Takes what the platform has to send it once more, because nobody can tell what became of it. What arrived before
    /// is answered as a repetition.
    #[must_use]
    pub fn lease_again(&self, now: Timestamp) -> Option<Self> {
        match self {
            Self::Sent {
                waited_for, attempts, ..
            } => Self::due(now, waited_for.clone(), *attempts).lease(now),
            _ => None,
        }
    }

    /// What a later word on the outcome means for it, as it stands.
    #[must_use]
    pub fn on_change(&self, change: Change) -> ChangePlan {
        match (self, change) {
            (Self::Leased { .. }, _) => ChangePlan::AfterAnswer,
            (Self::Sent { .. } | Self::Fetched { .. } | Self::Confirmed { .. }, _) => {
                ChangePlan::SendAdjustment
            }
            // It was never sent, so the platform need not hear of the first value.
            (
                Self::Due { attempts: 0, .. }
                | Self::Held {
                    may_be_there: false, ..
                },
                Change::Restate(_),
            ) => ChangePlan::JudgeAgain,
            (
                Self::Due { attempts: 0, .. }
                | Self::Held {
                    may_be_there: false, ..
                },
                Change::Retract,
            ) => ChangePlan::Withdraw,
            // It may have arrived; its payload is frozen, so that the platform sees a repetition for what it is.
            (Self::Due { .. } | Self::Held { .. }, _) => ChangePlan::AfterAnswer,
            (Self::Refused { .. }, _) => ChangePlan::Nothing,
        }
    }

    /// Somebody mended what held it: it is judged and sent again. Only what is held can be released.
    #[must_use]
    pub fn released<P>(self, judgement: &Judgement<P>, now: Timestamp) -> Self {
        match self {
            Self::Held { .. } => Self::planned(judgement, now),
            other => other,
        }
    }

    fn due(not_before: Timestamp, waits_for: Option<Stop>, attempts: u16) -> Self {
        Self::Due {
            not_before,
            waits_for,
            attempts,
        }
    }

    fn held(at: Timestamp, stop: Stop, may_be_there: bool) -> Self {
        Self::Held {
            at,
            may_be_there,
            stop,
        }
    }

    fn refused(at: Timestamp, stop: Stop) -> Self {
        Self::Refused { at, stop }
    }
}

/// What to do about a changed outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangePlan {
    /// The platform has not heard of it: judge it anew, with the new value.
    JudgeAgain,
    /// The platform has not heard of it, and need not: [`Reason::Retracted`].
    Withdraw,
    /// The platform has it: send the change.
    SendAdjustment,
    /// It is on its way: wait for the answer, and plan then.
    AfterAnswer,
    /// The platform never took it, so there is nothing to change.
    Nothing,
}

/// When to ask again, and how often it will have been asked before that. `None` after too many.
fn ask_again(asked: u16, now: Timestamp) -> Option<(Timestamp, u16)> {
    if asked >= DELIVERY_STATUS_WAITS_MAX {
        return None;
    }
    let asked = asked + 1;
    let wait_ms = DELIVERY_STATUS_WAIT_MS
        .saturating_mul(1 << u32::from(asked).min(20))
        .min(DELIVERY_BACK_OFF_MS_MAX);
    Some((now.plus_ms(wait_ms), asked))
}

#[cfg(test)]
mod tests;
