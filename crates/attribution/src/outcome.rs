//! What later happened to a lead: a call that closed, a purchase in the store, a stage in the CRM.
//!
//! ```json
//! {"outcome_id":"deal-1001","lead_id":"7K3M9QXA2F4HJK5NR","kind":"won",
//!  "occurred_at":"2026-11-20T14:05:00+01:00","value":"1250.00","currency":"EUR"}
//! ```

use serde::Serialize;

use crate::lead_id::LeadId;
use crate::money::Money;
use crate::timestamp::Timestamp;

mod received;
mod refusal;
pub use received::{BatchRefusal, ReceivedRow, rows_of};
pub use refusal::OutcomeRefusal;

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

/// How an outcome names its lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// By the id that was filled into the form.
    Lead(LeadId),
}

impl Reference {
    /// The lead's id.
    #[must_use]
    pub fn lead_id(&self) -> &LeadId {
        match self {
            Self::Lead(lead_id) => lead_id,
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
        let content = Content {
            outcome_id: &self.outcome_id,
            lead_id: self.reference.lead_id().as_str(),
            kind: &self.kind,
            occurred_at: self.occurred_at,
            value: self.value.map(|money| money.amount().normalize().to_string()),
            currency: self.value.as_ref().map(Money::currency),
        };
        // Writing plain texts as JSON cannot fail; were it to, the outcome would only count as another one.
        serde_json::to_string(&content).unwrap_or_default()
    }
}

#[derive(Serialize)]
struct Content<'a> {
    outcome_id: &'a str,
    lead_id: &'a str,
    kind: &'a str,
    occurred_at: Timestamp,
    value: Option<String>,
    currency: Option<&'static str>,
}

#[cfg(test)]
mod tests;
