//! From an outcome to the platform's API, natively: the collector on SQLite, and doubles of the platforms that are as
//! strict, as slow and as forgetful as the real ones may be.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use attribution::delivery::DeliveryRecord;
use attribution::lead_id::LeadId;
use attribution::timestamp::{DAY_MS, HOUR_MS, Timestamp};
use collector::deliver;
use collector::platform_access::{Access, PlatformAccess};
use collector::store::Store;
use collector::store::deliveries::{DeliveryKey, Move};
use futures_util::FutureExt;
use serde_json::{Value, json};
use support::failing_database::{FailingDatabase, Fault};
use support::native_collector::{ADMIN_TOKEN, NativeCollector, ask, post_lead, post_outcomes};
use support::platform_double::{API_URL, Faults, PlatformDouble, TOKEN_URL};
use support::sqlite_database::SqliteDatabase;

const ORIGIN: &str = "http://localhost:8787";
const GCLID: &str = "EAIaIQobChMIwK-LrI-CmAMVDHJCGR002_BIEAAYCCAAEgJ1PvD_BwE";
const MINUTE_MS: i64 = 60_000;

fn moment(text: &str) -> Timestamp {
    Timestamp::from_rfc3339(text).expect("a moment")
}

fn start() -> Timestamp {
    moment("2026-11-23T12:00:00Z")
}

/// The collector of development with one destination, and the platform at the other end.
struct Stage {
    database: FailingDatabase,
    platform: PlatformDouble,
    access: Access,
}

impl Stage {
    fn new(platform: &str, seed: u64) -> Self {
        let stage = Self {
            database: FailingDatabase::new(SqliteDatabase::of_development()),
            platform: PlatformDouble::new(start(), seed),
            access: access(),
        };
        let reply = stage.ask("PUT", "v1/destinations/sales", &destination(platform));
        assert_eq!(reply.0, 201, "{}", reply.1);
        stage
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let reply = NativeCollector::new(&self.database)
            .answer(&ask(method, path, ADMIN_TOKEN, &body), self.platform.now.get());
        (
            reply.status,
            serde_json::from_slice(&reply.body).unwrap_or_default(),
        )
    }

    /// A lead with a click of every platform.
    fn lead(&self, number: usize, clicked_at: &str) {
        let click =
            |ids: Value| json!({"at": clicked_at, "landing": "https://www.example.com/lp", "ids": ids});
        let lead = json!({"v": 1, "site": "default", "lead_id": lead_id(number), "submitted_at": clicked_at,
            "page": "https://www.example.com/contact",
            "touches": [click(json!({"gclid": GCLID})), click(json!({"msclkid": msclkid(number)})),
                click(json!({"fbclid": format!("IwAR{number}")}))],
            "consent": {"ad_storage": "granted", "ad_user_data": "granted", "basis": "explicit"}});
        let request = post_lead(ORIGIN, lead.to_string().as_bytes());
        let reply = NativeCollector::new(&self.database).answer(&request, self.platform.now.get());
        assert_eq!(reply.status, 201, "{}", String::from_utf8_lossy(&reply.body));
    }

    fn outcomes(&self, numbers: std::ops::Range<usize>, occurred_at: &str) {
        let outcome = |number: usize| {
            json!({"outcome_id": outcome_id(number), "lead_id": lead_id(number), "kind": "won",
                "occurred_at": occurred_at, "value": "1250.00", "currency": "EUR"})
        };
        for start in numbers.clone().step_by(1_000) {
            let part: Vec<Value> = (start..numbers.end.min(start + 1_000)).map(outcome).collect();
            let request = post_outcomes(&json!(part).to_string());
            let reply = NativeCollector::new(&self.database).answer(&request, self.platform.now.get());
            assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
        }
    }

    /// One run of the cron trigger; `false` where it was ended in the middle.
    fn sweep(&self) -> bool {
        let store = Store::new(&self.database);
        let run = deliver::run(&store, &self.platform, &self.access).now_or_never();
        run.is_some_and(|run| run.is_ok())
    }

    /// Runs every five minutes until nothing is left to do.
    fn sweep_for_days(&self, days: i64) {
        let end = self.platform.now.get().plus_ms(days * DAY_MS);
        while self.platform.now.get() < end && self.is_anything_left() {
            let _ = self.sweep();
            self.later(5 * MINUTE_MS);
        }
    }

    fn later(&self, ms: i64) {
        self.platform.now.set(self.platform.now.get().plus_ms(ms));
    }

    fn is_anything_left(&self) -> bool {
        let left = self.texts("SELECT count(*) FROM deliveries WHERE next_at_ms IS NOT NULL");
        left != [["0"]]
    }

