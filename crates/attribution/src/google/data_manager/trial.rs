//! A trial: Google checks a request with `validateOnly` as any other, and keeps nothing of it
//! (<https://developers.google.com/data-manager/api/reference/rest/v1/events/ingest>).

use serde::Serialize;
use serde_json::Value;

use super::event::EventSource;
use super::{Batch, DataManagerAction, read_ingest};
use crate::payload::Payload;
use crate::platform_answer::HttpAnswer;
use crate::time_zone::rfc3339_seconds;
use crate::timestamp::{DAY_MS, Timestamp};
use crate::trial::Trial;

/// Has the shape of a click id and belongs to no click.
const GCLID: &str =
    "CjwKCAiAnsvXBhAfEiwAozRy1_vhegEpOJMy5gX7oGvLgLK2wCeuLZWT6kieDLy67NguzP872fvLhBoC1_UQAvD_BwE";

/// The made-up event: a click id alone, because nobody is to be named.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TrialEvent {
    transaction_id: &'static str,
    event_timestamp: String,
    event_source: EventSource,
    ad_identifiers: TrialClick,
}

#[derive(Serialize)]
struct TrialClick {
    gclid: &'static str,
}

impl DataManagerAction {
    /// The body of a request that Google only checks.
    #[must_use]
    pub fn trial(&self, now: Timestamp) -> Option<String> {
        let event = Payload::freeze(&TrialEvent {
            transaction_id: "throughline-trial",
            event_timestamp: rfc3339_seconds(now.plus_ms(-DAY_MS)),
            event_source: self.event_source,
            ad_identifiers: TrialClick { gclid: GCLID },
        })?;
        let batch = Batch::split(std::slice::from_ref(&event)).next()?;
        Some(self.request(batch, true))
    }
}

/// Reads the answer to a trial. An answer of 200 that is no object of JSON comes from something that stands between us
/// and Google.
#[must_use]
pub fn read_trial(answer: HttpAnswer<'_>) -> Trial {
    match answer {
        HttpAnswer::Came {
            status: 200, body, ..
        } => {
            let is_google = serde_json::from_slice::<Value>(body).is_ok_and(|body| body.is_object());
            if is_google { Trial::Passed } else { Trial::NoAnswer }
        }
        _ => Trial::of_batch(&read_ingest(answer, 1)),
    }
}
