//! What was refused, and what waits.

use std::collections::BTreeMap;

use attribution::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use super::database::{Database, Parameter, Statement, rows_of};
use super::sweeps::{Job, SweepRow, progress_of};
use super::{StorageError, Store};

/// What a person asks first when something is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// How often each rule refused something, since the given day.
    pub refused: BTreeMap<String, u64>,
    /// Outcomes whose lead has not arrived.
    pub outcomes_waiting: u64,
    /// When the oldest lead came that no sweep has looked at; `None` where there is none.
    pub oldest_in_outbox: Option<Timestamp>,
    /// When the last sweep ended.
    pub swept_at: Option<Timestamp>,
    /// When the last purge ended.
    pub purged_at: Option<Timestamp>,
}

impl<D: Database> Store<D> {
    /// Counts refusals by reason. Nothing else of them is kept.
    ///
    /// # Errors
    /// When the database fails; the counts are then too low by these.
    pub async fn count_refusals(
        &self,
        site: &str,
        route: &'static str,
        counts: &BTreeMap<&'static str, u32>,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let day = day_of(now);
        let statements = counts.iter().map(|(code, count)| {
            let count = Parameter::Integer(i64::from(*count));
            let parameters = vec![
                site.into(),
                day.as_str().into(),
                route.into(),
                (*code).into(),
                count,
            ];
            Statement::once(include_str!("queries/count_refusals.sql"), parameters)
        });
        let statements: Vec<Statement> = statements.collect();
        if !statements.is_empty() {
            self.database.batch(statements).await?;
        }
        Ok(())
    }

    /// What was refused since a day, and what waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn health(&self, since: Timestamp) -> Result<Health, StorageError> {
        let sum = Statement::repeatable(
            include_str!("queries/sum_refusals.sql"),
            vec![day_of(since).into()],
        );
        let waiting = Statement::repeatable(include_str!("queries/count_waiting_outcomes.sql"), Vec::new());
        let oldest = Statement::repeatable(include_str!("queries/read_oldest_arrival.sql"), Vec::new());
        let sweeps = Statement::repeatable(include_str!("queries/read_sweeps.sql"), Vec::new());
        let results = self.database.batch(vec![sum, waiting, oldest, sweeps]).await?;
        let mut results = results.into_iter();
        let refused: Vec<RefusedRow> = rows_of(results.next().unwrap_or_default())?;
        let waiting: Vec<CountRow> = rows_of(results.next().unwrap_or_default())?;
        let oldest: Vec<OldestRow> = rows_of(results.next().unwrap_or_default())?;
        let sweeps: Vec<SweepRow> = rows_of(results.next().unwrap_or_default())?;
        let finished = |job| progress_of(&sweeps, job).map(|progress| progress.finished_at);
        let oldest_ms = oldest.first().and_then(|row| row.oldest_ms);
        Ok(Health {
            refused: refused.into_iter().map(|row| (row.code, row.count)).collect(),
            outcomes_waiting: waiting.first().map_or(0, |row| row.count),
            oldest_in_outbox: oldest_ms.map(Timestamp::from_ms),
            swept_at: finished(Job::Arrivals),
            purged_at: finished(Job::Purge),
        })
    }
}

/// The UTC date of a moment, `2026-11-23`.
pub(super) fn day_of(moment: Timestamp) -> String {
    moment.to_rfc3339().chars().take("2026-11-23".len()).collect()
}

#[derive(Deserialize)]
struct RefusedRow {
    code: String,
    count: u64,
}

#[derive(Deserialize)]
struct OldestRow {
    oldest_ms: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct CountRow {
    pub(super) count: u64,
}