    fn texts(&self, sql: &str) -> Vec<Vec<String>> {
        self.database.database().texts(sql)
    }

    /// State, reason and answer of a delivery.
    fn state(&self, number: usize) -> [String; 3] {
        let sql = format!(
            "SELECT state, reason, answer FROM deliveries WHERE outcome_id = '{}'",
            outcome_id(number)
        );
        let rows = self.texts(&sql);
        let [row] = rows.as_slice() else {
            panic!("{} has {} deliveries", outcome_id(number), rows.len())
        };
        row.clone().try_into().expect("three columns")
    }

    fn states(&self) -> Vec<Vec<String>> {
        self.texts("SELECT state, count(*) FROM deliveries GROUP BY state ORDER BY state")
    }

    fn assert_strict(&self) {
        assert_eq!(*self.platform.breaches.borrow(), Vec::<String>::new());
    }
}

fn access() -> Access {
    let secret =
        json!({"client_id": "c", "client_secret": "s", "refresh_token": "r", "developer_token": "d"});
    let of = |secret: String| PlatformAccess {
        api_url: API_URL.to_owned(),
        token_url: TOKEN_URL.to_owned(),
        secret: Some(secret),
    };
    Access {
        google: of(secret.to_string()),
        microsoft: of(secret.to_string()),
        meta: of("token-9".to_owned()),
    }
}

fn destination(platform: &str) -> Value {
    let api = match platform {
        "google" => json!({"operating_account": "123-456-7890", "conversion_action_id": "987654321"}),
        "microsoft" => json!({"customer_id": "1", "account_id": "2"}),
        _ => json!({"dataset_id": "3", "action_source": "phone_call"}),
    };
    json!({"site": "default", "platform": platform, "transport": "api", "conversion_action": "Closed deal",
        "outcome_kinds": ["won"], "api": api})
}

fn lead_id(number: usize) -> String {
    LeadId::from_random([0, number as u64 + 1]).as_str().to_owned()
}

fn outcome_id(number: usize) -> String {
    format!("deal-{number}")
}

fn msclkid(number: usize) -> String {
    format!("{number:032x}")
}

fn seen(state: &str, reason: &str, answer: &str) -> [String; 3] {
    [state, reason, answer].map(str::to_owned)
}

const CLICK: &str = "2026-11-20T09:00:00Z";
const OUTCOME: &str = "2026-11-22T12:00:00Z";

#[test]
fn an_outcome_is_told_to_google_and_seen_to_be_taken() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    assert_eq!(stage.state(0), seen("due", "", ""));
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("sent", "", ""));
    // Google is asked after half an hour, and not before.
    stage.later(29 * MINUTE_MS);
    assert!(stage.sweep());
    assert_eq!(stage.platform.requests.get(), 1);
    stage.later(MINUTE_MS);
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("sent", "", ""));
    stage.sweep_for_days(1);
    assert_eq!(stage.state(0), seen("confirmed", "", ""));
    assert_eq!(stage.platform.times_taken(), [1]);
    stage.assert_strict();
    // Nothing is left: another run asks nobody.
    let requests = stage.platform.requests.get();
    assert!(stage.sweep());
    assert_eq!(stage.platform.requests.get(), requests);
}

#[test]
fn microsoft_and_meta_tell_at_once() {
    for platform in ["microsoft", "meta"] {
        let stage = Stage::new(platform, 1);
        stage.lead(0, CLICK);
        stage.outcomes(0..1, OUTCOME);
        assert!(stage.sweep());
        assert_eq!(stage.state(0), seen("confirmed", "", ""), "{platform}");
        assert_eq!(stage.platform.times_taken(), [1]);
        stage.assert_strict();
    }
}

#[test]
fn an_outcome_waits_for_its_lead_and_for_the_platform_to_know_the_click() {
    let stage = Stage::new("google", 1);
    stage.outcomes(0..1, "2026-11-23T11:59:00Z");
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("waiting", "lead_waiting", ""));
    stage.lead(0, "2026-11-23T11:00:00Z");
    stage.later(5 * MINUTE_MS);
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("waiting", "click_too_recent", ""));
    stage.platform.now.set(moment("2026-11-23T16:59:59Z"));
    assert!(stage.sweep());
    assert_eq!(stage.platform.requests.get(), 0);
    stage.later(MINUTE_MS);
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("sent", "", ""));
}

