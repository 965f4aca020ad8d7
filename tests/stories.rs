//! What a person reads of one lead, or of one outcome: everything that happened in order, and how it stands everywhere.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use attribution::lead_id::LeadId;
use attribution::timestamp::{HOUR_MS, Timestamp};
use collector::deliver;
use collector::store::Store;
use futures_util::FutureExt;
use serde_json::{Value, json};
use support::failing_database::FailingDatabase;
use support::native_collector::{
    ADMIN_TOKEN, NativeCollector, ask_json, get_feed, json_of, post_lead, post_outcomes,
};
use support::platform_double::{Mishap, PlatformDouble, access};
use support::sqlite_database::SqliteDatabase;

/// The collector of development with its feed `google-demo`, one API of Microsoft, and a clock.
struct Stage {
    database: FailingDatabase,
    platform: PlatformDouble,
}

fn moment(text: &str) -> Timestamp {
    Timestamp::from_rfc3339(text).expect("a moment")
}

fn lead_id(number: u64) -> String {
    LeadId::from_random([number, 5]).as_str().to_owned()
}

impl Stage {
    fn new() -> Self {
        let stage = Self {
            database: FailingDatabase::new(SqliteDatabase::of_development()),
            platform: PlatformDouble::new(moment("2026-11-23T12:00:00Z"), 1),
        };
        let settings = json!({"site": "default", "platform": "microsoft", "transport": "api", "conversion_action": "Closed deal",
            "outcome_kinds": ["won"], "api": {"customer_id": "1", "account_id": "2"}});
        assert_eq!(stage.ask("PUT", "v1/destinations/bing", &settings).0, 201);
        stage
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = ask_json(method, path, ADMIN_TOKEN, body);
        let reply = NativeCollector::new(&self.database).answer(&request, self.platform.now.get());
        (reply.status, json_of(&reply))
    }

    fn lead(&self, number: u64, ids: &Value, ad_user_data: &str) {
        let lead = json!({"v": 1, "site": "default", "lead_id": lead_id(number), "submitted_at": "2026-11-20T09:10:00Z",
            "page": "https://www.example.com/contact", "form": {"id": "contact"},
            "touches": [{"at": "2026-11-20T09:00:00Z", "landing": "https://www.example.com/lp",
                "referrer": "https://www.google.com/", "ids": ids, "utm": {"utm_source": "google"}}],
            "consent": {"ad_storage": "granted", "ad_user_data": ad_user_data, "source": "onetrust", "basis": "explicit",
                "observed_at": "2026-11-20T09:01:00Z"}});
        let request = post_lead("http://localhost:8787", lead.to_string().as_bytes());
        let reply = NativeCollector::new(&self.database).answer(&request, moment("2026-11-20T09:10:01Z"));
        assert_eq!(reply.status, 201, "{}", String::from_utf8_lossy(&reply.body));
    }

    fn tell(&self, row: &Value) {
        let reply = NativeCollector::new(&self.database)
            .answer(&post_outcomes(&row.to_string()), self.platform.now.get());
        let body: Value = serde_json::from_slice(&reply.body).expect("JSON");
        assert_eq!((reply.status, &body["refused"]), (200, &json!(0)), "{body}");
    }

    fn outcome(&self, number: u64, occurred_at: &str) {
        self.tell(
            &json!({"outcome_id": format!("deal-{number}"), "lead_id": lead_id(number), "kind": "won",
            "occurred_at": occurred_at, "value": "1250.00", "currency": "EUR"}),
        );
    }

    fn fetch(&self) {
        let reply = NativeCollector::new(&self.database).answer(&get_feed(), self.platform.now.get());
        assert_eq!(reply.status, 200);
    }

    fn sweep(&self) {
        let store = Store::new(&self.database);
        let run = deliver::run(&store, &self.platform, &access()).now_or_never();
        run.expect("it waits for nothing").expect("a run");
    }

    fn later(&self, ms: i64) {
        self.platform.now.set(self.platform.now.get().plus_ms(ms));
    }

    /// How an outcome stands at a destination: change, state, code, next_at, file_fetched_at.
    fn standing(&self, number: u64, destination: &str) -> Vec<[String; 5]> {
        let (status, outcome) = self.ask("GET", &format!("v1/outcomes/deal-{number}"), &Value::Null);
        assert_eq!(status, 200);
        let deliveries = outcome["deliveries"].as_array().expect("deliveries").iter();
        deliveries
            .filter(|delivery| delivery["destination"] == destination)
            .map(|delivery| {
                assert_eq!(
                    delivery["advice"].is_null(),
                    delivery["code"].is_null(),
                    "{delivery}"
                );
                ["change", "state", "code", "next_at", "file_fetched_at"]
                    .map(|name| delivery[name].as_str().unwrap_or_default().to_owned())
            })
            .collect()
    }
}

fn stands(change: &str, state: &str, code: &str, next_at: &str, file_fetched_at: &str) -> [String; 5] {
    [change, state, code, next_at, file_fetched_at].map(str::to_owned)
}

