//! Meta's Conversions API: one bad event refuses the whole request, and nobody says which.

use attribution::timestamp::{DAY_MS, HOUR_MS, SECOND_MS, Timestamp};
use collector::network::Inbound;
use serde_json::{Value, json};

use super::{PlatformDouble, reply};

/// Within so many hours an event of the same name and id is a repetition; later it counts once more.
const REPETITION_HOURS: i64 = 48;

impl PlatformDouble {
    pub(super) fn events(&self, body: &Value) -> Inbound {
        self.check("meta", None, body);
        let events = body["data"].as_array().cloned().unwrap_or_default();
        let is_bad = |event: &Value| self.is_poisoned(&text(event, "event_id")) || self.is_bad(event);
        if events.is_empty() || events.len() > 1_000 || events.iter().any(is_bad) {
            return reply(
                400,
                &json!({"error": {"message": "Invalid parameter", "type": "OAuthException", "code": 100,
                    "error_subcode": 2_804_003, "fbtrace_id": "A"}}),
            );
        }
        // With a test code Meta shows the events and counts none.
        if body["test_event_code"].is_null() {
            for event in &events {
                self.take_meta_event(event);
            }
        }
        reply(
            200,
            &json!({"events_received": events.len(), "messages": [], "fbtrace_id": "A"}),
        )
    }

    fn is_bad(&self, event: &Value) -> bool {
        let at = Timestamp::from_ms(event["event_time"].as_i64().unwrap_or_default() * SECOND_MS);
        let source = text(event, "action_source");
        let days = if source == "physical_store" { 62 } else { 7 };
        let now = self.now.get();
        let is_website = source == "website";
        let user_data = &event["user_data"];
        let lacks_browser = user_data["client_user_agent"].is_null() || event["event_source_url"].is_null();
        let custom_data = &event["custom_data"];
        let lacks_value = custom_data["value"].is_null() || custom_data["currency"].is_null();
        at > now
            || at < now.plus_ms(-days * DAY_MS)
            || user_data.as_object().is_none_or(serde_json::Map::is_empty)
            || (is_website && lacks_browser)
            || (event["event_name"] == "Purchase" && lacks_value)
    }

    fn take_meta_event(&self, event: &Value) {
        let key = format!("{} {}", text(event, "event_name"), text(event, "event_id"));
        let now = self.now.get();
        let mut first_seen = self.first_seen.borrow_mut();
        let first = *first_seen.entry(key.clone()).or_insert(now);
        if now.ms_since(first) > REPETITION_HOURS * HOUR_MS {
            self.breach(format!("{key} counts twice"));
        }
        drop(first_seen);
        self.take("meta", &key, event);
    }
}

fn text(event: &Value, name: &str) -> String {
    event[name].as_str().unwrap_or_default().to_owned()
}
