//! The rows that the statements give and take. A field's name is the column's name.

use attribution::google::conversion::LeftOut;
use attribution::lead_id::LeadId;
use attribution::money::Money;
use attribution::outcome::{Outcome, Reference};
use attribution::stored_lead::StoredLead;
use attribution::time_zone::TimeZone;
use attribution::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use super::{HeldOutcome, OutcomeAndLead, StorageError, content_sha256};
use crate::site::{OriginPattern, Site};

#[derive(Deserialize)]
pub(super) struct SiteRow {
    pub(super) site: String,
    pub(super) origins: String,
    pub(super) time_zone: Option<String>,
}

impl SiteRow {
    /// A pattern that cannot be read matches nobody; a zone that cannot be read is none, and times without an offset
    /// are refused.
    pub(super) fn settings(self) -> Result<Site, StorageError> {
        let origins: Vec<String> =
            serde_json::from_str(&self.origins).map_err(|_| StorageError::Unreadable)?;
        Ok(Site {
            id: self.site,
            origins: origins
                .iter()
                .filter_map(|origin| OriginPattern::parse(origin))
                .collect(),
            time_zone: self.time_zone.as_deref().and_then(TimeZone::named),
        })
    }
}

#[derive(Deserialize)]
pub(super) struct LeadContentRow {
    pub(super) content_sha256: String,
}

#[derive(Deserialize)]
pub(super) struct FirstClickRow {
    pub(super) lead_id: String,
    pub(super) first_click_at_ms: Option<i64>,
}

#[derive(Serialize)]
pub(super) struct OutcomeToInsert<'a> {
    pub(super) outcome_id: &'a str,
    pub(super) lead_id: &'a str,
    pub(super) kind: &'a str,
    pub(super) occurred_at_ms: i64,
    pub(super) value: Option<String>,
    pub(super) currency: Option<&'static str>,
    pub(super) content_sha256: String,
}

impl<'a> OutcomeToInsert<'a> {
    pub(super) fn of(outcome: &'a Outcome) -> Self {
        Self {
            outcome_id: &outcome.outcome_id,
            lead_id: outcome.reference.lead_id().as_str(),
            kind: &outcome.kind,
            occurred_at_ms: outcome.occurred_at.ms(),
            value: outcome.value.map(|money| money.amount().to_string()),
            currency: outcome.value.as_ref().map(Money::currency),
            content_sha256: content_sha256(outcome),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct OutcomeIdRow {
    pub(super) outcome_id: String,
}

#[derive(Deserialize)]
pub(super) struct OutcomeContentRow {
    pub(super) outcome_id: String,
    pub(super) content_sha256: String,
    pub(super) has_lead: u8,
}

impl OutcomeContentRow {
    pub(super) fn held(self) -> (String, HeldOutcome) {
        (
            self.outcome_id,
            HeldOutcome {
                content_sha256: self.content_sha256,
                has_lead: self.has_lead == 1,
            },
        )
    }
}

#[derive(Deserialize)]
pub(super) struct OutcomeRow {
    pub(super) outcome_id: String,
    pub(super) lead_id: String,
    pub(super) kind: String,
    pub(super) occurred_at_ms: i64,
    pub(super) value: Option<String>,
    pub(super) currency: Option<String>,
    pub(super) lead: Option<String>,
    pub(super) lead_received_at_ms: Option<i64>,
    pub(super) lead_user_agent: Option<String>,
}

impl OutcomeRow {
    pub(super) fn outcome_and_lead(self) -> Result<OutcomeAndLead, StorageError> {
        let value = self
            .value
            .zip(self.currency)
            .map(|(value, currency)| Money::parse(&value, &currency));
        let outcome = Outcome {
            outcome_id: self.outcome_id,
            reference: Reference::Lead(LeadId::parse(&self.lead_id).map_err(|_| StorageError::Unreadable)?),
            kind: self.kind,
            occurred_at: Timestamp::from_ms(self.occurred_at_ms),
            value: value.transpose().map_err(|_| StorageError::Unreadable)?,
        };
        let lead = match self.lead.zip(self.lead_received_at_ms) {
            Some((json, received_at_ms)) => StoredLead::from_json(&json, Timestamp::from_ms(received_at_ms))
                .map(|lead| lead.with_user_agent(self.lead_user_agent.as_deref().unwrap_or_default()))
                .map_err(|_| LeftOut::LeadUnreadable),
            None => Err(LeftOut::LeadWaiting),
        };
        Ok((outcome, lead))
    }
}

#[derive(Deserialize)]
pub(super) struct RefusedRow {
    pub(super) code: String,
    pub(super) count: u64,
}

#[derive(Deserialize)]
pub(super) struct CountRow {
    pub(super) count: u64,
}
