//! How many leads and outcomes some days had, and how those outcomes stand.

use attribution::calendar::Day;
use attribution::delivery::DeliveryRecord;
use attribution::timestamp::Timestamp;
use serde::Deserialize;

use super::database::{Database, Parameter, Statement, rows_of};
use super::standings::StandingOutcome;
use super::{StorageError, Store};
use crate::destination::{Destination, DestinationRow};

/// Outcomes read at once, so that any number of them fits into the Worker's memory.
const OUTCOMES_PER_PAGE: usize = 500;

/// Everything that is counted without looking at each. A day is its place in the list of days.
#[derive(Debug)]
pub struct DayCounts {
    /// Leads by what they know of an ad click.
    pub leads: Vec<LeadCount>,
    /// Outcomes, and those that wait for their lead.
    pub outcomes: Vec<OutcomeCount>,
    /// Outcomes by how the ledger has them at a destination.
    pub deliveries: Vec<DeliveryCount>,
    /// The destinations of the site.
    pub destinations: Vec<DestinationRow>,
}

/// Leads of a day that are alike.
#[derive(Clone, Debug, Deserialize)]
pub struct LeadCount {
    /// Which day.
    pub day: usize,
    /// What they know of an ad click; `None` where they are older than that column.
    pub click: Option<String>,
    /// 1 where they do not look like a person's.
    pub is_suspected: u8,
    /// How many.
    pub count: u64,
}

/// Outcomes that were told on a day.
#[derive(Clone, Debug, Deserialize)]
pub struct OutcomeCount {
    /// Which day.
    pub day: usize,
    /// How many.
    pub count: u64,
    /// How many of them wait for their lead.
    pub waiting: u64,
}

/// Outcomes that were told on a day and stand alike at a destination.
#[derive(Clone, Debug, Deserialize)]
pub struct DeliveryCount {
    /// Which day.
    pub day: usize,
    /// Where.
    pub destination: String,
    state: Option<String>,
    reason: Option<String>,
    answer: Option<String>,
    /// How many.
    pub count: u64,
}

impl DeliveryCount {
    /// What they have in common; `None` where the ledger does not have them.
    #[must_use]
    pub fn record(&self) -> Option<DeliveryRecord> {
        Some(DeliveryRecord {
            state: self.state.clone()?,
            reason: self.reason.clone(),
            answer: self.answer.clone(),
            ..DeliveryRecord::default()
        })
    }
}

impl<D: Database> Store<D> {
    /// The counts of some days of a site.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn day_counts(&self, site: &str, days: &[Day]) -> Result<DayCounts, StorageError> {
        let bounds: Vec<[i64; 2]> = days.iter().map(|day| [day.begins.ms(), day.ends.ms()]).collect();
        let of_days =
            |sql: &'static str| Statement::repeatable(sql, vec![site.into(), Parameter::json(&bounds)]);
        let statements = vec![
            of_days(include_str!("queries/count_leads_by_click.sql")),
            of_days(include_str!("queries/count_outcomes_by_day.sql")),
            of_days(include_str!("queries/count_deliveries_by_day.sql")),
            Statement::repeatable(include_str!("queries/list_destinations.sql"), vec![site.into()]),
        ];
        let mut results = self.database.batch(statements).await?.into_iter();
        let mut next = || results.next().unwrap_or_default();
        Ok(DayCounts {
            leads: rows_of(next())?,
            outcomes: rows_of(next())?,
            deliveries: rows_of(next())?,
            destinations: rows_of(next())?,
        })
    }

    /// A page of the outcomes that a file takes and that its platform was not given yet, told after that moment and
    /// outcome and before the end, in that order. The last page is empty.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page_of_outcomes_not_given(
        &self,
        destination: &Destination,
        (after, after_outcome_id): (Timestamp, &str),
        end: Timestamp,
    ) -> Result<Vec<StandingOutcome>, StorageError> {
        let statement = Statement::repeatable(
            include_str!("queries/page_outcomes_not_given.sql"),
            vec![
                destination.site.as_str().into(),
                after.into(),
                after_outcome_id.into(),
                end.into(),
                Parameter::json(&destination.outcome_kinds),
                destination.id.as_str().into(),
                Parameter::Integer(OUTCOMES_PER_PAGE as i64),
            ],
        );
        self.rows(statement).await
    }
}
