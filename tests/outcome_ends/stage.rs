//! A collector with a destination of each way to each platform, and what is told to it.

use std::collections::BTreeMap;

use attribution::judgement::Reason;
use attribution::lead_id::LeadId;
use attribution::timestamp::{HOUR_MS, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use collector::deliver;
use collector::platform_access::Access;
use collector::request::Request;
use collector::store::Store;
use futures_util::FutureExt;
use serde_json::{Value, json};
use support::failing_database::FailingDatabase;
use support::native_collector::{ADMIN_TOKEN, NativeCollector, ask, ask_json, post_lead, post_outcomes};
use support::platform_double::{PlatformDouble, access};
use support::sqlite_database::SqliteDatabase;

pub(crate) const CLICK: &str = "2026-11-20T09:00:00Z";
pub(crate) const OUTCOME: &str = "2026-11-22T12:00:00Z";

/// Every way to every platform.
pub(crate) const WAYS: [&str; 6] = [
    "google-api",
    "google-data-manager-file",
    "google-legacy-file",
    "meta-api",
    "microsoft-api",
    "microsoft-file",
];

fn settings_of(way: &str) -> Value {
    let platform = way.split('-').next().expect("a platform");
    let mut settings = json!({"site": "default", "platform": platform, "conversion_action": "Closed deal",
        "outcome_kinds": ["won"], "time_zone": "UTC"});
    let dialect = match way {
        "google-data-manager-file" => Some("data_manager"),
        "google-legacy-file" => Some("legacy_upload"),
        "microsoft-file" => Some("offline_conversions"),
        _ => None,
    };
    if let Some(dialect) = dialect {
        settings["transport"] = json!("feed");
        settings["dialect"] = json!(dialect);
        settings["feed_user"] = json!("ads");
        return settings;
    }
    settings["transport"] = json!("api");
    settings["api"] = match platform {
        "google" => json!({"operating_account": "1234567890", "conversion_action_id": "987654321"}),
        "microsoft" => json!({"customer_id": "1", "account_id": "2"}),
        _ => json!({"dataset_id": "3", "action_source": "phone_call"}),
    };
    settings
}

/// A collector with a destination of each way.
pub(crate) struct Stage {
    pub(crate) database: FailingDatabase,
    pub(crate) platform: PlatformDouble,
    pub(crate) access: Access,
    pub(crate) passwords: BTreeMap<String, String>,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let now = Timestamp::from_rfc3339("2026-11-23T12:00:00Z").expect("a moment");
        let mut stage = Self {
            database: FailingDatabase::new(SqliteDatabase::migrated()),
            platform: PlatformDouble::new(now, 1),
            access: access(),
            passwords: BTreeMap::new(),
        };
        let site = json!({"origins": ["http://localhost:*"]});
        assert_eq!(stage.ask("PUT", "v1/sites/default", &site).0, 201);
        for way in WAYS {
            let (status, made) = stage.ask("PUT", &format!("v1/destinations/{way}"), &settings_of(way));
            assert_eq!(status, 201, "{made}");
            if let Some(password) = made["feed_password"].as_str() {
                stage.passwords.insert(way.to_owned(), password.to_owned());
            }
        }
        stage
    }

    fn answer(&self, request: &Request) -> (u16, Vec<u8>) {
        let reply = NativeCollector::new(&self.database).answer(request, self.platform.now.get());
        (reply.status, reply.body)
    }

    pub(crate) fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let (status, body) = self.answer(&ask_json(method, path, ADMIN_TOKEN, body));
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    pub(crate) fn lead(&self, lead: &Value) {
        let (status, body) = self.answer(&post_lead("http://localhost:8787", lead.to_string().as_bytes()));
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&body));
    }

    /// What the collector says of one row.
    pub(crate) fn tell(&self, row: &Value) -> Value {
        let (status, body) = self.answer(&post_outcomes(&row.to_string()));
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        let said: Value = serde_json::from_slice(&body).expect("JSON");
        said["rows"][0].clone()
    }

    /// Two days of sweeps, and every file fetched at the end of each.
    pub(crate) fn deliver(&self) {
        // What is told in the very millisecond of a run counts as told after it, so that no change is ever lost.
        self.later(1);
        for hour in 0..48 {
            let store = Store::new(&self.database);
            let run = deliver::run(&store, &self.platform, &self.access).now_or_never();
            run.expect("it waits for nothing").expect("a run");
            if hour % 24 == 23 {
                self.fetch_all();
            }
            self.later(HOUR_MS);
        }
    }

    pub(crate) fn fetch_all(&self) {
        for (way, password) in &self.passwords {
            for file in ["conversions", "adjustments"] {
                let basic = STANDARD.encode(format!("ads:{password}"));
                let request = Request {
                    authorization: Some(format!("Basic {basic}")),
                    ..ask("GET", &format!("feeds/{way}/{file}.csv"), "", "")
                };
                assert_eq!(self.answer(&request).0, 200, "{way} {file}");
            }
        }
    }

    pub(crate) fn later(&self, ms: i64) {
        self.platform.now.set(self.platform.now.get().plus_ms(ms));
    }

    /// For each way how the outcome ended: state and code, and those of each change after `+`.
    pub(crate) fn ends(&self) -> BTreeMap<String, String> {
        let (status, outcome) = self.ask("GET", "v1/outcomes/deal-1", &Value::Null);
        assert_eq!(status, 200);
        let mut ends: BTreeMap<String, String> = BTreeMap::new();
        for delivery in outcome["deliveries"].as_array().expect("deliveries") {
            let text = |name: &str| delivery[name].as_str().unwrap_or_default();
            check_advice(delivery);
            let end = format!("{} {}", text("state"), text("code"));
            let ended = ends.entry(text("destination").to_owned()).or_default();
            if !delivery["change"].is_null() {
                *ended += " + ";
            }
            *ended += end.trim();
        }
        ends
    }
}

