//! What is done when nobody waits: the outbox of new leads, and what is kept too long.

use std::collections::BTreeMap;

use attribution::limits::{COUNTS_DAYS_MAX, TOMBSTONE_DAYS, WEBHOOK_EVENT_DAYS};
use attribution::stored_lead::StoredLead;
use attribution::timestamp::{DAY_MS, Timestamp};
use serde::{Deserialize, Serialize};

use super::database::{Database, Parameter, Statement};
use super::health::day_of;
use super::outcomes::match_outcomes;
use super::{StorageError, Store};
use crate::finder::Finder;

/// A job of the sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Job {
    /// The outbox of new leads.
    Arrivals,
    /// What is kept too long.
    Purge,
}

impl Job {
    fn name(self) -> &'static str {
        match self {
            Self::Arrivals => "arrivals",
            Self::Purge => "purge",
        }
    }
}

/// How far a job has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Everything before this moment is done.
    pub mark: Timestamp,
    /// When it last ended.
    pub finished_at: Timestamp,
}

/// A row of the outbox.
#[derive(Clone, Debug, Deserialize)]
pub struct Arrival {
    site: String,
    received_at_ms: i64,
    lead_id: String,
    finders: String,
    lead: String,
}

impl Arrival {
    /// When the lead came.
    #[must_use]
    pub fn received_at(&self) -> Timestamp {
        Timestamp::from_ms(self.received_at_ms)
    }

    /// What the lead is found by, as this version computes it, where the row says something else: it is older than its
    /// table, or than a rule. A lead that cannot be read keeps what it has.
    fn finders_to_mend(&self) -> Option<Vec<Finder>> {
        let lead = StoredLead::from_json(&self.lead, self.received_at()).ok()?;
        let finders = Finder::all_of(&lead);
        (Parameter::json(&finders) != Parameter::from(&self.finders)).then_some(finders)
    }
}

/// A row that gets other finders.
#[derive(Serialize)]
struct Mended<'a> {
    site: &'a str,
    received_at_ms: i64,
    lead_id: &'a str,
    finders: Vec<Finder>,
}

impl<'a> Mended<'a> {
    fn of(arrival: &'a Arrival) -> Option<Self> {
        Some(Self {
            site: &arrival.site,
            received_at_ms: arrival.received_at_ms,
            lead_id: &arrival.lead_id,
            finders: arrival.finders_to_mend()?,
        })
    }
}

/// How many rows one round of the purge has deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Leads.
    pub leads: usize,
    /// Outcomes.
    pub outcomes: usize,
    /// Changes, deliveries and events of webhooks that are too old, or belonged to what is gone.
    pub others: usize,
}

impl Purged {
    /// Whether there was nothing more to be deleted.
    #[must_use]
    pub fn is_done(self) -> bool {
        self == Self::default()
    }
}

