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

impl Adjustment {
    /// The place in the list of the one change that counts: a retract is final, and of several new values the newest is
    /// the value. `None` where nothing changed.
    #[must_use]
    pub fn last_word(changes: &[Self]) -> Option<usize> {
        let rank = |change: &Self| (matches!(change.change, Change::Retract), change.changed_at);
        let ranked = changes.iter().enumerate();
        ranked
            .max_by_key(|(_, change)| rank(change))
            .map(|(place, _)| place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retract_is_the_last_word_and_else_the_newest_value() {
        let restate = |hour: i64| Adjustment {
            change: Change::Restate(Money::parse("1", "EUR").expect("money")),
            changed_at: Timestamp::from_ms(hour),
        };
        let retract = |hour: i64| Adjustment {
            change: Change::Retract,
            changed_at: Timestamp::from_ms(hour),
        };
        for (changes, expected) in [
            (vec![], None),
            (vec![restate(1)], Some(0)),
            (vec![restate(2), restate(1)], Some(0)),
            (vec![restate(1), restate(2)], Some(1)),
            (vec![retract(1), restate(2)], Some(0)),
            (vec![restate(3), restate(2), retract(1)], Some(2)),
        ] {
            assert_eq!(Adjustment::last_word(&changes), expected, "{changes:?}");
        }
    }
}
