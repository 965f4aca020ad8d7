//! A later word on an outcome that was told before: a new value, or that it did not happen after all.

use crate::money::Money;
use crate::timestamp::Timestamp;

/// What changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The outcome is worth something else.
    Restate(Money),
    /// The outcome did not happen after all.
    Retract,
}

impl Change {
    /// `restate` or `retract`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Restate(_) => "restate",
            Self::Retract => "retract",
        }
    }

    /// The new value of a restate.
    #[must_use]
    pub fn value(self) -> Option<Money> {
        match self {
            Self::Restate(money) => Some(money),
            Self::Retract => None,
        }
    }

    /// The one text that two tellings of the same change share, however many zeros they were written with.
    #[must_use]
    pub fn content(self) -> String {
        match self {
            Self::Restate(money) => format!("restate {} {}", money.amount().normalize(), money.currency()),
            Self::Retract => "retract".to_owned(),
        }
    }
}

/// A change, and when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adjustment {
    /// What changes.
    pub change: Change,
    /// When; by it the platforms tell the newer of two changes.
    pub changed_at: Timestamp,
}
