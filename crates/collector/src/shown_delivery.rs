//! How a delivery is shown to whoever may read it: its state, and the reason with advice where there is one.

use attribution::delivery::Delivery;
use attribution::timestamp::Timestamp;
use serde::Serialize;

use crate::store::ledger_reads::{CountRow, DeliveryRow};

/// One delivery.
#[derive(Debug, Serialize)]
pub struct ShownDelivery {
    pub(crate) destination: String,
    pub(crate) outcome_id: String,
    /// `retract`, or `restate` of what was delivered before; `null` for the outcome itself.
    pub(crate) change: Option<String>,
    pub(crate) state: String,
    /// Since when it is in this state, as far as the state says so.
    pub(crate) since: Option<Timestamp>,
    /// When the next step is due.
    pub(crate) next_at: Option<Timestamp>,
    pub(crate) attempts: u16,
    /// What stands in its way, or the platform's own word.
    pub(crate) code: Option<String>,
    /// Whose word the code is: ours (`rule`) or the platform's (`answer`).
    pub(crate) code_of: Option<&'static str>,
    pub(crate) advice: Option<&'static str>,
    /// When the platform last fetched the file that it stands in, or will stand in. Not there at an API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file_fetched_at: Option<Timestamp>,
}

/// How many deliveries of a destination stand alike.
#[derive(Debug, Serialize)]
pub struct ShownCount {
    destination: String,
    state: String,
    code: Option<String>,
    advice: Option<&'static str>,
    count: u64,
}

impl From<DeliveryRow> for ShownDelivery {
    fn from(row: DeliveryRow) -> Self {
        let moment = |ms: Option<i64>| ms.map(Timestamp::from_ms);
        let stop = row.record.stop(&row.platform);
        let code_of = match (&row.record.reason, &row.record.answer) {
            (Some(_), _) => Some("rule"),
            (None, Some(_)) => Some("answer"),
            (None, None) => None,
        };
        let is_held_up = !matches!(
            row.record.delivery(&row.platform),
            Some(Delivery::Confirmed { .. } | Delivery::Sent { .. })
        );
        Self {
            destination: row.destination,
            outcome_id: row.key.outcome_id,
            change: row
                .key
                .change
                .split(':')
                .next()
                .filter(|change| !change.is_empty())
                .map(str::to_owned),
            since: moment(row.record.since_ms),
            next_at: moment(row.record.next_at_ms),
            attempts: row.record.attempts,
            code: stop.as_ref().map(|stop| stop.code().to_owned()),
            code_of,
            advice: stop.filter(|_| is_held_up).map(|stop| stop.advice()),
            state: row.record.state,
            file_fetched_at: None,
        }
    }
}

impl From<CountRow> for ShownCount {
    fn from(row: CountRow) -> Self {
        let stop = row.record().stop(&row.platform);
        let has_ended_well = row.state == "confirmed";
        Self {
            destination: row.destination,
            state: row.state,
            code: stop.as_ref().map(|stop| stop.code().to_owned()),
            advice: stop.filter(|_| !has_ended_well).map(|stop| stop.advice()),
            count: row.count,
        }
    }
}
