//! What is done every few minutes when nobody waits: the outbox of new leads, and once a night what is kept too long.
//!
//! Each step is harmless when it is done twice, so a run that is cut off is simply made up for by the next.

use attribution::limits::{
    ARRIVALS_PER_SWEEP_ROUND, PURGE_ROUNDS_MAX, PURGE_ROWS_PER_ROUND, SWEEP_ROUNDS_MAX,
};
use attribution::timestamp::{DAY_MS, HOUR_MS, SECOND_MS, Timestamp};
use serde::Serialize;

use crate::store::database::Database;
use crate::store::sweeps::{Job, Progress};
use crate::store::{StorageError, Store};

/// A lead may be committed a little after the moment that it carries, because its write was tried again; so the newest
/// rows are looked at once more. All tries of one write end within seconds.
const SETTLING_MS: i64 = 60 * SECOND_MS;

/// The hour of the night, UTC, after which the purge is due.
const NIGHT_HOUR: i64 = 2;

/// What a run has done, for the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// Rows of the outbox that were looked at.
    pub arrivals: usize,
    /// Rows among them that were mended.
    pub mended: usize,
    /// Leads that were kept too long.
    pub purged_leads: usize,
    /// Outcomes that were kept too long.
    pub purged_outcomes: usize,
}

/// One run.
///
/// # Errors
/// When the store fails; what was done until then is remembered.
pub async fn run<D: Database>(store: &Store<D>, now: Timestamp) -> Result<Swept, StorageError> {
    let mut swept = Swept::default();
    work_off_arrivals(store, now, &mut swept).await?;
    let purged = store.progress(Job::Purge).await?;
    if purged.is_none_or(|purged| purged.mark < last_night(now)) {
        purge(store, now, &mut swept).await?;
    }
    Ok(swept)
}

async fn work_off_arrivals<D: Database>(
    store: &Store<D>,
    now: Timestamp,
    swept: &mut Swept,
) -> Result<(), StorageError> {
    let settled = now.plus_ms(-SETTLING_MS);
    let progress = store.progress(Job::Arrivals).await?;
    let mut mark = progress.map_or(Timestamp::from_ms(0), |progress| progress.mark);
    let mut last = None;
    for _ in 0..SWEEP_ROUNDS_MAX {
        let arrivals = store
            .arrivals_after(mark, last.as_ref(), ARRIVALS_PER_SWEEP_ROUND)
            .await?;
        swept.arrivals += arrivals.len();
        swept.mended += store.work_off(&arrivals).await?;
        let is_at_the_end = arrivals.len() < ARRIVALS_PER_SWEEP_ROUND;
        last = arrivals.into_iter().next_back().or(last);
        // At the end everything is done that had come; before it, everything up to the last row.
        let done = last.as_ref().filter(|_| !is_at_the_end);
        let done = done.map_or(settled, |last| last.received_at().min(settled));
        mark = mark.max(done);
        let finished_at = now;
        store
            .keep_progress(Job::Arrivals, Progress { mark, finished_at })
            .await?;
        if is_at_the_end {
            break;
        }
    }
    Ok(())
}

async fn purge<D: Database>(store: &Store<D>, now: Timestamp, swept: &mut Swept) -> Result<(), StorageError> {
    for _ in 0..PURGE_ROUNDS_MAX {
        let purged = store.purge(now, PURGE_ROWS_PER_ROUND).await?;
        swept.purged_leads += purged.leads;
        swept.purged_outcomes += purged.outcomes;
        if purged.is_done() {
            let progress = Progress {
                mark: now,
                finished_at: now,
            };
            return store.keep_progress(Job::Purge, progress).await;
        }
    }
    // What is left is taken by the next run, minutes later.
    Ok(())
}

/// The newest moment at which the purge became due.
fn last_night(now: Timestamp) -> Timestamp {
    let shift_ms = NIGHT_HOUR * HOUR_MS;
    let since_midnight_ms = (now.ms() - shift_ms).rem_euclid(DAY_MS);
    now.plus_ms(-since_midnight_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_purge_is_due_once_a_night() {
        let moment = |text: &str| Timestamp::from_rfc3339(text).unwrap();
        let table = [
            ("2026-11-23T01:59:59Z", "2026-11-22T02:00:00Z"),
            ("2026-11-23T02:00:00Z", "2026-11-23T02:00:00Z"),
            ("2026-11-23T23:59:59Z", "2026-11-23T02:00:00Z"),
            ("2026-11-24T00:00:00Z", "2026-11-23T02:00:00Z"),
        ];
        for (now, expected) in table {
            assert_eq!(last_night(moment(now)), moment(expected), "{now}");
        }
    }
}
