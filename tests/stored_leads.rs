//! What the store keeps of a lead beside the JSON that it was sent as, and what it costs.

#![allow(clippy::panic, clippy::expect_used, reason = "tests fail by panicking")]

use attribution::limits::USER_AGENT_BYTES_MAX;
use attribution::timestamp::{DAY_MS, Timestamp};
use collector::request::Request;
use collector::store::Store;
use futures_util::FutureExt;
use serde_json::json;
use support::failing_database::FailingDatabase;
use support::native_collector::{NativeCollector, ask, post_lead, post_outcomes};
use support::sqlite_database::{DISK_FULL, SqliteDatabase};

/// 2026-11-23T12:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
}

fn lead(user_agent: Option<&str>) -> Request {
    let lead = json!({"v": 1, "site": "default", "lead_id": "7K3M9QXA2F4HJK5NR",
        "submitted_at": "2026-11-18T09:10:00Z", "consent": {"ad_storage": "granted"},
        "touches": [{"at": "2026-11-18T09:00:00Z", "referrer": "https://www.google.com/"}]});
    Request {
        user_agent: user_agent.map(str::to_owned),
        ..post_lead("http://localhost:8787", lead.to_string().as_bytes())
    }
}

/// The browser of the one lead, as an export would be given it.
fn stored_user_agent(user_agent: Option<&str>) -> String {
    let database = FailingDatabase::new(SqliteDatabase::of_development());
    let collector = NativeCollector::new(&database);
    assert_eq!(collector.answer(&lead(user_agent), now()).status, 201);
    let outcome = r#"{"outcome_id":"d1","lead_id":"7K3M9QXA2F4HJK5NR","kind":"won","occurred_at":"2026-11-20T14:05:00Z"}"#;
    assert_eq!(collector.answer(&post_outcomes(outcome), now()).status, 200);
    let store = Store::new(&database);
    let page = async {
        let destination = store.destination("google-demo").await.expect("a store");
        let destination = destination.and_then(|row| row.files()).expect("settings");
        let since = now().plus_ms(-90 * DAY_MS);
        store
            .page_of_outcomes(&destination, "", since)
            .await
            .expect("a page")
    };
    let mut page = page.now_or_never().expect("SQLite answers at once");
    let (_, lead) = page.pop().expect("the outcome").outcome_and_lead;
    lead.expect("its lead").user_agent().to_owned()
}

#[test]
fn a_lead_comes_back_with_the_browser_that_sent_it() {
    let longest = "é".repeat(USER_AGENT_BYTES_MAX / 2);
    let too_long = format!("{longest}é");
    let odd = format!("a{longest}");
    let cut = format!("a{}", "é".repeat(USER_AGENT_BYTES_MAX / 2 - 1));
    let table = [
        (
            Some("Mozilla/5.0 (X11; Linux x86_64)"),
            "Mozilla/5.0 (X11; Linux x86_64)",
        ),
        (Some(""), ""),
        (None, ""),
        (Some(&longest), &longest),
        (Some(&too_long), &longest),
        (Some(&odd), &cut),
    ];
    for (sent, stored) in table {
        assert_eq!(stored_user_agent(sent), stored);
    }
}

/// The hashes of who sent a lead never wait on the visitor's device, so the browser may send it once with them and again
/// without, and which of the two arrives first is the network's choice.
#[test]
fn a_lead_that_comes_once_with_hashes_and_once_without_is_one_lead() {
    let hash = "d00d0a7c6d491b3782fd78b410748048859e16467faa0651f060978d4bb343cc";
    let sent = |user: &[(&str, &str)], page: &str| {
        let mut lead = json!({"v": 1, "site": "default", "lead_id": "7K3M9QXA2F4HJK5NR", "page": page,
            "submitted_at": "2026-11-18T09:10:00Z", "touches": [],
            "consent": {"ad_storage": "granted", "ad_user_data": "granted"}});
        for (platform, hash) in user {
            lead["user"]["email"][platform] = json!(hash);
        }
        post_lead("http://localhost:8787", lead.to_string().as_bytes())
    };
    let (page, other) = ("https://www.example.com/pricing", "https://www.example.com/other");
    let (with, without) = (&[("google", hash)][..], &[][..]);
    for (first, second) in [(with, without), (without, with), (with, with)] {
        let database = FailingDatabase::new(SqliteDatabase::of_development());
        let collector = NativeCollector::new(&database);
        let answers = [sent(first, page), sent(second, page), sent(second, other)];
        let answers = answers.map(|request| collector.answer(&request, now()).status);
        assert_eq!(answers, [201, 200, 409], "{first:?}, then {second:?}");
        let lead = database
            .database()
            .texts("SELECT lead FROM leads")
            .concat()
            .concat();
        assert_eq!(
            lead.contains(hash),
            !first.is_empty(),
            "the first one stays: {lead}"
        );
    }
}

