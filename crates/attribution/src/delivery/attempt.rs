//! One attempt to send a delivery, and what follows from the platform's answer to it.

use super::{BUSY, Delivery, Stop, UNKNOWN_ANSWER};
use crate::judgement::Reason;
use crate::limits::{
    DELIVERY_ATTEMPTS_MAX, DELIVERY_BACK_OFF_MS_FIRST, DELIVERY_BACK_OFF_MS_MAX, DELIVERY_STATUS_WAIT_MS,
};
use crate::platform_answer::{Class, Mend, RowAnswer, Word};
use crate::timestamp::{HOUR_MS, Timestamp};

/// An attempt whose answer has come.
#[derive(Clone, Copy)]
pub(super) struct Attempt<'a> {
    /// What the delivery waited for before it was sent.
    pub(super) waited_for: Option<&'a Stop>,
    /// How often it was sent, this time included.
    pub(super) attempts: u16,
    /// When the answer came.
    pub(super) now: Timestamp,
    /// A random byte, which keeps deliveries that failed together from coming back together.
    pub(super) jitter: u8,
}

impl Attempt<'_> {
    /// Where the delivery stands after this answer.
    pub(super) fn answered(self, answer: &RowAnswer) -> Delivery {
        let now = self.now;
        match answer {
            RowAnswer::Taken => Delivery::Confirmed { at: now, word: None },
            RowAnswer::Processing { request_id } => Delivery::Sent {
                at: now,
                request_id: request_id.clone(),
                ask_at: now.plus_ms(DELIVERY_STATUS_WAIT_MS),
                asked: 0,
                waited_for: self
                    .waited_for
                    .filter(|stop| matches!(stop, Stop::Answer { .. }))
                    .cloned(),
                attempts: self.attempts,
            },
            RowAnswer::Said(word) => self.told(word),
            RowAnswer::SaidUnknown { code, mend } => self.stopped(*mend, stop(code, UNKNOWN_ANSWER)),
            RowAnswer::Busy { code, not_before } => self.again(Some(stop(code, BUSY)), *not_before),
            // Nobody looked at the row, so the attempt does not count.
            RowAnswer::NotRead => {
                Delivery::due(now, self.waited_for.cloned(), self.attempts.saturating_sub(1))
            }
            RowAnswer::Lost => self.again(self.waited_for.cloned(), None),
        }
    }

    /// After a word of the platform that we know.
    fn told(self, word: &Word) -> Delivery {
        let stop = stop(word.name, word.advice);
        match word.class {
            Class::Done => Delivery::Confirmed {
                at: self.now,
                word: Some(word.name),
            },
            Class::Info => self.stopped(Mend::Row, stop),
            Class::Never(mend) => self.stopped(mend, stop),
            Class::LaterOnce { mend, .. } if self.waited_for == Some(&stop) => self.stopped(mend, stop),
            Class::Later { hours } | Class::LaterOnce { hours, .. } => {
                let named = (hours > 0).then(|| self.now.plus_ms(i64::from(hours) * HOUR_MS));
                self.again(Some(stop), named)
            }
        }
    }

    /// The platform does not take it as it is: for good where the row is at fault, else until its settings are mended.
    fn stopped(self, mend: Mend, stop: Stop) -> Delivery {
        match mend {
            Mend::Row => Delivery::refused(self.now, stop),
            Mend::Settings => Delivery::held(self.now, stop, self.attempts > 1),
        }
    }

    /// The next attempt: when the platform said, but not before the back-off. After too many, a person has to look.
    fn again(self, stop: Option<Stop>, named: Option<Timestamp>) -> Delivery {
        if self.attempts >= DELIVERY_ATTEMPTS_MAX {
            return Delivery::held(self.now, Stop::Rule(Reason::TooManyAttempts), true);
        }
        let not_before = self.now.plus_ms(back_off_ms(self.attempts, self.jitter));
        let not_before = named.map_or(not_before, |named| named.max(not_before));
        Delivery::due(not_before, stop, self.attempts)
    }
}

fn stop(code: &str, advice: &'static str) -> Stop {
    Stop::Answer {
        code: code.to_owned(),
        advice,
    }
}

/// Doubles with each attempt up to its limit; the random byte takes away up to half of it.
pub(super) fn back_off_ms(attempts: u16, jitter: u8) -> i64 {
    let doublings = u32::from(attempts.saturating_sub(1)).min(20);
    let whole = DELIVERY_BACK_OFF_MS_FIRST
        .saturating_mul(1 << doublings)
        .min(DELIVERY_BACK_OFF_MS_MAX);
    whole - whole / 2 * i64::from(jitter) / i64::from(u8::MAX)
}
