//! What later happened to a lead: a call that closed, a purchase in the store, a stage in the CRM.
//!
//! ```json
//! {"outcome_id":"deal-1001","lead_id":"7K3M9QXA2F4HJK5NR","kind":"won",
//!  "occurred_at":"2026-11-20T14:05:00+01:00","value":"1250.00","currency":"EUR"}
//! {"outcome_id":"deal-1001","change":"restate","value":"900.00","currency":"EUR"}
//! {"outcome_id":"deal-1001","change":"retract"}
//! ```

use serde::Serialize;

use crate::adjustment::{Adjustment, Change};
use crate::limits::OUTCOME_DAYS_AHEAD_MAX;
use crate::money::Money;
use crate::timestamp::{DAY_MS, Timestamp};

mod refusal;
mod reference; // how an outcome names its lead
mod amount; // amounts as spreadsheets spell them
pub mod row; // one row, whatever it was written in
mod json_rows; // rows in JSON
mod csv_header; // which column of a table is which name
mod csv_rows; // rows of a table
pub use crate::csv_text::CsvText;
pub use csv_rows::CsvRows;
pub use json_rows::rows_of;
pub use reference::Reference;
pub use refusal::{BatchRefusal, OutcomeRefusal};
pub use row::ReceivedRow;

/// One outcome, told once under its own id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The teller's own id of this event; the ad platform sees it as the order id. Names no person.
    pub outcome_id: String,
    /// Whose outcome it is.
    pub reference: Reference,
    /// What happened, in the site's own words, such as `won`.
    pub kind: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// What it is worth, if anybody knows.
    pub value: Option<Money>,
}

/// A later word on an outcome that was told under the same id, or will be: a change may come first and waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeChange {
    /// Which outcome changes.
    pub outcome_id: String,
    /// What changes.
    pub change: Change,
    /// When, where the teller says so. Of two changes of value the later one counts; a retracted outcome stays so.
    pub changed_at: Option<Timestamp>,
}

/// What a row tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Something happened.
    Outcome(Outcome),
    /// Something that was told before is not so any more.
    Change(OutcomeChange),
}

impl Told {
    /// The teller's own id of the event.
    #[must_use]
    pub fn outcome_id(&self) -> &str {
        match self {
            Self::Outcome(outcome) => &outcome.outcome_id,
            Self::Change(change) => &change.outcome_id,
        }
    }

    /// What is dated in the future waits for its moment, for a clock may be wrong by hours and a deal may be told with the day
    /// on which it is to close. Further ahead the year is mistyped, and once stored it could not be told rightly any more.
    ///
    /// # Errors
    /// [`OutcomeRefusal::TimeTooFarAhead`].
    pub fn check_time(&self, now: Timestamp) -> Result<(), OutcomeRefusal> {
        let at = match self {
            Self::Outcome(outcome) => outcome.occurred_at,
            Self::Change(change) => change.changed_at.unwrap_or(now),
        };
        if at > now.plus_ms(i64::from(OUTCOME_DAYS_AHEAD_MAX) * DAY_MS) {
            Err(OutcomeRefusal::TimeTooFarAhead)
        } else {
            Ok(())
        }
    }
}

impl Outcome {
    /// An outcome comes after the first ad click of its lead; a lead that came from no ad asks for nothing.
    ///
    /// # Errors
    /// [`OutcomeRefusal::BeforeClick`] where the click is not before the outcome.
    pub fn check_order(&self, first_click_at: Option<Timestamp>) -> Result<(), OutcomeRefusal> {
        match first_click_at {
            Some(clicked_at) if self.occurred_at <= clicked_at => Err(OutcomeRefusal::BeforeClick),
            _ => Ok(()),
        }
    }

    /// The one text that two tellings of the same outcome share, whatever offset and however many zeros they were
    /// written with. Hashed, it tells a repetition from another use of the id.
    #[must_use]
    pub fn content(&self) -> String {
        let reference = self.reference.to_text();
        let by_lead_id = self.reference.lead_id();
        let content = Content {
            outcome_id: &self.outcome_id,
            lead_id: by_lead_id.map(crate::lead_id::LeadId::as_str),
            reference: by_lead_id.is_none().then_some(reference.as_str()),
            kind: &self.kind,
            occurred_at: self.occurred_at,
            value: self.value.map(|money| money.amount().normalize().to_string()),
            currency: self.value.as_ref().map(Money::currency),
        };
        // Writing plain texts as JSON cannot fail; were it to, the outcome would only count as another one.
        serde_json::to_string(&content).unwrap_or_default()
    }
}

impl OutcomeChange {
    /// What the record of a deal says anew of an outcome that is held already, worth `held` by the newest word: only
    /// another value is news.
    #[must_use]
    pub fn of_record(outcome: &Outcome, held: Option<Money>) -> Option<Self> {
        let value = outcome.value.filter(|value| Some(*value) != held)?;
        Some(Self {
            outcome_id: outcome.outcome_id.clone(),
            change: Change::Restate(value),
            changed_at: None,
        })
    }

    /// The change with the moment that orders it: the teller's, else that of its arrival.
    #[must_use]
    pub fn adjustment(&self, received_at: Timestamp) -> Adjustment {
        Adjustment {
            change: self.change,
            changed_at: self.changed_at.unwrap_or(received_at),
        }
    }
}

/// Rows that were stored before there were other references than a lead_id have hashes of this text, so its names and
/// their order stay.
#[derive(Serialize)]
struct Content<'a> {
    outcome_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    lead_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
    kind: &'a str,
    occurred_at: Timestamp,
    value: Option<String>,
    currency: Option<&'static str>,
}

#[cfg(test)]
mod tests;
