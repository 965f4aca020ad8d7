//! A row of the view `outcomes_with_leads`: an outcome with its newest value, and its lead if it may be used.

use attribution::judgement::Reason;
use attribution::money::Money;
use attribution::outcome::{Outcome, Reference};
use attribution::stored_lead::StoredLead;
use attribution::timestamp::Timestamp;
use serde::Deserialize;

use super::StorageError;

/// An outcome, and its lead if it may be used.
pub type OutcomeAndLead = (Outcome, Result<StoredLead, Reason>);

/// An outcome's columns with those of its lead.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct OutcomeRow {
    outcome_id: String,
    reference: String,
    kind: String,
    occurred_at_ms: i64,
    value: Option<String>,
    currency: Option<String>,
    is_retracted: u8,
    lead: Option<String>,
    lead_received_at_ms: Option<i64>,
    lead_user_agent: Option<String>,
    lead_suspicion: Option<String>,
}

impl OutcomeRow {
    pub(super) fn outcome_id(&self) -> &str {
        &self.outcome_id
    }

    pub(super) fn kind(&self) -> &str {
        &self.kind
    }

    pub(super) fn not_retracted(self) -> Self {
        Self {
            is_retracted: 0,
            ..self
        }
    }

    pub(super) fn outcome_and_lead(self) -> Result<OutcomeAndLead, StorageError> {
        let value = self
            .value
            .zip(self.currency)
            .map(|(value, currency)| Money::parse(&value, &currency));
        let outcome = Outcome {
            outcome_id: self.outcome_id,
            reference: Reference::from_text(&self.reference).ok_or(StorageError::Unreadable)?,
            kind: self.kind,
            occurred_at: Timestamp::from_ms(self.occurred_at_ms),
            value: value.transpose().map_err(|_| StorageError::Unreadable)?,
        };
        if self.is_retracted == 1 {
            return Ok((outcome, Err(Reason::Retracted)));
        }
        // Whatever the reason is called, also one of a version that is newer than this.
        if self.lead_suspicion.is_some() {
            return Ok((outcome, Err(Reason::LeadSuspected)));
        }
        let lead = match self.lead.zip(self.lead_received_at_ms) {
            Some((json, received_at_ms)) => StoredLead::from_json(&json, Timestamp::from_ms(received_at_ms))
                .map(|lead| lead.with_user_agent(self.lead_user_agent.as_deref().unwrap_or_default()))
                .map_err(|_| Reason::LeadUnreadable),
            None => Err(Reason::LeadWaiting),
        };
        Ok((outcome, lead))
    }
}