#[test]
fn what_the_rules_refuse_is_never_sent() {
    let stage = Stage::new("google", 1);
    stage.lead(0, "2026-11-22T13:00:00Z");
    // The collector refuses an outcome before its click at the door, so the outcome comes first.
    let early = Stage::new("google", 1);
    early.outcomes(0..1, OUTCOME);
    early.lead(0, "2026-11-22T13:00:00Z");
    assert!(early.sweep());
    assert_eq!(early.state(0), seen("refused", "conversion_before_click", ""));
    assert_eq!(early.platform.requests.get(), 0);
    assert!(!early.is_anything_left());
}

#[test]
fn one_poisoned_row_in_a_hundred_leaves_ninety_nine_delivered() {
    for (platform, answer) in [
        ("google", "EVENT_TIME_INVALID"),
        ("microsoft", "OfflineConversionTimeOutOfWindow"),
        ("meta", "100.2804003"),
    ] {
        let stage = Stage::new(platform, 1);
        for number in 0..100 {
            stage.lead(number, CLICK);
        }
        let poison = if platform == "microsoft" {
            msclkid(37)
        } else {
            outcome_id(37)
        };
        stage.platform.poisoned.borrow_mut().push(poison);
        stage.outcomes(0..100, OUTCOME);
        stage.sweep_for_days(2);
        assert_eq!(
            stage.states(),
            [["confirmed", "99"], ["refused", "1"]],
            "{platform}"
        );
        assert_eq!(stage.state(37), seen("refused", "", answer), "{platform}");
        assert_eq!(stage.platform.times_taken(), vec![1; 99], "{platform}");
        stage.assert_strict();
    }
}

#[test]
fn without_credentials_everything_waits_and_goes_once_they_are_there() {
    let mut stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    let secret = stage.access.google.secret.take();
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("waiting", "no_access", ""));
    stage.access.google.secret = secret;
    stage.platform.refuses_secrets.set(true);
    stage.later(HOUR_MS);
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("waiting", "no_access", ""));
    assert_eq!(stage.platform.requests.get(), 0);
    stage.platform.refuses_secrets.set(false);
    stage.later(HOUR_MS);
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("sent", "", ""));
}

#[test]
fn a_token_that_is_not_known_any_more_is_renewed_once() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    stage.platform.oldest_token.set(2);
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("sent", "", ""));
    assert_eq!(stage.platform.tokens.get(), 2);
    // Where no token is good, a person has to look, and nobody knocks for ever.
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    stage.platform.oldest_token.set(99);
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("held", "", "UNAUTHENTICATED"));
    assert_eq!(
        (stage.platform.tokens.get(), stage.platform.requests.get()),
        (2, 2)
    );
}

#[test]
fn a_sweep_that_dies_after_sending_sends_nothing_twice() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    let dies = Faults {
        sender_dies: 1_000,
        ..Faults::default()
    };
    stage.platform.faults.set(dies);
    assert!(!stage.sweep());
    assert_eq!(stage.platform.times_taken(), [1]);
    stage.platform.faults.set(Faults::default());
    // Its lease still holds: the next run leaves it alone.
    stage.later(5 * MINUTE_MS);
    assert!(stage.sweep());
    assert_eq!(stage.platform.requests.get(), 1);
    // Then the same bytes go again, and Google takes them for what they are.
    stage.sweep_for_days(1);
    assert_eq!(stage.state(0), seen("confirmed", "", "DUPLICATE_TRANSACTION_ID"));
    let conversions = stage.platform.conversions.borrow();
    let payloads = conversions.values().next().expect("a conversion");
    assert_eq!(payloads.len(), 2);
    assert_eq!(payloads[0], payloads[1]);
}

#[test]
fn an_answer_that_cannot_be_written_down_comes_round_again() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    // The ledger is moved by statements that insert nothing, so the fault is told apart by its own name.
    stage.database.fault.set(Fault::None);
    stage.database.moves_fail_after.set(Some(1));
    assert!(!stage.sweep());
    assert_eq!(stage.platform.times_taken(), [1]);
    stage.database.moves_fail_after.set(None);
    stage.sweep_for_days(1);
    assert_eq!(stage.state(0)[0], "confirmed");
}

/// Says something later of an outcome.
fn change(stage: &Stage, number: usize, change: Value) -> u16 {
    let mut row = change;
    row["outcome_id"] = json!(outcome_id(number));
    let reply = NativeCollector::new(&stage.database)
        .answer(&post_outcomes(&row.to_string()), stage.platform.now.get());
    reply.status
}

/// Change, state and reason of every delivery of an outcome.
fn story(stage: &Stage) -> Vec<Vec<String>> {
    stage.texts("SELECT change, state, coalesce(reason, '') FROM deliveries ORDER BY change")
}

