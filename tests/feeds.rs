//! The files that platforms fetch, natively: what stands in them, what the ledger knows of it, and what becomes of changes.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::cell::Cell;

use attribution::lead_id::LeadId;
use attribution::timestamp::{DAY_MS, HOUR_MS, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use collector::reply::Reply;
use collector::request::Request;
use serde_json::{Value, json};
use support::failing_database::{FailingDatabase, Fault};
use support::native_collector::{
    ADMIN_TOKEN, NativeCollector, ask, ask_json, json_of, post_lead, post_outcomes,
};
use support::sqlite_database::SqliteDatabase;

const CLICK: &str = "2026-11-20T09:00:00Z";
const OUTCOME: &str = "2026-11-21T12:00:00Z";

/// The collector of development with one more destination, and a clock.
struct Stage {
    database: FailingDatabase,
    now: Cell<Timestamp>,
    password: String,
}

/// What is in a file: its rows without header and parameters, and what is left out.
type File = (Vec<String>, String);

impl Stage {
    fn new(platform: &str, dialect: &str) -> Self {
        Self::with(&json!({"platform": platform, "transport": "feed", "dialect": dialect}))
    }

    fn with(settings: &Value) -> Self {
        let mut stage = Self {
            database: FailingDatabase::new(SqliteDatabase::of_development()),
            now: Cell::new(Timestamp::from_rfc3339("2026-11-23T12:00:00Z").expect("a moment")),
            password: String::new(),
        };
        let mut destination = json!({"site": "default", "conversion_action": "Closed deal", "outcome_kinds": ["won"],
            "time_zone": "UTC", "feed_user": "ads"});
        for (name, value) in settings.as_object().expect("settings") {
            destination[name] = value.clone();
        }
        let (status, made) = stage.ask("PUT", "v1/destinations/sales", &destination);
        assert_eq!(status, 201, "{made}");
        stage.password = made["feed_password"].as_str().expect("a password").to_owned();
        stage
    }

    fn answer(&self, request: &Request) -> Reply {
        NativeCollector::new(&self.database).answer(request, self.now.get())
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let reply = self.answer(&ask_json(method, path, ADMIN_TOKEN, body));
        (reply.status, json_of(&reply))
    }

    /// A lead with a click of Google and one of Microsoft, and hashes for both.
    fn lead(&self, number: u64) {
        let click = |ids: Value| json!({"at": CLICK, "landing": "https://www.example.com/lp", "ids": ids});
        let hash = format!("{number:064x}");
        let lead = json!({"v": 1, "site": "default", "lead_id": lead_id(number), "submitted_at": CLICK,
            "touches": [click(json!({"gclid": format!("Cj0KCQ{number}")})), click(json!({"msclkid": format!("{number:032x}")}))],
            "user": {"email": {"google": hash, "microsoft": hash, "meta": hash}},
            "consent": {"ad_storage": "granted", "ad_user_data": "granted", "basis": "explicit"}});
        let reply = self.answer(&post_lead("http://localhost:8787", lead.to_string().as_bytes()));
        assert_eq!(reply.status, 201, "{}", String::from_utf8_lossy(&reply.body));
    }

    fn tell(&self, row: &Value) {
        let reply = self.answer(&post_outcomes(&row.to_string()));
        let body: Value = serde_json::from_slice(&reply.body).expect("JSON");
        assert_eq!((reply.status, &body["refused"]), (200, &json!(0)), "{body}");
    }

    fn outcome(&self, number: u64, kind: &str, occurred_at: &str) {
        self.tell(
            &json!({"outcome_id": format!("deal-{number}"), "lead_id": lead_id(number), "kind": kind,
            "occurred_at": occurred_at, "value": "1250.00", "currency": "EUR"}),
        );
    }

    fn restate(&self, number: u64, value: &str, changed_at: &str) {
        self.tell(
            &json!({"outcome_id": format!("deal-{number}"), "change": "restate", "value": value,
            "currency": "EUR", "changed_at": changed_at}),
        );
    }

    fn retract(&self, number: u64, changed_at: &str) {
        self.tell(
            &json!({"outcome_id": format!("deal-{number}"), "change": "retract", "changed_at": changed_at}),
        );
    }

    fn reply(&self, method: &str, file: &str) -> Reply {
        let basic = STANDARD.encode(format!("ads:{}", self.password));
        self.answer(&Request {
            authorization: Some(format!("Basic {basic}")),
            ..ask(method, &format!("feeds/sales/{file}.csv"), "", "")
        })
    }

    fn fetch(&self, file: &str) -> File {
        let reply = self.reply("GET", file);
        assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
        let text = String::from_utf8(reply.body.clone()).expect("UTF-8");
        let is_row = |line: &&str| !line.starts_with("Parameters:");
        let rows: Vec<String> = text.lines().filter(is_row).skip(1).map(str::to_owned).collect();
        assert_eq!(
            reply.header("Throughline-Rows"),
            Some(rows.len().to_string().as_str())
        );
        let left_out = reply.header("Throughline-Left-Out").unwrap_or_default();
        (rows, left_out.to_owned())
    }

    fn later(&self, ms: i64) {
        self.now.set(self.now.get().plus_ms(ms));
    }

    /// Outcome, change and state of everything that the ledger knows of the destination.
    fn ledger(&self) -> Vec<Vec<String>> {
        self.database.database().texts(
            "SELECT outcome_id, change, state FROM deliveries WHERE destination = 'sales' ORDER BY outcome_id, change",
        )
    }
}

fn lead_id(number: u64) -> String {
    LeadId::from_random([number, 9]).as_str().to_owned()
}

fn file(rows: &[&str], left_out: &str) -> File {
    (
        rows.iter().map(|row| (*row).to_owned()).collect(),
        left_out.to_owned(),
    )
}

#[test]
fn a_new_value_before_the_fetch_stands_in_the_conversion_and_needs_no_change() {
    let stage = Stage::new("google", "legacy_upload");
    stage.lead(1);
    stage.outcome(1, "won", OUTCOME);
    stage.restate(1, "900.00", "2026-11-22T09:00:00Z");
    stage.later(HOUR_MS);
    let row = "Cj0KCQ1,Closed deal,2026-11-21 12:00:00+0000,900.00,EUR,deal-1,Granted,";
    assert_eq!(stage.fetch("adjustments"), file(&[], "original_not_delivered=1"));
    assert_eq!(stage.fetch("conversions"), file(&[row], ""));
    assert_eq!(stage.fetch("adjustments"), file(&[], "change_in_conversion=1"));
    assert_eq!(stage.ledger(), [["deal-1", "", "fetched"]]);
}

#[test]
fn what_is_taken_back_before_the_fetch_is_in_no_file() {
    let stage = Stage::new("google", "legacy_upload");
    stage.lead(1);
    stage.outcome(1, "won", OUTCOME);
    stage.retract(1, "2026-11-22T09:00:00Z");
    assert_eq!(stage.fetch("conversions"), file(&[], "retracted=1"));
    assert_eq!(stage.fetch("adjustments"), file(&[], "original_not_delivered=1"));
    assert_eq!(stage.ledger(), Vec::<Vec<String>>::new());
}

#[test]
fn a_change_after_the_fetch_stands_in_the_file_of_changes_until_a_later_one_overtakes_it() {
    let restated = "deal-1,Closed deal,2026-11-23 13:00:00+0000,RESTATE,900.00,EUR";
    let again = "deal-1,Closed deal,2026-11-23 14:00:00+0000,RESTATE,800.00,EUR";
    let retracted = "deal-1,Closed deal,2026-11-23 15:00:00+0000,RETRACT,,";
    for dialect in ["legacy_upload", "enhanced_leads"] {
        let stage = Stage::new("google", dialect);
        stage.lead(1);
        stage.outcome(1, "won", OUTCOME);
        assert_eq!(stage.fetch("conversions").0.len(), 1);
        stage.later(4 * HOUR_MS);
        stage.restate(1, "900.00", "2026-11-23T13:00:00Z");
        // The same row again and again is harmless, and lets the platform mend what it missed.
        for _ in 0..2 {
            assert_eq!(stage.fetch("adjustments"), file(&[restated], ""), "{dialect}");
        }
        stage.restate(1, "800.00", "2026-11-23T14:00:00Z");
        // A value that was told late and is older than the newest one changes nothing.
        stage.restate(1, "1000.00", "2026-11-23T12:30:00Z");
        assert_eq!(stage.fetch("adjustments"), file(&[again], "change_overtaken=2"));
        for _ in 0..2 {
            stage.retract(1, "2026-11-23T15:00:00Z");
        }
        assert_eq!(
            stage.fetch("adjustments"),
            file(&[retracted], "change_overtaken=3")
        );
        assert_eq!(stage.fetch("conversions"), file(&[], "retracted=1"));
        let states: Vec<String> = stage.ledger().into_iter().map(|row| row.join(" ")).collect();
        let [at_13, at_14] = ["2026-11-23T13:00:00Z", "2026-11-23T14:00:00Z"]
            .map(|at| Timestamp::from_rfc3339(at).expect("a moment").ms());
        let expected = [
            "deal-1  fetched".to_owned(),
            format!("deal-1 restate:{at_13} fetched"),
            format!("deal-1 restate:{at_14} fetched"),
            "deal-1 retract fetched".to_owned(),
        ];
        assert_eq!(states, expected);
    }
}

#[test]
fn microsoft_is_told_of_changes_by_click_name_and_time() {
    let stage = Stage::new("microsoft", "offline_conversions");
    for number in 1..=2 {
        stage.lead(number);
        stage.outcome(number, "won", OUTCOME);
    }
    assert_eq!(stage.fetch("conversions").0.len(), 2);
    stage.later(4 * HOUR_MS);
    stage.restate(1, "900.00", "2026-11-23T13:00:00Z");
    stage.retract(2, "2026-11-23T14:00:00Z");
    let restated = format!(
        "{:032x},Closed deal,2026-11-21 12:00:00+0000,900.00,EUR,Restate,2026-11-23 13:00:00+0000",
        1
    );
    let retracted = format!(
        "{:032x},Closed deal,2026-11-21 12:00:00+0000,,,Retract,2026-11-23 14:00:00+0000",
        2
    );
    assert_eq!(stage.fetch("adjustments"), file(&[&restated, &retracted], ""));
}

#[test]
fn the_data_managers_file_brings_new_values_itself_and_the_file_of_changes_what_is_taken_back() {
    let stage = Stage::new("google", "data_manager");
    for number in 1..=2 {
        stage.lead(number);
        stage.outcome(number, "won", OUTCOME);
    }
    assert_eq!(stage.fetch("conversions").0.len(), 2);
    stage.later(4 * HOUR_MS);
    stage.restate(1, "900.00", "2026-11-23T13:00:00Z");
    stage.retract(2, "2026-11-23T14:00:00Z");
    let (rows, left_out) = stage.fetch("conversions");
    assert!(
        rows.len() == 1 && rows[0].contains(",900.00,EUR,deal-1,"),
        "{rows:?}"
    );
    assert_eq!(left_out, "retracted=1");
    let retracted = "deal-2,Closed deal,2026-11-23 14:00:00+0000,RETRACT,,";
    assert_eq!(
        stage.fetch("adjustments"),
        file(&[retracted], "change_in_conversion=1")
    );
    let states: Vec<String> = stage.ledger().iter().map(|row| row[2].clone()).collect();
    assert_eq!(states, ["fetched"; 4]);
}

#[test]
fn beside_googles_api_stands_a_file_of_what_it_is_not_told() {
    // As the retraction is planned, and as a sweep leaves it: held, with advice to let Google fetch this file.
    let held = "UPDATE deliveries SET state = 'held', reason = 'retraction_by_other_transport', answer = 'x',
        next_at_ms = NULL, since_ms = 1 WHERE change = 'retract'";
    for left in ["", held] {
        let stage = Stage::with(
            &json!({"platform": "google", "transport": "api", "time_zone": "UTC",
            "api": {"operating_account": "1234567890", "conversion_action_id": "987654321"}}),
        );
        stage.lead(1);
        stage.outcome(1, "won", OUTCOME);
        let mark = |sql: &str| stage.database.database().execute(sql);
        mark(
            "UPDATE deliveries SET state = 'confirmed', next_at_ms = NULL, since_ms = 1795435200000, frozen_at_ms = 1795435200000",
        );
        stage.later(HOUR_MS);
        stage.retract(1, "2026-11-23T12:30:00Z");
        mark(left);
        stage.later(HOUR_MS);
        let fetched_at = stage.now.get().ms().to_string();
        let retracted = "deal-1,Closed deal,2026-11-23 12:30:00+0000,RETRACT,,";
        for _ in 0..2 {
            assert_eq!(stage.fetch("adjustments"), file(&[retracted], ""));
            stage.later(HOUR_MS);
        }
        assert_eq!(
            stage.ledger(),
            [["deal-1", "", "confirmed"], ["deal-1", "retract", "fetched"]]
        );
        // It is given since the first fetch, and no sweep takes it up any more.
        assert_eq!(
            stage.database.database().texts(
                "SELECT since_ms, frozen_at_ms, next_at_ms, reason, answer FROM deliveries WHERE change = 'retract'"
            ),
            [[fetched_at.as_str(), &fetched_at, "", "", ""]],
            "{left}"
        );
        assert_eq!(stage.reply("GET", "conversions").status, 404);
    }
}

#[test]
fn err_apis_without_such_a_file_have_no_user_for_it() {
    let stage = Stage::new("google", "legacy_upload");
    for (platform, api) in [
        ("microsoft", json!({"customer_id": "1", "account_id": "2"})),
        ("meta", json!({"dataset_id": "3", "action_source": "phone_call"})),
    ] {
        let settings = json!({"site": "default", "platform": platform, "transport": "api", "conversion_action": "Sale",
            "outcome_kinds": ["won"], "feed_user": "ads", "api": api});
        let (status, problem) = stage.ask("PUT", "v1/destinations/other", &settings);
        assert_eq!(
            (status, &problem["pointer"]),
            (422, &json!("/feed_user")),
            "{problem}"
        );
    }
}

#[test]
fn a_change_is_refused_when_its_window_has_closed() {
    for (platform, dialect, days) in [
        ("google", "legacy_upload", 54),
        ("microsoft", "offline_conversions", 90),
    ] {
        let stage = Stage::new(platform, dialect);
        stage.lead(1);
        stage.outcome(1, "won", OUTCOME);
        assert_eq!(stage.fetch("conversions").0.len(), 1);
        stage.retract(1, "2026-11-22T13:00:00Z");
        let converted_at = Timestamp::from_rfc3339(OUTCOME).expect("a moment");
        stage.now.set(converted_at.plus_ms(days * DAY_MS));
        assert_eq!(stage.fetch("adjustments").0.len(), 1, "{platform}");
        stage.later(1);
        assert_eq!(
            stage.fetch("adjustments"),
            file(&[], "adjust_window_closed=1"),
            "{platform}"
        );
    }
}

#[test]
fn every_outcome_of_the_site_is_in_the_file_or_left_out_for_a_reason() {
    let stage = Stage::new("google", "legacy_upload");
    for number in 1..=3 {
        stage.lead(number);
    }
    stage.outcome(1, "won", OUTCOME);
    stage.outcome(2, "qualified", OUTCOME);
    // Its lead never came, and it is too old to be looked at, by a millisecond.
    stage.tell(&json!({"outcome_id": "old", "lead_id": lead_id(8), "kind": "won", "occurred_at": "2026-08-25T11:59:59.999Z"}));
    stage.tell(&json!({"outcome_id": "edge", "lead_id": lead_id(8), "kind": "won", "occurred_at": "2026-08-25T12:00:00Z"}));
    let (rows, left_out) = stage.fetch("conversions");
    assert_eq!(rows.len(), 1);
    assert_eq!(left_out, "lead_waiting=1, conversion_too_old=1, kind_not_taken=1");
}

#[test]
fn looking_takes_nothing_and_what_is_not_written_down_does_not_go_out() {
    let stage = Stage::new("google", "legacy_upload");
    stage.lead(1);
    stage.outcome(1, "won", OUTCOME);
    let looked = stage.reply("HEAD", "conversions");
    assert_eq!(
        (looked.status, looked.header("Throughline-Rows")),
        (200, Some("1"))
    );
    assert_eq!(stage.ledger(), Vec::<Vec<String>>::new());
    for fault in [Fault::BeforeCommit, Fault::AfterCommit] {
        stage.database.fault.set(fault);
        assert_eq!(stage.reply("GET", "conversions").status, 503);
    }
    stage.database.fault.set(Fault::None);
    // The second fault came after the commit: the ledger believes it was fetched, and it stands in the next file again.
    assert_eq!(stage.ledger(), [["deal-1", "", "fetched"]]);
    assert_eq!(stage.fetch("conversions").0.len(), 1);
    assert_eq!(stage.ledger(), [["deal-1", "", "fetched"]]);
}
