//! `GET health`: whether the store answers, what was refused lately and what waits.

use attribution::timestamp::{DAY_MS, SECOND_MS, Timestamp};
use serde::Serialize;

use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::store::Store;
use crate::store::database::Database;
use crate::store::health::Health;

/// Refusals are told of so many days.
const REFUSED_DAYS: i64 = 30;

#[derive(Serialize)]
struct Report {
    status: &'static str,
    refused_days: i64,
    /// Seconds that the oldest lead has waited in the outbox; 0 where none waits.
    outbox_age_s: i64,
    #[serde(flatten)]
    health: Health,
}

/// The state of this deployment.
///
/// # Errors
/// [`Refusal::Storage`] when the store does not answer.
pub async fn report<D: Database>(store: &Store<D>, now: Timestamp) -> Result<Reply, Refusal> {
    let health = store.health(now.plus_ms(-REFUSED_DAYS * DAY_MS)).await?;
    Ok(Reply::json(
        200,
        &Report {
            status: "ok",
            refused_days: REFUSED_DAYS,
            outbox_age_s: health
                .oldest_in_outbox
                .map_or(0, |oldest| now.ms_since(oldest).max(0) / SECOND_MS),
            health,
        },
    ))
}
