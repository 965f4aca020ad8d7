//! Outcomes in the store, and outcomes with their leads.

use std::collections::{HashMap, HashSet};

use attribution::judgement::Reason;
use attribution::lead_id::LeadId;
use attribution::money::Money;
use attribution::outcome::{Outcome, Reference};
use attribution::stored_lead::StoredLead;
use attribution::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use super::database::{Database, Parameter, Statement, rows_of};
use super::{StorageError, Store};
use crate::authority::sha256_hex;
use crate::destination::Destination;

/// Outcomes read at once, so that a feed of any length fits into the Worker's memory.
const OUTCOMES_PER_PAGE: usize = 500;

/// What became of the outcomes of a batch: what the store holds under each outcome_id now.
#[derive(Debug, Default)]
pub struct KeptOutcomes {
    /// The ids that are new with this batch.
    pub new: HashSet<String>,
    /// All of the batch's ids.
    pub held: HashMap<String, HeldOutcome>,
}

/// An outcome as the store holds it.
#[derive(Debug)]
pub struct HeldOutcome {
    /// Its content's hash.
    pub content_sha256: String,
    /// Whether its lead is there.
    pub has_lead: bool,
}

/// An outcome of a feed, and its lead if it may be used.
pub type OutcomeAndLead = (Outcome, Result<StoredLead, Reason>);

impl<D: Database> Store<D> {
    /// Stores outcomes, each once. When this returns, they are committed, all or none.
    ///
    /// # Errors
    /// When the database fails; storing them again is harmless.
    pub async fn keep_outcomes(
        &self,
        site: &str,
        outcomes: &[&Outcome],
        received_at: Timestamp,
    ) -> Result<KeptOutcomes, StorageError> {
        if outcomes.is_empty() {
            return Ok(KeptOutcomes::default());
        }
        let rows: Vec<OutcomeToInsert<'_>> = outcomes
            .iter()
            .map(|outcome| OutcomeToInsert::of(outcome))
            .collect();
        let json = Parameter::json(&rows);
        let insert = Statement::repeatable(
            include_str!("queries/insert_outcomes.sql"),
            vec![site.into(), received_at.into(), json.clone()],
        );
        let read = Statement::repeatable(
            include_str!("queries/read_outcome_contents.sql"),
            vec![site.into(), json],
        );
        let mut results = self.database.batch(vec![insert, read]).await?.into_iter();
        let inserted: Vec<OutcomeIdRow> = rows_of(results.next().unwrap_or_default())?;
        let held: Vec<OutcomeContentRow> = rows_of(results.next().unwrap_or_default())?;
        Ok(KeptOutcomes {
            new: inserted.into_iter().map(|row| row.outcome_id).collect(),
            held: held.into_iter().map(OutcomeContentRow::held).collect(),
        })
    }

    /// A page of the outcomes that a destination takes, in the order of their ids, each with its lead. The last page
    /// is empty.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page_of_outcomes(
        &self,
        destination: &Destination,
        after_outcome_id: &str,
        since: Timestamp,
    ) -> Result<Vec<OutcomeAndLead>, StorageError> {
        let statement = Statement::repeatable(
            include_str!("queries/page_outcomes_with_leads.sql"),
            vec![
                destination.site.as_str().into(),
                after_outcome_id.into(),
                since.into(),
                Parameter::json(&destination.outcome_kinds),
                Parameter::Integer(OUTCOMES_PER_PAGE as i64),
            ],
        );
        let rows: Vec<OutcomeRow> = self.rows(statement).await?;
        rows.into_iter().map(OutcomeRow::outcome_and_lead).collect()
    }
}

/// The hash that tells a repetition of an outcome from another use of its id.
#[must_use]
pub fn content_sha256(outcome: &Outcome) -> String {
    sha256_hex(&outcome.content())
}

#[derive(Serialize)]
struct OutcomeToInsert<'a> {
    outcome_id: &'a str,
    lead_id: &'a str,
    kind: &'a str,
    occurred_at_ms: i64,
    value: Option<String>,
    currency: Option<&'static str>,
    content_sha256: String,
}

impl<'a> OutcomeToInsert<'a> {
    fn of(outcome: &'a Outcome) -> Self {
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
struct OutcomeIdRow {
    outcome_id: String,
}

#[derive(Deserialize)]
struct OutcomeContentRow {
    outcome_id: String,
    content_sha256: String,
    has_lead: u8,
}

impl OutcomeContentRow {
    fn held(self) -> (String, HeldOutcome) {
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
struct OutcomeRow {
    outcome_id: String,
    lead_id: String,
    kind: String,
    occurred_at_ms: i64,
    value: Option<String>,
    currency: Option<String>,
    lead: Option<String>,
    lead_received_at_ms: Option<i64>,
    lead_user_agent: Option<String>,
    lead_suspicion: Option<String>,
}

impl OutcomeRow {
    fn outcome_and_lead(self) -> Result<OutcomeAndLead, StorageError> {
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
