//! What the rules of a platform say of one outcome, and every reason not to deliver it.

use crate::timestamp::Timestamp;

mod reason;
mod remedy;
pub use reason::Reason;
pub use remedy::Remedy;

/// What is to become of an outcome at one destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement<P> {
    /// The platform takes it now; this is what to send.
    Deliverable(P),
    /// The platform takes it later; until then it is judged again for nothing.
    Wait {
        /// The first moment at which it may be sent.
        until: Timestamp,
        /// What it waits for.
        reason: Reason,
    },
    /// It cannot be sent as things stand, and a person or another message can change that.
    Hold(Reason),
    /// The platform would refuse it, today and for good.
    Refuse(Reason),
}

impl<P> Judgement<P> {
    /// The same judgement about something else to send.
    pub fn map<Q>(self, deliverable: impl FnOnce(P) -> Q) -> Judgement<Q> {
        match self {
            Self::Deliverable(payload) => Judgement::Deliverable(deliverable(payload)),
            Self::Wait { until, reason } => Judgement::Wait { until, reason },
            Self::Hold(reason) => Judgement::Hold(reason),
            Self::Refuse(reason) => Judgement::Refuse(reason),
        }
    }

    /// Goes on only with what is deliverable.
    pub fn and_then<Q>(self, next: impl FnOnce(P) -> Judgement<Q>) -> Judgement<Q> {
        match self {
            Self::Deliverable(payload) => next(payload),
            Self::Wait { until, reason } => Judgement::Wait { until, reason },
            Self::Hold(reason) => Judgement::Hold(reason),
            Self::Refuse(reason) => Judgement::Refuse(reason),
        }
    }

    /// Why it is not sent now.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        match self {
            Self::Deliverable(_) => None,
            Self::Wait { reason, .. } | Self::Hold(reason) | Self::Refuse(reason) => Some(*reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_deliverable_goes_on() {
        let until = Timestamp::EPOCH;
        let reason = Reason::ClickTooRecent;
        for (judgement, expected) in [
            (Judgement::Deliverable(1), Judgement::Deliverable(2)),
            (
                Judgement::Wait { until, reason },
                Judgement::Wait { until, reason },
            ),
            (Judgement::Hold(reason), Judgement::Hold(reason)),
            (Judgement::Refuse(reason), Judgement::Refuse(reason)),
        ] {
            assert_eq!(judgement.clone().map(|number| number + 1), expected);
            assert_eq!(
                judgement.and_then(|number| Judgement::Deliverable(number + 1)),
                expected
            );
        }
    }
}
