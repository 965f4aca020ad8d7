//! The Data Manager: takes a request whole or refuses it whole, and tells later what became of each event.

use attribution::timestamp::Timestamp;
use collector::network::Inbound;
use serde_json::{Value, json};

use super::{PlatformDouble, Taken, reply};

/// The account whose actions there are.
pub const OPERATING_ACCOUNT: &str = "1234567890";

/// The one conversion action of that account.
pub const ACTION_ID: &str = "987654321";

/// Google's word for an event that it has already.
const DUPLICATE: &str = "DUPLICATE_TRANSACTION_ID";

impl PlatformDouble {
    /// One bad event refuses the whole request, and is named.
    pub(super) fn ingest(&self, body: &Value) -> Inbound {
        self.check("google", None, body);
        let destination = &body["destinations"][0];
        if destination["operatingAccount"]["accountId"] != OPERATING_ACCOUNT {
            return refusal(
                403,
                "PERMISSION_DENIED",
                "The caller does not have permission",
                &json!([]),
            );
        }
        if destination["productDestinationId"] != ACTION_ID {
            let details = json!([{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "INVALID_CONVERSION_ACTION_ID", "domain": "datamanager.googleapis.com"}]);
            return refusal(404, "NOT_FOUND", "The conversion action was not found.", &details);
        }
        let events = body["events"].as_array().cloned().unwrap_or_default();
        if let Some((place, field, reason)) = self.bad_event(&events) {
            let violation = json!({"field": format!("events.events[{place}].{field}"),
                "description": "…", "reason": reason});
            let details = json!([{"@type": "type.googleapis.com/google.rpc.BadRequest",
                "fieldViolations": [violation]}]);
            return refusal(
                400,
                "INVALID_ARGUMENT",
                "There was a problem with the request.",
                &details,
            );
        }
        if body["validateOnly"] == true {
            return reply(200, &json!({}));
        }
        let words = events.iter().map(|event| self.take_event(event)).collect();
        let request_id = format!("request-{}", self.taken.borrow().len());
        let taken = Taken { words, asked: 0 };
        self.taken.borrow_mut().insert(request_id.clone(), taken);
        reply(200, &json!({"requestId": request_id}))
    }

    fn bad_event(&self, events: &[Value]) -> Option<(usize, &'static str, &'static str)> {
        if events.is_empty() || events.len() > 2_000 {
            return Some((0, "transaction_id", "TOO_MANY_EVENTS"));
        }
        let wrong = |event: &Value| {
            let at = event["eventTimestamp"].as_str().and_then(Timestamp::from_rfc3339);
            if at.is_none_or(|at| at > self.now.get()) || self.is_poisoned(&id(event)) {
                Some(("event_timestamp", "EVENT_TIME_INVALID"))
            } else if event["eventSource"].is_null() {
                Some(("event_source", "REQUIRED_FIELD_MISSING"))
            } else if event["adIdentifiers"].is_null() && event["userData"].is_null() {
                Some(("user_data", "NO_IDENTIFIERS_PROVIDED"))
            } else {
                None
            }
        };
        let each = events.iter().enumerate();
        let mut wrongs =
            each.filter_map(|(place, event)| wrong(event).map(|(field, why)| (place, field, why)));
        wrongs.next()
    }

    /// A second event of the same transaction is a repetition, or changes the first one: silently, unless it says when
    /// it was changed.
    fn take_event(&self, event: &Value) -> &'static str {
        let before = self.take("google", &id(event), event);
        let text = event.to_string();
        if before.last() == Some(&text) {
            return DUPLICATE;
        }
        if !before.is_empty() && event["lastUpdatedTimestamp"].is_null() {
            self.breach(format!("{} was silently changed", id(event)));
        }
        ""
    }

    /// Each request is in work when it is asked for the first time.
    pub(super) fn status(&self, request_id: &str) -> Inbound {
        let mut taken = self.taken.borrow_mut();
        let Some(taken) = taken.get_mut(request_id) else {
            return refusal(404, "NOT_FOUND", "No such request.", &json!([]));
        };
        taken.asked += 1;
        let each = taken.words.iter().enumerate();
        let places: Vec<String> = each
            .filter(|(_, word)| !word.is_empty())
            .map(|(place, _)| place.to_string())
            .collect();
        let report = match (taken.asked, places.len()) {
            (1, _) => json!({"requestStatus": "PROCESSING"}),
            (_, 0) => json!({"requestStatus": "SUCCESS"}),
            (_, count) => {
                let all_failed = count == taken.words.len();
                json!({"requestStatus": if all_failed { "FAILED" } else { "PARTIAL_SUCCESS" },
                    "errorInfo": {"errorCounts": [{"recordCount": count.to_string(), "recordIndices": places,
                        "reason": format!("PROCESSING_ERROR_REASON_{DUPLICATE}")}]}})
            }
        };
        reply(200, &json!({"requestStatusPerDestination": [report]}))
    }
}

fn id(event: &Value) -> String {
    event["transactionId"].as_str().unwrap_or_default().to_owned()
}

fn refusal(status: u16, name: &str, message: &str, details: &Value) -> Inbound {
    reply(
        status,
        &json!({"error": {"code": status, "status": name, "message": message, "details": details}}),
    )
}