#[test]
fn a_lead_and_its_row_of_the_outbox_are_written_together_and_once() {
    let database = FailingDatabase::new(SqliteDatabase::of_development());
    let collector = NativeCollector::new(&database);
    let sqlite = database.database();
    let before = sqlite.rows_written();
    assert_eq!(collector.answer(&lead(None), now()).status, 201);
    assert!(
        sqlite.rows_written() - before <= 3,
        "a lead costs at most three rows"
    );
    let indexes =
        "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name IN ('leads', 'lead_arrivals')";
    assert_eq!(
        sqlite.texts(indexes),
        Vec::<Vec<String>>::new(),
        "each index would be a row more"
    );

    // A repetition, hours later, writes nothing and moves nothing.
    let before = sqlite.rows_written();
    assert_eq!(collector.answer(&lead(None), now().plus_ms(DAY_MS)).status, 200);
    assert_eq!(sqlite.rows_written(), before);
    let arrivals = "SELECT received_at_ms, lead_id, finders FROM lead_arrivals";
    let expected = [
        now().ms().to_string(),
        "7K3M9QXA2F4HJK5NR".to_owned(),
        "[]".to_owned(),
    ];
    assert_eq!(sqlite.texts(arrivals), [expected]);

    // A row of the outbox that is missing comes back with the next repetition.
    sqlite.execute("DELETE FROM lead_arrivals");
    assert_eq!(collector.answer(&lead(None), now().plus_ms(DAY_MS)).status, 200);
    assert_eq!(sqlite.texts(arrivals).len(), 1);
}

#[test]
fn a_store_that_fails_between_two_statements_keeps_neither() {
    let database = FailingDatabase::new(SqliteDatabase::of_development());
    let collector = NativeCollector::new(&database);
    let sqlite = database.database();
    sqlite.execute(&format!(
        "CREATE TRIGGER full BEFORE INSERT ON lead_arrivals BEGIN SELECT RAISE(ABORT, '{DISK_FULL}'); END"
    ));
    let reply = collector.answer(&lead(None), now());
    assert_eq!((reply.status, sqlite.rows_in("leads")), (503, 0));
    sqlite.execute("DROP TRIGGER full");
    assert_eq!(collector.answer(&lead(None), now()).status, 201);
    assert_eq!((sqlite.rows_in("leads"), sqlite.rows_in("lead_arrivals")), (1, 1));
}

#[test]
fn leads_that_are_older_than_the_outbox_get_their_row_by_the_migration() {
    let database = SqliteDatabase::before_migration("0008");
    database.execute(
        "INSERT INTO leads (site, lead_id, received_at_ms, lead, content_sha256) VALUES ('s', 'A', 7, '{}', ''), ('s', 'B', 3, '{}', '')",
    );
    database.migrate_from("0008");
    let rows = database.texts("SELECT lead_id, received_at_ms FROM lead_arrivals");
    assert_eq!(rows, [["B", "3"], ["A", "7"]]);
}

#[test]
fn an_outcome_waits_until_its_lead_is_there_and_health_counts_it() {
    let database = FailingDatabase::new(SqliteDatabase::of_development());
    let collector = NativeCollector::new(&database);
    let waiting = || {
        let reply = collector.answer(&ask("GET", "health", "", ""), now());
        let health: serde_json::Value = serde_json::from_slice(&reply.body).expect("JSON");
        health["outcomes_waiting"].as_u64().expect("a number")
    };
    let tell = |id: &str, name: &str, value: &str| {
        let outcome =
            json!({"outcome_id": id, name: value, "kind": "won", "occurred_at": "2026-11-20T14:05:00Z"});
        assert_eq!(
            collector
                .answer(&post_outcomes(&outcome.to_string()), now())
                .status,
            200
        );
    };
    tell("by-lead", "lead_id", "7K3M9QXA2F4HJK5NR");
    tell("by-click", "gclid", "Cj0KCQ-_");
    tell("in-vain", "gclid", "EAIaIQ-_");
    assert_eq!(waiting(), 3);
    let lead = json!({"v": 1, "site": "default", "lead_id": "7K3M9QXA2F4HJK5NR", "submitted_at": "2026-11-18T09:10:00Z",
        "consent": {"ad_storage": "granted"}, "touches": [{"at": "2026-11-18T09:00:00Z", "ids": {"gclid": "Cj0KCQ-_"}}]});
    let lead = post_lead("http://localhost:8787", lead.to_string().as_bytes());
    assert_eq!(collector.answer(&lead, now()).status, 201);
    assert_eq!(waiting(), 1);
    tell("late", "lead_id", "7K3M9QXA2F4HJK5NR");
    tell("late-by-click", "gclid", "Cj0KCQ-_");
    assert_eq!(waiting(), 1);
}

#[test]
fn outcomes_that_are_older_than_their_mark_get_it_by_the_migration() {
    let database = SqliteDatabase::before_migration("0024");
    database.execute(
        "INSERT INTO leads (site, lead_id, received_at_ms, lead, content_sha256) VALUES ('s', 'A', 7, '{}', '');
         INSERT INTO outcomes (site, outcome_id, reference, finder, lead_id, kind, occurred_at_ms, received_at_ms, content_sha256)
         VALUES ('s', 'matched', 'lead_id:A', NULL, 'A', 'won', 1, 1, ''), ('s', 'early', 'lead_id:B', NULL, 'B', 'won', 1, 1, ''),
             ('s', 'by-click', 'gclid:x', 'f', NULL, 'won', 1, 1, '')",
    );
    database.migrate_from("0024");
    let waits = database.texts("SELECT outcome_id, waits FROM outcomes ORDER BY outcome_id");
    assert_eq!(waits, [["by-click", "1"], ["early", "1"], ["matched", "0"]]);
}
