//! When a statement that failed is tried again: D1's messages, sorted by what they mean.

use super::database::StorageError;

/// Tries of a batch whose statements may run twice, the first one included. D1 itself retries reads, never writes.
pub(super) const TRIES_MAX: u32 = 5;

/// The longest wait before the second try, in milliseconds; it doubles each time. All waits together stay below the
/// second that a page may take to go away.
const FIRST_WAIT_MS_MAX: f64 = 60.0;

/// Messages of what goes away by itself (<https://developers.cloudflare.com/d1/best-practices/retry-queries/>,
/// <https://developers.cloudflare.com/d1/observability/debug-d1/>). A database that is overloaded, or that timed out, is
/// not helped by asking at once again: its caller is told to come back later.
const TRANSIENT: [&str; 7] = [
    "Network connection lost",
    "storage caused object to be reset",
    "reset because its code was updated",
    "starting up D1 DB storage",
    "Cannot resolve D1 DB due to transient issue",
    "Can't read from request stream because client disconnected",
    "SQLITE_BUSY",
];

/// Messages of a deployment whose migrations were not applied: waiting does not help, a person must.
const UNMIGRATED: [&str; 2] = ["no such table", "no such column"];

/// What to do after a failure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Next {
    /// Wait so many milliseconds, then try again.
    TryAgainAfterMs(f64),
    /// Give up.
    GiveUp(StorageError),
}

/// After `tries` tries, the last of which failed with `message`. `share` is a fresh random number from 0 to 1, so that
/// requests which failed together do not come back together.
pub(super) fn next(message: &str, is_repeatable: bool, tries: u32, share: f64) -> Next {
    if UNMIGRATED.iter().any(|known| message.contains(known)) {
        return Next::GiveUp(StorageError::Unreadable);
    }
    if !is_repeatable || tries >= TRIES_MAX || !is_transient(message) {
        return Next::GiveUp(StorageError::Unavailable);
    }
    let longest_ms = FIRST_WAIT_MS_MAX * f64::from(1_u32 << (tries.clamp(1, TRIES_MAX) - 1));
    // At least half of it, so that a try is never in vain for coming at once.
    Next::TryAgainAfterMs(longest_ms * (0.5 + share.clamp(0.0, 1.0) / 2.0))
}

pub(super) fn is_transient(message: &str) -> bool {
    TRANSIENT.iter().any(|known| message.contains(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_goes_away_by_itself_is_tried_again() {
        let again = [
            "D1_ERROR: Network connection lost.",
            "D1_ERROR: Internal error in D1 DB storage caused object to be reset.",
            "D1_ERROR: D1 DB reset because its code was updated.",
            "D1_ERROR: Internal error while starting up D1 DB storage caused object to be reset.",
            "D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.",
            "D1_ERROR: Can't read from request stream because client disconnected.",
            "D1_ERROR: database is locked: SQLITE_BUSY",
        ];
        for message in again {
            assert!(
                matches!(next(message, true, 1, 0.5), Next::TryAgainAfterMs(_)),
                "{message}"
            );
            assert_eq!(
                next(message, false, 1, 0.5),
                Next::GiveUp(StorageError::Unavailable),
                "{message}"
            );
        }
        let never = [
            "D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.",
            "D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
            "D1_ERROR: D1 DB is overloaded. Too many requests queued.",
            "D1_ERROR: D1 DB's isolate exceeded its memory limit and was reset.",
            "D1_ERROR: D1 DB exceeded its CPU time limit and was reset.",
            "D1_ERROR: UNIQUE constraint failed: leads.site: SQLITE_CONSTRAINT",
            "D1_ERROR: database or disk is full: SQLITE_FULL",
            "D1_TYPE_ERROR: Type 'undefined' not supported for value 'undefined'",
            "D1_COLUMN_NOTFOUND: Column not found",
            "D1_EXEC_ERROR: Error in line 1",
            "",
        ];
        for message in never {
            assert_eq!(
                next(message, true, 1, 0.5),
                Next::GiveUp(StorageError::Unavailable),
                "{message}"
            );
        }
    }

    #[test]
    fn a_missing_table_is_told_apart_from_a_database_that_is_away() {
        for message in [
            "D1_ERROR: no such table: sites: SQLITE_ERROR",
            "D1_ERROR: no such column: x",
        ] {
            assert_eq!(
                next(message, true, 1, 0.0),
                Next::GiveUp(StorageError::Unreadable),
                "{message}"
            );
        }
    }

    #[test]
    fn the_waits_double_vary_by_half_and_end() {
        let lost = "Network connection lost.";
        let wait = |tries, share| match next(lost, true, tries, share) {
            Next::TryAgainAfterMs(wait_ms) => Some(wait_ms),
            Next::GiveUp(_) => None,
        };
        let table = [
            (1, 0.0, Some(30.0)),
            (1, 1.0, Some(60.0)),
            (2, 1.0, Some(120.0)),
            (3, 1.0, Some(240.0)),
            (4, 1.0, Some(480.0)),
            (5, 1.0, None),
            (u32::MAX, 1.0, None),
        ];
        for (tries, share, expected) in table {
            assert_eq!(wait(tries, share), expected, "{tries} {share}");
        }
    }
}