fn values(stage: &Stage) -> Vec<String> {
    let conversions = stage.platform.conversions.borrow();
    let value = |payload: &String| {
        let payload: Value = serde_json::from_str(payload).expect("JSON");
        let value = &payload["conversionValue"];
        let value = if value.is_null() {
            &payload["AdjustmentType"]
        } else {
            value
        };
        value.to_string()
    };
    conversions.values().flatten().map(value).collect()
}

#[test]
fn a_new_value_before_sending_is_the_value_that_is_sent() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    let restated = json!({"change": "restate", "value": "900.00", "currency": "EUR"});
    assert_eq!(change(&stage, 0, restated), 200);
    stage.later(MINUTE_MS);
    stage.sweep_for_days(1);
    assert_eq!(story(&stage), [["", "confirmed", ""]]);
    assert_eq!(values(&stage), ["900.0"]);
}

#[test]
fn what_is_taken_back_before_sending_is_never_sent() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    assert_eq!(change(&stage, 0, json!({"change": "retract"})), 200);
    stage.sweep_for_days(1);
    assert_eq!(story(&stage), [["", "refused", "retracted"]]);
    assert_eq!(stage.platform.requests.get(), 0);
}

#[test]
fn a_change_after_sending_is_sent_as_a_change() {
    let restate = json!({"change": "restate", "value": "900.00", "currency": "EUR", "changed_at": "2026-11-23T11:00:00Z"});
    for (platform, expected, retraction) in [
        (
            "google",
            vec!["1250.0", "900.0"],
            ["held", "retraction_by_other_transport"],
        ),
        (
            "microsoft",
            vec!["null", "\"Restate\"", "\"Retract\""],
            ["confirmed", ""],
        ),
        ("meta", vec!["null"], ["refused", "adjustment_not_supported"]),
    ] {
        let stage = Stage::new(platform, 1);
        stage.platform.takes_changes.set(true);
        stage.lead(0, CLICK);
        stage.outcomes(0..1, OUTCOME);
        assert!(stage.sweep());
        // A change that comes while the first value is on its way, one that repeats it, and two retractions.
        for _ in 0..2 {
            assert_eq!(change(&stage, 0, restate.clone()), 200);
        }
        stage.sweep_for_days(1);
        for _ in 0..2 {
            assert_eq!(change(&stage, 0, json!({"change": "retract"})), 200);
        }
        stage.sweep_for_days(1);
        let story = story(&stage);
        assert_eq!(story.len(), 3, "{platform}: {story:?}");
        assert_eq!(story[0][1], "confirmed", "{platform}");
        assert_eq!(story[2][1..], retraction, "{platform}");
        assert_eq!(values(&stage), expected, "{platform}");
        stage.assert_strict();
    }
}

#[test]
fn the_ledger_tells_what_became_of_each_and_what_to_do() {
    let stage = Stage::new("google", 1);
    for number in 0..5 {
        stage.lead(number, CLICK);
    }
    stage.platform.poisoned.borrow_mut().push(outcome_id(2));
    stage.outcomes(0..5, OUTCOME);
    stage.outcomes(9..10, OUTCOME);
    assert!(stage.sweep());
    let (status, outcome) = stage.ask("GET", "v1/outcomes/deal-2", &Value::Null);
    assert_eq!(status, 200);
    let mut deliveries = outcome["deliveries"].as_array().expect("deliveries").iter();
    let delivery = deliveries.find(|delivery| delivery["destination"] == "sales");
    let delivery = delivery.expect("the delivery");
    assert_eq!(delivery["state"], "refused");
    assert_eq!(
        (&delivery["code"], &delivery["code_of"]),
        (&json!("EVENT_TIME_INVALID"), &json!("answer"))
    );
    let advice = delivery["advice"].as_str().expect("advice");
    assert!(advice.contains("Check its date and time zone"), "{advice}");

    let (_, page) = stage.ask("GET", "v1/deliveries?limit=2", &Value::Null);
    let counts: Vec<(&Value, &Value, &Value)> = page["counts"]
        .as_array()
        .expect("counts")
        .iter()
        .map(|count| (&count["state"], &count["code"], &count["count"]))
        .collect();
    let (none, waits) = (Value::Null, json!("lead_waiting"));
    assert_eq!(
        counts,
        [
            (&json!("sent"), &none, &json!(4)),
            (&json!("refused"), &json!("EVENT_TIME_INVALID"), &json!(1)),
            (&json!("waiting"), &waits, &json!(1)),
        ]
    );
    // All pages together hold every delivery once.
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let (status, page) = stage.ask("GET", &format!("v1/deliveries?limit=2{cursor}"), &Value::Null);
        assert_eq!(status, 200);
        let deliveries = page["deliveries"].as_array().expect("deliveries");
        ids.extend(
            deliveries
                .iter()
                .map(|delivery| delivery["outcome_id"].to_string()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(ids.len(), 6);
    let of_state = |query: &str| {
        let (status, page) = stage.ask("GET", &format!("v1/deliveries?{query}"), &Value::Null);
        (status, page["deliveries"].as_array().map(Vec::len))
    };
    assert_eq!(of_state("state=sent"), (200, Some(4)));
    assert_eq!(of_state("state=waiting&destination=sales"), (200, Some(1)));
    assert_eq!(of_state("destination=other"), (200, Some(0)));
    for query in ["state=lost", "cursor=x", "limit=0", "limit=201", "destination="] {
        assert_eq!(of_state(query).0, 422, "{query}");
    }
}

#[test]
fn what_is_held_goes_once_the_settings_are_mended() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    stage.platform.oldest_token.set(99);
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("held", "", "UNAUTHENTICATED"));
    // Nothing moves it but a person.
    stage.later(DAY_MS);
    assert!(stage.sweep());
    assert_eq!(stage.state(0)[0], "held");
    stage.platform.oldest_token.set(0);
    assert_eq!(
        stage
            .ask("PUT", "v1/destinations/sales", &destination("google"))
            .0,
        200
    );
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("sent", "", ""));
}