#[test]
fn an_outcome_for_a_file_has_a_stated_state_before_and_after_the_fetch() {
    let stage = Stage::new();
    let gclid = json!({"gclid": "EAIaIQobChMIwK-LrI-CmAMVDHJCGR002_BIEAAYCCAAEgJ1PvD_BwE"});
    stage.lead(1, &gclid, "granted");
    stage.lead(2, &gclid, "denied");
    stage.lead(
        4,
        &json!({"msclkid": "f894f652ea334e739002f7167ab8f8e3"}),
        "granted",
    );
    for number in 1..=4 {
        stage.outcome(number, "2026-11-21T12:00:00Z");
    }
    let at = |number| stage.standing(number, "google-demo");
    assert_eq!(at(1), [stands("", "due", "", "", "")]);
    assert_eq!(at(2), [stands("", "refused", "ad_user_data_denied", "", "")]);
    assert_eq!(at(3), [stands("", "waiting", "lead_waiting", "", "")]);
    assert_eq!(at(4), [stands("", "refused", "no_google_click", "", "")]);
    stage.fetch();
    let first = "2026-11-23T12:00:00.000Z";
    assert_eq!(at(1), [stands("", "fetched", "", "", first)]);
    assert_eq!(at(2), [stands("", "refused", "ad_user_data_denied", "", first)]);
    stage.later(HOUR_MS);
    stage.fetch();
    let second = "2026-11-23T13:00:00.000Z";
    stage.tell(&json!({"outcome_id": "deal-1", "change": "retract"}));
    let fetched = stands("", "fetched", "", "", second);
    assert_eq!(at(1), [fetched.clone(), stands("retract", "due", "", "", "")]);
    let changes = collector::request::Request {
        path: "/throughline/feeds/google-demo/adjustments.csv".to_owned(),
        ..get_feed()
    };
    let reply = NativeCollector::new(&stage.database).answer(&changes, stage.platform.now.get());
    assert_eq!(reply.status, 200);
    assert_eq!(at(1), [fetched, stands("retract", "fetched", "", "", second)]);
    // A kind that no destination takes goes nowhere, and says so by an empty list.
    stage.tell(&json!({"outcome_id": "deal-9", "lead_id": lead_id(1), "kind": "call", "occurred_at": "2026-11-21T12:00:00Z"}));
    assert_eq!(stage.standing(9, "google-demo"), Vec::<[String; 5]>::new());
}

#[test]
fn a_click_that_the_platform_does_not_know_yet_says_until_when_it_waits() {
    let stage = Stage::new();
    let settings = json!({"site": "default", "platform": "google", "transport": "feed", "dialect": "legacy_upload",
        "conversion_action": "Closed deal", "outcome_kinds": ["won"], "time_zone": "UTC"});
    assert_eq!(stage.ask("PUT", "v1/destinations/slow", &settings).0, 201);
    stage.platform.now.set(moment("2026-11-20T11:00:00Z"));
    stage.lead(1, &json!({"gclid": "Cj0KCQ"}), "granted");
    stage.outcome(1, "2026-11-20T10:00:00Z");
    let until = "2026-11-20T15:00:00.000Z";
    assert_eq!(
        stage.standing(1, "slow"),
        [stands("", "waiting", "click_too_recent", until, "")]
    );
}

#[test]
fn the_story_of_a_lead_is_told_in_order_in_plain_words() {
    let stage = Stage::new();
    let ids = json!({"gclid": "Cj0KCQ", "msclkid": "f894f652ea334e739002f7167ab8f8e3"});
    stage.lead(1, &ids, "granted");
    stage.lead(2, &ids, "granted");
    stage.outcome(1, "2026-11-21T12:00:00Z");
    stage.outcome(2, "2026-11-21T12:00:00Z");
    stage.later(HOUR_MS);
    stage.fetch();
    stage.sweep();
    stage.later(HOUR_MS);
    stage.tell(&json!({"outcome_id": "deal-1", "change": "restate", "value": "900.00", "currency": "EUR"}));
    stage.later(HOUR_MS);
    let (status, story) = stage.ask("GET", &format!("v1/leads/{}", lead_id(1)), &Value::Null);
    assert_eq!(status, 200);
    let told: Vec<String> = story["story"]
        .as_array()
        .expect("a story")
        .iter()
        .map(|event| {
            ["at", "event", "text"]
                .map(|name| event[name].as_str().expect("a text"))
                .join(" | ")
        })
        .collect();
    let expected = [
        "2026-11-20T09:00:00.000Z | touch | The visitor landed on https://www.example.com/lp from https://www.google.com/ with gclid=Cj0KCQ, msclkid=f894f652ea334e739002f7167ab8f8e3, utm_source=google.",
        "2026-11-20T09:01:00.000Z | consent | Consent: ad_storage granted, ad_user_data granted, ad_personalization not answered (said by onetrust, explicit).",
        "2026-11-20T09:10:01.000Z | lead | The form contact was sent on https://www.example.com/contact, by the visitor's clock at 2026-11-20T09:10:00.000Z. Channel: Paid (Google, unspecified).",
        "2026-11-20T09:10:01.000Z | warning | gclid: The id ends early, after 6 characters: look for a field on its way that is too short, and make it 255 long.",
        "2026-11-21T12:00:00.000Z | outcome | Outcome deal-1: won, 1250.00 EUR. Told at 2026-11-23T12:00:00.000Z.",
        "2026-11-23T13:00:00.000Z | delivery | Outcome deal-1 at bing: the platform has taken it.",
        "2026-11-23T13:00:00.000Z | delivery | Outcome deal-1 at google-demo: the platform has fetched it in a file.",
        "2026-11-23T14:00:00.000Z | change | Outcome deal-1 is worth 900.00 EUR. Told at 2026-11-23T14:00:00.000Z.",
        "2026-11-23T14:00:00.000Z | delivery | The new value of outcome deal-1 at bing: it is sent by the next sweep, next step at 2026-11-23T14:00:00.000Z.",
        "2026-11-23T15:00:00.000Z | delivery | The new value of outcome deal-1 at google-demo: it stands in the next file that the platform fetches.",
    ];
    assert_eq!(told, expected);
    assert_eq!(story["deliveries"].as_array().map(Vec::len), Some(4));
    // The outcome tells the same, from the first touch of its lead on.
    let (_, outcome) = stage.ask("GET", "v1/outcomes/deal-1", &Value::Null);
    assert_eq!(outcome["story"], story["story"]);
    assert_eq!(outcome["deliveries"], story["deliveries"]);
}

