//! How an outcome is shown to whoever may read it.

use attribution::timestamp::Timestamp;
use serde::Serialize;

use crate::store::stories::{OutcomeChangeRow, StoredOutcomeRow};

/// An outcome as it was told, and whether its lead is known.
#[derive(Debug, Serialize)]
pub struct ShownOutcome {
    outcome_id: String,
    kind: String,
    occurred_at: Timestamp,
    value: Option<String>,
    currency: Option<String>,
    received_at: Timestamp,
    /// `matched`, or `waiting` while no lead of its reference is stored.
    r#match: &'static str,
    /// What names its lead: `lead_id`, `gclid`, `email`, …; not the value, which may name a person.
    named_by: String,
    lead_id: Option<String>,
}

/// A later word on an outcome.
#[derive(Debug, Serialize)]
pub struct ShownChange {
    outcome_id: String,
    change: String,
    changed_at: Timestamp,
    value: Option<String>,
    currency: Option<String>,
    received_at: Timestamp,
}

impl From<StoredOutcomeRow> for ShownOutcome {
    fn from(row: StoredOutcomeRow) -> Self {
        let named_by = row.reference.split(':').next().unwrap_or_default();
        Self {
            outcome_id: row.outcome_id,
            kind: row.kind,
            occurred_at: Timestamp::from_ms(row.occurred_at_ms),
            value: row.value,
            currency: row.currency,
            received_at: Timestamp::from_ms(row.received_at_ms),
            r#match: if row.has_lead == 1 { "matched" } else { "waiting" },
            named_by: named_by.to_owned(),
            lead_id: row.lead_id,
        }
    }
}

impl From<OutcomeChangeRow> for ShownChange {
    fn from(row: OutcomeChangeRow) -> Self {
        Self {
            outcome_id: row.outcome_id,
            change: row.change,
            changed_at: Timestamp::from_ms(row.changed_at_ms),
            value: row.value,
            currency: row.currency,
            received_at: Timestamp::from_ms(row.received_at_ms),
        }
    }
}