#[test]
fn an_erased_person_leaves_nothing_in_the_ledger() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    assert!(stage.sweep());
    let erasure = json!({"lead_id": lead_id(0)});
    let (status, _) = stage.ask("POST", "v1/erasures", &erasure);
    assert!((200..300).contains(&status), "{status}");
    assert_eq!(stage.texts("SELECT * FROM deliveries"), Vec::<Vec<String>>::new());
}

/// 2,000 outcomes at three platforms, told in shuffled parts and told again, a tenth of the answers lost, requests lost,
/// 429, 500, and sweeps that die: every outcome counts once at each.
#[test]
fn two_thousand_outcomes_through_everything_that_goes_wrong() {
    let stage = Stage::new("google", 7);
    for platform in ["microsoft", "meta"] {
        let path = format!("v1/destinations/{platform}");
        assert_eq!(stage.ask("PUT", &path, &destination(platform)).0, 201);
    }
    for number in 0..2_000 {
        stage.lead(number, CLICK);
    }
    stage.platform.faults.set(Faults {
        answer_lost: 100,
        request_lost: 100,
        busy: 100,
        failing: 100,
        sender_dies: 100,
    });
    // 7 and 40 have no common factor, so this goes through all parts, and through half of them twice.
    for step in 0..60 {
        let part = step * 7 % 40;
        stage.outcomes(part * 50..(part + 1) * 50, OUTCOME);
        let _ = stage.sweep();
        stage.later(MINUTE_MS);
    }
    stage.sweep_for_days(5);
    assert_eq!(stage.states(), [["confirmed", "6000"]]);
    assert!(
        stage.platform.requests.get() > 150,
        "{}",
        stage.platform.requests.get()
    );
    assert_eq!(stage.platform.conversions.borrow().len(), 6_000);
    let mut repeated = 0;
    for (id, payloads) in stage.platform.conversions.borrow().iter() {
        assert!(
            payloads.iter().all(|payload| payload == &payloads[0]),
            "{id} was changed"
        );
        repeated += usize::from(payloads.len() > 1);
    }
    // The faults were real: some went out twice, and counted once.
    assert!(repeated > 100, "{repeated}");
    stage.assert_strict();
}

/// Both have read the delivery before either takes it.
#[test]
fn of_two_sweeps_one_gets_a_delivery() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    let store = Store::new(&stage.database);
    let read = || {
        let due = store.due_deliveries("sales", start(), 10).now_or_never();
        let due = due.expect("SQLite answers at once").expect("rows");
        let [due] = due.as_slice() else {
            panic!("one is due")
        };
        due.record.clone()
    };
    let take = |record: DeliveryRecord| {
        let key = DeliveryKey {
            outcome_id: outcome_id(0),
            change: String::new(),
        };
        let leased = record
            .delivery("google")
            .and_then(|delivery| delivery.lease(start()));
        let step = Move::new("sales", &key, &record, &leased.expect("it is due"));
        let moved = store.move_deliveries("default", start(), &[step]).now_or_never();
        moved.expect("SQLite answers at once").expect("rows").len()
    };
    let (one, other) = (read(), read());
    assert_eq!((take(one), take(other)), (1, 0));
}