#[test]
fn a_delivery_that_has_ended_says_after_how_many_attempts_and_what_the_platform_said() {
    let stage = Stage::new();
    stage.lead(
        1,
        &json!({"msclkid": "f894f652ea334e739002f7167ab8f8e3"}),
        "granted",
    );
    stage.outcome(1, "2026-11-21T12:00:00Z");
    for _ in 0..2 {
        stage
            .platform
            .script
            .borrow_mut()
            .push(("microsoft", Mishap::Failing));
        stage.sweep();
        stage.later(HOUR_MS);
    }
    let msclkid = "f894f652ea334e739002f7167ab8f8e3".to_owned();
    stage.platform.poisoned.borrow_mut().push(msclkid);
    stage.sweep();
    let (_, outcome) = stage.ask("GET", "v1/outcomes/deal-1", &Value::Null);
    let delivery = &outcome["deliveries"][0];
    assert_eq!(
        [&delivery["state"], &delivery["attempts"], &delivery["code"]],
        [
            &json!("refused"),
            &json!(3),
            &json!("OfflineConversionTimeOutOfWindow")
        ]
    );
    let text = outcome["story"].as_array().expect("a story").iter();
    let text = text.filter_map(|event| event["text"].as_str());
    let text = text
        .filter(|text| text.contains(" at bing: "))
        .collect::<String>();
    let expected = "Outcome deal-1 at bing: it is not sent after 3 attempts. The platform said OfflineConversionTimeOutOfWindow.";
    assert!(text.starts_with(expected), "{text}");
    assert!(text.len() > expected.len() + 30, "no advice: {text}");
}

/// Two sites with the same outcome_id, and a destination each.
#[test]
fn no_story_tells_anything_of_another_site() {
    let stage = Stage::new();
    stage.lead(1, &json!({"gclid": "Cj0KCQ"}), "granted");
    stage.outcome(1, "2026-11-21T12:00:00Z");
    assert_eq!(
        stage
            .ask(
                "PUT",
                "v1/sites/other",
                &json!({"origins": ["https://other.example"]})
            )
            .0,
        201
    );
    let settings = json!({"site": "other", "platform": "microsoft", "transport": "api", "conversion_action": "Secret",
        "outcome_kinds": ["won"], "api": {"customer_id": "1", "account_id": "2"}});
    assert_eq!(stage.ask("PUT", "v1/destinations/of-other", &settings).0, 201);
    let told = json!({"outcome_id": "deal-1", "lead_id": lead_id(1), "kind": "won", "occurred_at": "2026-11-22T12:00:00Z"});
    assert_eq!(stage.ask("POST", "v1/outcomes?site=other", &told).0, 200);
    let retract = json!({"outcome_id": "deal-1", "change": "retract"});
    assert_eq!(stage.ask("POST", "v1/outcomes?site=other", &retract).0, 200);
    let destinations = |story: &Value| -> Vec<String> {
        let deliveries = story["deliveries"].as_array().expect("deliveries").iter();
        let names = deliveries.filter_map(|delivery| delivery["destination"].as_str());
        names.map(str::to_owned).collect()
    };
    for path in [
        "v1/outcomes/deal-1".to_owned(),
        format!("v1/leads/{}", lead_id(1)),
    ] {
        let (_, story) = stage.ask("GET", &path, &Value::Null);
        assert_eq!(destinations(&story), ["bing", "google-demo"], "{path}");
        assert_eq!(story["changes"], json!([]), "{path}");
    }
    let (_, story) = stage.ask("GET", "v1/outcomes/deal-1?site=other", &Value::Null);
    assert_eq!(destinations(&story), ["of-other"]);
    let touches = story["story"].as_array().expect("a story").iter();
    assert_eq!(touches.filter(|event| event["event"] == "touch").count(), 0);
}
