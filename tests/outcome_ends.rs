//! Every bad outcome ends somewhere, with a word and advice: each one told to the native collector, for three platforms by
//! their APIs and by their files, and its end read back from `GET v1/outcomes/{id}`.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeMap;

use attribution::judgement::Reason;
use attribution::lead_id::LeadId;
use attribution::timestamp::{DAY_MS, HOUR_MS, Timestamp};
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

/// Every way to every platform.
const WAYS: [&str; 6] = [
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
struct Stage {
    database: FailingDatabase,
    platform: PlatformDouble,
    access: Access,
    passwords: BTreeMap<String, String>,
}

impl Stage {
    fn new() -> Self {
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

    fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let (status, body) = self.answer(&ask_json(method, path, ADMIN_TOKEN, body));
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    fn lead(&self, lead: &Value) {
        let (status, body) = self.answer(&post_lead("http://localhost:8787", lead.to_string().as_bytes()));
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&body));
    }

    /// What the collector says of one row.
    fn tell(&self, row: &Value) -> Value {
        let (status, body) = self.answer(&post_outcomes(&row.to_string()));
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        let said: Value = serde_json::from_slice(&body).expect("JSON");
        said["rows"][0].clone()
    }

    /// Two days of sweeps, and every file fetched at the end of each.
    fn deliver(&self) {
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

    fn fetch_all(&self) {
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

    fn later(&self, ms: i64) {
        self.platform.now.set(self.platform.now.get().plus_ms(ms));
    }

    /// For each way how the outcome ended: state and code, and those of each change after `+`.
    fn ends(&self) -> BTreeMap<String, String> {
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

fn lead_id() -> String {
    LeadId::from_random([1, 2]).as_str().to_owned()
}

/// A lead with a click of each platform at that moment.
fn lead(clicked_at: &str) -> Value {
    json!({"v": 1, "site": "default", "lead_id": lead_id(), "submitted_at": clicked_at, "page": "https://www.example.com/",
        "touches": [{"at": clicked_at, "landing": "https://www.example.com/lp", "ids": {"gclid": "Cj0KCQ-_",
            "msclkid": "f894f652ea334e739002f7167ab8f8e3", "fbclid": "IwAR0abc"}}],
        "consent": {"ad_storage": "granted", "ad_user_data": "granted", "basis": "explicit"}})
}

fn outcome(occurred_at: &str) -> Value {
    json!({"outcome_id": "deal-1", "lead_id": lead_id(), "kind": "won", "occurred_at": occurred_at, "value": "1250.00",
        "currency": "EUR"})
}

fn restate(value: &str) -> Value {
    json!({"outcome_id": "deal-1", "change": "restate", "value": value, "currency": "EUR"})
}

fn retract() -> Value {
    json!({"outcome_id": "deal-1", "change": "retract"})
}

/// What happens, in order.
enum Step {
    Lead(Value),
    /// A row, and what the collector must say of it.
    Tell(Value, &'static str),
    Deliver,
}

use Step::{Deliver, Lead, Tell};

const CLICK: &str = "2026-11-20T09:00:00Z";
const OUTCOME: &str = "2026-11-22T12:00:00Z";

/// The same end everywhere.
fn everywhere(end: &'static str) -> [&'static str; 6] {
    [end; 6]
}

/// What a platform has: by API it has said so, a file was fetched.
const AT_THE_PLATFORM: [&str; 6] = [
    "confirmed",
    "fetched",
    "fetched",
    "confirmed",
    "confirmed",
    "fetched",
];

/// Each with its steps and its end by each of [`WAYS`].
fn bad_outcomes() -> Vec<(&'static str, Vec<Step>, [&'static str; 6])> {
    let damaged = || {
        let mut lead = lead(CLICK);
        lead["touches"][0]["ids"] = json!({"gclid": "Cj0 KCQ"});
        lead
    };
    let denied = || {
        let mut lead = lead(CLICK);
        lead["consent"]["ad_user_data"] = json!("denied");
        lead
    };
    vec![
        (
            "in the future",
            vec![
                Lead(lead(CLICK)),
                Tell(outcome("2026-12-14T12:00:00Z"), "accepted"),
                Deliver,
            ],
            everywhere("waiting conversion_in_future"),
        ),
        (
            "dated a day ahead by a wrong clock",
            vec![
                Lead(lead(CLICK)),
                Tell(outcome("2026-11-24T12:00:00Z"), "accepted"),
                Deliver,
            ],
            AT_THE_PLATFORM,
        ),
        (
            "dated a year ahead, and then rightly",
            vec![
                Lead(lead(CLICK)),
                Tell(outcome("2027-11-22T12:00:00Z"), "refused"),
                Tell(outcome(OUTCOME), "accepted"),
                Deliver,
            ],
            AT_THE_PLATFORM,
        ),
        (
            "before the click, told before its lead arrived",
            vec![
                Tell(outcome("2026-11-19T12:00:00Z"), "accepted"),
                Lead(lead(CLICK)),
                Deliver,
            ],
            everywhere("refused conversion_before_click"),
        ),
        (
            "outside the click's window",
            vec![
                Lead(lead("2026-08-20T09:00:00Z")),
                Tell(outcome("2026-09-20T12:00:00Z"), "accepted"),
                Deliver,
            ],
            [
                "refused click_window_closed",
                "refused click_window_closed",
                "refused click_window_closed",
                "refused conversion_too_old",
                "refused outside_lookback_of_action",
                "refused outside_lookback_of_action",
            ],
        ),
        (
            "older than any window",
            vec![
                Lead(lead("2026-08-20T09:00:00Z")),
                Tell(outcome("2026-08-21T12:00:00Z"), "accepted"),
                Deliver,
            ],
            [
                "refused click_window_closed",
                "refused conversion_too_old",
                "refused conversion_too_old",
                "refused conversion_too_old",
                "refused conversion_too_old",
                "refused conversion_too_old",
            ],
        ),
        (
            "with a mangled gclid",
            vec![Lead(damaged()), Tell(outcome(OUTCOME), "accepted"), Deliver],
            [
                "refused gclid_damaged",
                "refused gclid_damaged",
                "refused gclid_damaged",
                "refused no_meta_identifier",
                "refused no_microsoft_click",
                "refused no_microsoft_click",
            ],
        ),
        (
            "for a denied consent",
            vec![Lead(denied()), Tell(outcome(OUTCOME), "accepted"), Deliver],
            everywhere("refused ad_user_data_denied"),
        ),
        (
            "told twice",
            vec![
                Lead(lead(CLICK)),
                Tell(outcome(OUTCOME), "accepted"),
                Tell(outcome(OUTCOME), "repeated"),
                Deliver,
                Tell(outcome(OUTCOME), "repeated"),
                Deliver,
            ],
            AT_THE_PLATFORM,
        ),
        (
            "restated before it was sent",
            vec![
                Lead(lead(CLICK)),
                Tell(outcome(OUTCOME), "accepted"),
                Tell(restate("900.00"), "accepted"),
                Tell(restate("900.00"), "repeated"),
                Deliver,
            ],
            AT_THE_PLATFORM,
        ),
        (
            "retracted twice before it was sent",
            vec![
                Lead(lead(CLICK)),
                Tell(outcome(OUTCOME), "accepted"),
                Tell(retract(), "accepted"),
                Tell(retract(), "repeated"),
                Deliver,
            ],
            everywhere("refused retracted"),
        ),
        (
            "retracted twice after it was sent",
            vec![
                Lead(lead(CLICK)),
                Tell(outcome(OUTCOME), "accepted"),
                Deliver,
                Tell(retract(), "accepted"),
                Tell(retract(), "repeated"),
                Deliver,
            ],
            [
                "confirmed + held retraction_by_other_transport",
                "fetched + fetched",
                "fetched + fetched",
                "confirmed + refused adjustment_not_supported",
                "confirmed + confirmed",
                "fetched + fetched",
            ],
        ),
        (
            "without a lead that ever comes",
            vec![Tell(outcome(OUTCOME), "accepted"), Deliver],
            everywhere("waiting lead_waiting"),
        ),
    ]
}

#[test]
fn every_bad_outcome_ends_in_its_stated_state_with_advice_by_every_way() {
    for (what, steps, expected) in bad_outcomes() {
        let stage = Stage::new();
        for step in steps {
            match step {
                Lead(lead) => stage.lead(&lead),
                Tell(row, said) => assert_eq!(stage.tell(&row)["result"], said, "{what}"),
                Deliver => stage.deliver(),
            }
        }
        let expected: BTreeMap<String, String> = WAYS
            .into_iter()
            .zip(expected)
            .map(|(way, end)| (way.to_owned(), end.to_owned()))
            .collect();
        assert_eq!(stage.ends(), expected, "{what}");
        assert_eq!(*stage.platform.breaches.borrow(), Vec::<String>::new(), "{what}");
        // Nothing went out twice: whoever took it, took it once, and once more for each change that it is told.
        let times = stage.platform.times_taken();
        let changes = usize::from(what == "retracted twice after it was sent");
        assert!(
            times.iter().all(|times| *times <= 1 + changes),
            "{what}: {times:?}"
        );
        // An outcome whose lead never comes is refused when no platform would take it any more.
        if what == "without a lead that ever comes" {
            stage.later(91 * DAY_MS);
            stage.deliver();
            let ends: Vec<String> = stage.ends().into_values().collect();
            let [api, file] = ["refused lead_waiting", "refused conversion_too_old"];
            assert_eq!(ends, [api, file, file, api, api, file]);
        }
    }
}

/// What is wrong by itself is refused at the door, so that its teller hears of it: nothing of it is stored.
#[test]
fn err_what_is_refused_at_the_door_says_why_and_is_nowhere() {
    let mut currency = outcome(OUTCOME);
    currency["currency"] = json!("XBT");
    let before_click = outcome("2026-11-19T12:00:00Z");
    // A day more than any window.
    let far_ahead = outcome("2027-02-21T12:00:00.001Z");
    for (row, code) in [
        (far_ahead, "time_too_far_ahead"),
        (currency, "currency_unknown"),
        (before_click, "outcome_before_click"),
    ] {
        let stage = Stage::new();
        stage.lead(&lead(CLICK));
        let said = stage.tell(&row);
        assert_eq!(
            [&said["result"], &said["code"]],
            [&json!("refused"), &json!(code)]
        );
        assert!(
            said["advice"].as_str().is_some_and(|advice| advice.len() > 30),
            "{said}"
        );
        assert_eq!(stage.ask("GET", "v1/outcomes/deal-1", &Value::Null).0, 404);
        assert_eq!(stage.database.database().rows_in("deliveries"), 0);
        stage.deliver();
        assert_eq!(stage.platform.requests.get(), 0);
    }
}
