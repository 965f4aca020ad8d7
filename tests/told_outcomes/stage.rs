//! A collector on SQLite, and what is told to it.

use attribution::timestamp::Timestamp;
use collector::request::Request;
use serde_json::{Value, json};
use support::failing_database::FailingDatabase;
use support::native_collector::{NativeCollector, get_feed, post_lead, post_outcomes};
use support::sqlite_database::SqliteDatabase;

pub(crate) const FIRST: &str = "00000000000000012";
pub(crate) const SECOND: &str = "7K3M9QXA2F4HJK5NR";

/// 2026-11-23T12:00:00Z.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
}

pub(crate) struct Stage {
    pub(crate) database: FailingDatabase,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self {
            database: FailingDatabase::new(SqliteDatabase::of_development()),
        }
    }

    pub(crate) fn send_lead(&self, lead: &Value) {
        self.send_lead_by("", lead);
    }

    pub(crate) fn send_lead_by(&self, user_agent: &str, lead: &Value) {
        let request = Request {
            user_agent: Some(user_agent.to_owned()),
            ..post_lead("http://localhost:8787", lead.to_string().as_bytes())
        };
        let reply = NativeCollector::new(&self.database).answer(&request, now());
        assert_eq!(reply.status, 201, "{}", String::from_utf8_lossy(&reply.body));
    }

    /// The answers to the rows of a batch.
    pub(crate) fn tell(&self, rows: &Value) -> Vec<Value> {
        self.tell_at(rows, now())
    }

    pub(crate) fn tell_at(&self, rows: &Value, at: Timestamp) -> Vec<Value> {
        let reply = NativeCollector::new(&self.database).answer(&post_outcomes(&rows.to_string()), at);
        let answer: Value = serde_json::from_slice(&reply.body).expect("JSON");
        assert_eq!(reply.status, 200, "{answer}");
        answer["rows"].as_array().expect("rows").clone()
    }

    pub(crate) fn texts(&self, sql: &str) -> Vec<Vec<String>> {
        self.database.database().texts(sql)
    }

    pub(crate) fn lead_of(&self, outcome_id: &str) -> String {
        let rows = self.texts("SELECT outcome_id, coalesce(lead_id, '') FROM outcomes");
        let row = rows
            .into_iter()
            .find(|row| row[0] == outcome_id)
            .expect("the outcome");
        row[1].clone()
    }

    /// The lines of Google's file, without its two lines of head.
    pub(crate) fn feed(&self) -> (Vec<String>, String) {
        let reply = NativeCollector::new(&self.database).answer(&get_feed(), now());
        let left_out = reply
            .header("Throughline-Left-Out")
            .unwrap_or_default()
            .to_owned();
        let file = String::from_utf8(reply.body).expect("UTF-8");
        (file.lines().skip(2).map(str::to_owned).collect(), left_out)
    }
}

pub(crate) fn lead(lead_id: &str, submitted_at: &str, touches: &Value) -> Value {
    json!({"v": 1, "site": "default", "lead_id": lead_id, "submitted_at": submitted_at, "touches": touches,
        "consent": {"ad_storage": "granted", "ad_user_data": "granted"}})
}

pub(crate) fn clicked(at: &str, ids: &Value) -> Value {
    json!([{"at": at, "ids": ids}])
}

pub(crate) fn outcome(outcome_id: &str, name: &str, value: &str, occurred_at: &str) -> Value {
    json!({"outcome_id": outcome_id, name: value, "kind": "won", "occurred_at": occurred_at,
        "value": "1250.00", "currency": "EUR"})
}

/// Every order of so many things.
pub(crate) fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for order in orders(count - 1) {
        for place in 0..count {
            let mut longer = order.clone();
            longer.insert(place, count - 1);
            all.push(longer);
        }
    }
    all
}
