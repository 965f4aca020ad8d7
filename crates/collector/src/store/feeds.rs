//! What stands in the files that platforms fetch, and that they have fetched it.

use attribution::feed_action::ToldChange;
use attribution::judgement::Reason;
use attribution::timestamp::Timestamp;
use serde::Deserialize;

use super::database::{Database, Parameter, Statement};
use super::deliveries::{DeliveryKey, adjustment_of};
use super::outcomes_with_leads::{OutcomeAndLead, OutcomeRow};
use super::{StorageError, Store};
use crate::destination::Destination;

/// Outcomes read at once, so that a file of any length fits into the Worker's memory.
const OUTCOMES_PER_PAGE: usize = 500;

/// A file of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedFile {
    /// `conversions.csv`
    Conversions,
    /// `adjustments.csv`: changes of what the platform has.
    Adjustments,
}

impl FeedFile {
    /// The file of this name, without its ending.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Conversions, Self::Adjustments]
            .into_iter()
            .find(|file| file.name() == name)
    }

    /// Its name, without its ending.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Conversions => "conversions",
            Self::Adjustments => "adjustments",
        }
    }
}

/// An outcome as a feed looks at it.
#[derive(Debug)]
pub struct FeedOutcome {
    /// The outcome with its newest value, and its lead if it may be used.
    pub outcome_and_lead: OutcomeAndLead,
    /// When it was told.
    pub told_at: Timestamp,
    /// When the platform was first given it.
    pub delivered_at: Option<Timestamp>,
    /// When its newest value became so, and when that was told; `None` where it has its first.
    pub restated: Option<(Timestamp, Timestamp)>,
}

/// An outcome that changed, with everything that was told of it later.
#[derive(Debug)]
pub struct FeedChanges {
    /// The outcome as it was told first, and its lead if it may be used.
    pub outcome_and_lead: OutcomeAndLead,
    /// When the platform was first given it.
    pub delivered_at: Option<Timestamp>,
    /// The changes.
    pub changes: Vec<ToldChange>,
}

#[derive(Deserialize)]
struct FeedOutcomeRow {
    #[serde(flatten)]
    outcome: OutcomeRow,
    received_at_ms: i64,
    restated_at_ms: Option<i64>,
    restate_received_at_ms: Option<i64>,
    delivered_at_ms: Option<i64>,
}

#[derive(Deserialize)]
struct FeedChangeRow {
    #[serde(flatten)]
    outcome: OutcomeRow,
    changed_at_ms: i64,
    received_at_ms: i64,
    changed_value: Option<String>,
    changed_currency: Option<String>,
    delivered_at_ms: Option<i64>,
}

#[derive(Deserialize)]
struct LeftOutRow {
    is_taken: u8,
    count: usize,
}

impl<D: Database> Store<D> {
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
    ) -> Result<Vec<FeedOutcome>, StorageError> {
        let statement = Statement::repeatable(
            include_str!("queries/page_outcomes_with_leads.sql"),
            vec![
                destination.site.as_str().into(),
                after_outcome_id.into(),
                since.into(),
                Parameter::json(&destination.outcome_kinds),
                Parameter::Integer(OUTCOMES_PER_PAGE as i64),
                destination.id.as_str().into(),
            ],
        );
        let rows: Vec<FeedOutcomeRow> = self.rows(statement).await?;
        rows.into_iter().map(FeedOutcomeRow::outcome).collect()
    }

    /// How many outcomes of its site a file does not even look at, by reason.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn outcomes_left_out(
        &self,
        destination: &Destination,
        since: Timestamp,
    ) -> Result<Vec<(Reason, usize)>, StorageError> {
        let statement = Statement::repeatable(
            include_str!("queries/count_outcomes_left_out.sql"),
            vec![
                destination.site.as_str().into(),
                Parameter::json(&destination.outcome_kinds),
                since.into(),
            ],
        );
        let rows: Vec<LeftOutRow> = self.rows(statement).await?;
        let reason = |row: LeftOutRow| match row.is_taken {
            1 => (Reason::ConversionTooOld, row.count),
            _ => (Reason::KindNotTaken, row.count),
        };
        Ok(rows.into_iter().map(reason).collect())
    }

    /// A page of the outcomes that a destination takes and that changed, in the order of their ids. The last page is
    /// empty.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page_of_changes(
        &self,
        destination: &Destination,
        after_outcome_id: &str,
    ) -> Result<Vec<FeedChanges>, StorageError> {
        let statement = Statement::repeatable(
            include_str!("queries/page_changed_outcomes.sql"),
            vec![
                destination.site.as_str().into(),
                after_outcome_id.into(),
                Parameter::json(&destination.outcome_kinds),
                Parameter::Integer(OUTCOMES_PER_PAGE as i64),
                destination.id.as_str().into(),
            ],
        );
        let rows: Vec<FeedChangeRow> = self.rows(statement).await?;
        let mut page: Vec<FeedChanges> = Vec::new();
        for row in rows {
            let change = row.change()?;
            match page.last_mut() {
                Some(changed) if changed.outcome_and_lead.0.outcome_id == row.outcome.outcome_id() => {
                    changed.changes.push(change);
                }
                _ => page.push(FeedChanges {
                    delivered_at: row.delivered_at_ms.map(Timestamp::from_ms),
                    outcome_and_lead: row.outcome.outcome_and_lead()?,
                    changes: vec![change],
                }),
            }
        }
        Ok(page)
    }

    /// Writes down what stands in a file that goes out now. When this returns, it is committed.
    ///
    /// # Errors
    /// When the database fails; then the file must not go out.
    pub async fn keep_fetched(
        &self,
        destination: &Destination,
        fetched: &[DeliveryKey],
        now: Timestamp,
    ) -> Result<(), StorageError> {
        if fetched.is_empty() {
            return Ok(());
        }
        let statement = Statement::repeatable(
            include_str!("queries/mark_fetched.sql"),
            vec![
                destination.id.as_str().into(),
                destination.site.as_str().into(),
                now.into(),
                Parameter::json(&fetched),
            ],
        );
        self.database.batch(vec![statement]).await.map(|_| ())
    }

    /// Writes down that a file was fetched.
    ///
    /// # Errors
    /// When the database fails; then the file must not go out.
    pub async fn keep_fetch(
        &self,
        destination: &Destination,
        file: FeedFile,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let statement = Statement::repeatable(
            include_str!("queries/mark_file_fetched.sql"),
            vec![destination.id.as_str().into(), file.name().into(), now.into()],
        );
        self.database.batch(vec![statement]).await.map(|_| ())
    }
}

impl FeedOutcomeRow {
    fn outcome(self) -> Result<FeedOutcome, StorageError> {
        let moment = Timestamp::from_ms;
        Ok(FeedOutcome {
            told_at: moment(self.received_at_ms),
            delivered_at: self.delivered_at_ms.map(moment),
            restated: self
                .restated_at_ms
                .map(moment)
                .zip(self.restate_received_at_ms.map(moment)),
            outcome_and_lead: self.outcome.outcome_and_lead()?,
        })
    }
}

impl FeedChangeRow {
    fn change(&self) -> Result<ToldChange, StorageError> {
        let (value, currency) = (self.changed_value.as_deref(), self.changed_currency.as_deref());
        Ok(ToldChange {
            adjustment: adjustment_of(self.changed_at_ms, value, currency)?,
            received_at: Timestamp::from_ms(self.received_at_ms),
        })
    }
}
