//! How outcomes stand at every destination of their site.

use attribution::timestamp::Timestamp;
use serde::Deserialize;

use super::database::{Database, Parameter, Statement, rows_of};
use super::ledger_reads::DeliveryRow;
use super::outcomes_with_leads::{OutcomeAndLead, OutcomeRow};
use super::stories::OutcomeChangeRow;
use super::{StorageError, Store};
use crate::destination::DestinationRow;

/// Everything that says how some outcomes of a site stand.
#[derive(Debug)]
pub struct Standings {
    /// The outcomes.
    pub outcomes: Vec<StandingOutcome>,
    /// What was told of them later, in that order.
    pub changes: Vec<OutcomeChangeRow>,
    /// What the ledger knows of them.
    pub deliveries: Vec<DeliveryRow>,
    /// The destinations of the site.
    pub destinations: Vec<DestinationRow>,
}

/// An outcome with its newest value, and its lead if it may be used.
#[derive(Clone, Debug, Deserialize)]
pub struct StandingOutcome {
    #[serde(flatten)]
    row: OutcomeRow,
    received_at_ms: i64,
}

impl StandingOutcome {
    /// Its id.
    #[must_use]
    pub fn outcome_id(&self) -> &str {
        self.row.outcome_id()
    }

    /// What happened.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.row.kind()
    }

    /// When it was told.
    #[must_use]
    pub fn told_at(&self) -> Timestamp {
        Timestamp::from_ms(self.received_at_ms)
    }

    /// The outcome for a destination that does not have it yet.
    ///
    /// # Errors
    /// [`StorageError::Unreadable`] where a row is of another version.
    pub fn outcome_and_lead(&self) -> Result<OutcomeAndLead, StorageError> {
        self.row.clone().outcome_and_lead()
    }

    /// The same for one that has it: that it was taken back later is a change and not the end of it.
    ///
    /// # Errors
    /// As [`StandingOutcome::outcome_and_lead`].
    pub fn delivered_outcome_and_lead(&self) -> Result<OutcomeAndLead, StorageError> {
        self.row.clone().not_retracted().outcome_and_lead()
    }
}

impl<D: Database> Store<D> {
    /// How these outcomes of a site stand.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn standings(&self, site: &str, outcome_ids: &[&str]) -> Result<Standings, StorageError> {
        let of_outcomes =
            |sql: &'static str| Statement::repeatable(sql, vec![site.into(), Parameter::json(&outcome_ids)]);
        let statements = vec![
            of_outcomes(include_str!("queries/read_outcomes_with_leads.sql")),
            of_outcomes(include_str!("queries/read_changes_of_outcomes.sql")),
            of_outcomes(include_str!("queries/read_deliveries_of_outcomes.sql")),
            Statement::repeatable(include_str!("queries/list_destinations.sql"), vec![site.into()]),
        ];
        let mut results = self.database.batch(statements).await?.into_iter();
        let mut next = || results.next().unwrap_or_default();
        Ok(Standings {
            outcomes: rows_of(next())?,
            changes: rows_of(next())?,
            deliveries: rows_of(next())?,
            destinations: rows_of(next())?,
        })
    }
}