impl<D: Database> Store<D> {
    /// How far a job has come; `None` before its first run.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn progress(&self, job: Job) -> Result<Option<Progress>, StorageError> {
        let statement = Statement::repeatable(include_str!("queries/read_sweeps.sql"), Vec::new());
        let rows: Vec<SweepRow> = self.rows(statement).await?;
        Ok(progress_of(&rows, job))
    }

    /// Remembers how far a job has come.
    ///
    /// # Errors
    /// When the database fails; the next run then does some work again, which is harmless.
    pub async fn keep_progress(&self, job: Job, progress: Progress) -> Result<(), StorageError> {
        let parameters = vec![
            job.name().into(),
            progress.mark.into(),
            progress.finished_at.into(),
        ];
        let statement = Statement::repeatable(include_str!("queries/upsert_sweep.sql"), parameters);
        self.database.batch(vec![statement]).await.map(|_| ())
    }

    /// The next rows of the outbox, oldest first, after that row, or from that moment on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn arrivals_after(
        &self,
        moment: Timestamp,
        last: Option<&Arrival>,
        count_max: usize,
    ) -> Result<Vec<Arrival>, StorageError> {
        let parameters = vec![
            last.map_or(moment.plus_ms(-1), Arrival::received_at).into(),
            // Above every lead_id, so that nothing of the millisecond before the moment is read again.
            last.map_or("~", |last| last.lead_id.as_str()).into(),
            Parameter::Integer(count_max as i64),
        ];
        let statement = Statement::repeatable(include_str!("queries/page_arrivals.sql"), parameters);
        self.rows(statement).await
    }

    /// Does what is still to be done for these leads: those whose finders are not what this version computes get them, and
    /// with them the outcomes that waited. Says how many; doing it twice is harmless.
    ///
    /// # Errors
    /// When the database fails; then none of it is done.
    pub async fn work_off(&self, arrivals: &[Arrival]) -> Result<usize, StorageError> {
        let mended: Vec<Mended<'_>> = arrivals.iter().filter_map(Mended::of).collect();
        if mended.is_empty() {
            return Ok(0);
        }
        let mut finders: BTreeMap<&str, Vec<&Finder>> = BTreeMap::new();
        for row in &mended {
            finders.entry(row.site).or_default().extend(&row.finders);
        }
        // One statement for all rows and one for each site, because D1 counts the statements of a run.
        let update = Statement::repeatable(
            include_str!("queries/update_finders.sql"),
            vec![Parameter::json(&mended)],
        );
        let matches = finders
            .iter()
            .map(|(site, finders)| match_outcomes(site, finders));
        self.database
            .batch(std::iter::once(update).chain(matches).collect())
            .await?;
        Ok(mended.len())
    }

    /// Deletes at most so many of the leads, of the outcomes, and of everything else that is kept no longer.
    ///
    /// # Errors
    /// When the database fails; then this round has deleted nothing.
    pub async fn purge(&self, now: Timestamp, count_max: usize) -> Result<Purged, StorageError> {
        let round = || vec![now.into(), Parameter::Integer(count_max as i64)];
        let days_ago = |days: u16| now.plus_ms(-i64::from(days) * DAY_MS);
        let statements = vec![
            Statement::repeatable(include_str!("queries/purge_outcomes_of_leads.sql"), round()),
            Statement::repeatable(include_str!("queries/purge_outcomes.sql"), round()),
            Statement::repeatable(include_str!("queries/purge_leads.sql"), round()),
            Statement::repeatable(include_str!("queries/purge_arrivals.sql"), round()),
            Statement::repeatable(
                include_str!("queries/purge_lead_counts.sql"),
                vec![day_of(days_ago(COUNTS_DAYS_MAX)).into()],
            ),
            Statement::repeatable(
                include_str!("queries/purge_tombstones.sql"),
                vec![days_ago(TOMBSTONE_DAYS).into()],
            ),
            Statement::repeatable(
                include_str!("queries/purge_refused_counts.sql"),
                vec![day_of(days_ago(COUNTS_DAYS_MAX)).into()],
            ),
            Statement::repeatable(include_str!("queries/purge_outcome_changes.sql"), round()),
            Statement::repeatable(
                include_str!("queries/purge_webhook_events.sql"),
                vec![
                    days_ago(WEBHOOK_EVENT_DAYS).into(),
                    Parameter::Integer(count_max as i64),
                ],
            ),
            Statement::repeatable(
                include_str!("queries/purge_deliveries.sql"),
                vec![Parameter::Integer(count_max as i64)],
            ),
        ];
        let deleted: Vec<usize> = self
            .database
            .batch(statements)
            .await?
            .iter()
            .map(Vec::len)
            .collect();
        let of = |place: usize| deleted.get(place).copied().unwrap_or_default();
        Ok(Purged {
            leads: of(2),
            outcomes: of(0) + of(1),
            others: of(7) + of(8) + of(9),
        })
    }
}

#[derive(Deserialize)]
pub(super) struct SweepRow {
    job: Job,
    mark_ms: i64,
    finished_at_ms: i64,
}

pub(super) fn progress_of(rows: &[SweepRow], job: Job) -> Option<Progress> {
    let row = rows.iter().find(|row| row.job == job)?;
    Some(Progress {
        mark: Timestamp::from_ms(row.mark_ms),
        finished_at: Timestamp::from_ms(row.finished_at_ms),
    })
}