/// A reason has its advice, to the letter where it is one of ours.
fn check_advice(delivery: &Value) {
    let Some(code) = delivery["code"].as_str() else {
        assert!(delivery["advice"].is_null(), "{delivery}");
        return;
    };
    if delivery["state"] == "confirmed" {
        return;
    }
    let advice = delivery["advice"].as_str().expect("advice");
    assert!(advice.len() > 30 && advice.ends_with('.'), "{delivery}");
    if delivery["code_of"] == "rule" {
        assert_eq!(
            Some(advice),
            Reason::named(code).map(Reason::advice),
            "{delivery}"
        );
    }
}

pub(crate) fn lead_id() -> String {
    LeadId::from_random([1, 2]).as_str().to_owned()
}

/// A lead with a click of each platform at that moment.
pub(crate) fn lead(clicked_at: &str) -> Value {
    json!({"v": 1, "site": "default", "lead_id": lead_id(), "submitted_at": clicked_at, "page": "https://www.example.com/",
        "touches": [{"at": clicked_at, "landing": "https://www.example.com/lp", "ids": {"gclid": "Cj0KCQ-_",
            "msclkid": "f894f652ea334e739002f7167ab8f8e3", "fbclid": "IwAR0abc"}}],
        "consent": {"ad_storage": "granted", "ad_user_data": "granted", "basis": "explicit"}})
}

pub(crate) fn outcome(occurred_at: &str) -> Value {
    json!({"outcome_id": "deal-1", "lead_id": lead_id(), "kind": "won", "occurred_at": occurred_at, "value": "1250.00",
        "currency": "EUR"})
}

pub(crate) fn restate(value: &str) -> Value {
    json!({"outcome_id": "deal-1", "change": "restate", "value": value, "currency": "EUR"})
}

pub(crate) fn retract() -> Value {
    json!({"outcome_id": "deal-1", "change": "retract"})
}
