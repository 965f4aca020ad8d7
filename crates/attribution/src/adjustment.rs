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

/// A change, and when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adjustment {
    /// What changes.
    pub change: Change,
    /// When; by it the platforms tell the newer of two changes.
    pub changed_at: Timestamp,
}
