//! What the collector says when it is not the sender's fault: no store, no token, an unusable setting. Never a 2xx for
//! what is not stored.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use attribution::timestamp::Timestamp;
use collector::reply::Reply;
use collector::request::Request;
use serde_json::{Value, json};
use support::failing_database::{FailingDatabase, Fault};
use support::native_collector::{NativeCollector, get_feed, json_of, post_lead, post_outcomes};
use support::sqlite_database::SqliteDatabase;

const ORIGIN: &str = "http://localhost:8787";

/// 2026-11-23T12:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
}

fn lead() -> Request {
    let lead = json!({"v": 1, "site": "default", "lead_id": "7K3M9QXA2F4HJK5NR",
        "submitted_at": "2026-11-18T09:10:00Z",
        "touches": [{"at": "2026-11-18T09:00:00Z", "ids": {"gclid": "Cj0KCQ"}}],
        "consent": {"ad_storage": "granted", "ad_user_data": "granted"}});
    post_lead(ORIGIN, lead.to_string().as_bytes())
}

fn outcomes() -> Request {
    post_outcomes(
        r#"[{"outcome_id":"d1","lead_id":"7K3M9QXA2F4HJK5NR","kind":"won","occurred_at":"2026-11-20T14:05:00Z"}]"#,
    )
}

fn health() -> Request {
    Request {
        authorization: None,
        path: "/throughline/health".to_owned(),
        ..get_feed()
    }
}

fn development() -> FailingDatabase {
    FailingDatabase::new(SqliteDatabase::of_development())
}

fn check_retryable(reply: &Reply, code: &str) {
    let body = json_of(reply);
    assert_eq!(
        (reply.status, &body["code"], &body["retryable"]),
        (503, &json!(code), &json!(true)),
        "{body}"
    );
    assert!(reply.header("Retry-After").is_some());
}

#[test]
fn a_store_that_does_not_answer_is_never_a_2xx_and_may_be_asked_again() {
    let database = development();
    let collector = NativeCollector::new(&database);
    for reads_fail in [true, false] {
        database.reads_fail.set(reads_fail);
        database.fault.set(Fault::BeforeCommit);
        for request in [lead(), outcomes()] {
            check_retryable(&collector.answer(&request, now()), "storage_unavailable");
        }
    }
    database.reads_fail.set(true);
    for request in [get_feed(), health()] {
        check_retryable(&collector.answer(&request, now()), "storage_unavailable");
    }
    assert_eq!(
        (
            database.database().rows_in("leads"),
            database.database().rows_in("outcomes")
        ),
        (0, 0)
    );
}

#[test]
fn a_page_may_read_that_the_store_does_not_answer() {
    let database = development();
    database.fault.set(Fault::BeforeCommit);
    let reply = NativeCollector::new(&database).answer(&lead(), now());
    assert_eq!(
        (reply.status, reply.header("Access-Control-Allow-Origin")),
        (503, Some(ORIGIN))
    );
}

#[test]
fn an_answer_lost_after_the_commit_ends_in_one_row_and_a_repeated() {
    let database = development();
    let collector = NativeCollector::new(&database);
    database.fault.set(Fault::AfterCommit);
    assert_eq!(collector.answer(&lead(), now()).status, 503);
    assert_eq!(collector.answer(&outcomes(), now()).status, 503);
    database.fault.set(Fault::None);
    let again = collector.answer(&lead(), now());
    assert_eq!(
        (again.status, &json_of(&again)["result"]),
        (200, &json!("repeated"))
    );
    assert_eq!(json_of(&collector.answer(&outcomes(), now()))["repeated"], 1);
    assert_eq!(
        (
            database.database().rows_in("leads"),
            database.database().rows_in("outcomes")
        ),
        (1, 1)
    );
}

#[test]
fn a_refusal_stays_a_refusal_when_it_cannot_be_counted() {
    let database = development();
    database.fault.set(Fault::BeforeCommit);
    let reply = NativeCollector::new(&database).answer(&post_lead("https://evil.example", b"{"), now());
    assert_eq!(
        (reply.status, &json_of(&reply)["code"]),
        (400, &json!("malformed_json"))
    );
}

#[test]
fn a_deployment_without_a_token_says_how_to_set_one() {
    let database = development();
    let mut collector = NativeCollector::new(&database);
    collector.admin_token = None;
    let reply = collector.answer(&outcomes(), now());
    check_retryable(&reply, "admin_token_unset");
    let detail = json_of(&reply)["detail"]
        .as_str()
        .map(str::to_owned)
        .unwrap_or_default();
    assert!(detail.contains("wrangler secret put ADMIN_TOKEN"), "{detail}");
    assert_eq!(database.database().rows_in("outcomes"), 0);
}

#[test]
fn a_destination_with_an_unusable_setting_serves_no_file() {
    for setting in ["time_zone = 'Mars/Olympus'", "outcome_kinds = '{}'"] {
        let database = development();
        database
            .database()
            .execute(&format!("UPDATE destinations SET {setting}"));
        let reply = NativeCollector::new(&database).answer(&get_feed(), now());
        assert_eq!(
            (reply.status, &json_of(&reply)["code"]),
            (500, &json!("setting_invalid")),
            "{setting}"
        );
    }
}

#[test]
fn a_destination_without_a_password_lets_nobody_in() {
    let database = development();
    database
        .database()
        .execute("UPDATE destinations SET feed_user = NULL, feed_password_sha256 = NULL");
    assert_eq!(
        NativeCollector::new(&database).answer(&get_feed(), now()).status,
        401
    );
}

#[test]
fn one_unreadable_lead_does_not_spoil_the_file() {
    let database = development();
    let collector = NativeCollector::new(&database);
    assert_eq!(collector.answer(&lead(), now()).status, 201);
    assert_eq!(collector.answer(&outcomes(), now()).status, 200);
    assert_eq!(
        collector.answer(&get_feed(), now()).header("Throughline-Rows"),
        Some("1")
    );
    database.database().execute("UPDATE leads SET lead = '{\"v\":9}'");
    let feed = collector.answer(&get_feed(), now());
    assert_eq!(
        (feed.status, feed.header("Throughline-Left-Out")),
        (200, Some("lead_unreadable=1"))
    );
}

#[test]
fn a_feed_longer_than_a_page_of_the_store_is_whole() {
    let database = development();
    let collector = NativeCollector::new(&database);
    assert_eq!(collector.answer(&lead(), now()).status, 201);
    let deal = |number: usize| {
        json!({"outcome_id": format!("d{number}"), "lead_id": "7K3M9QXA2F4HJK5NR", "kind": "won",
            "occurred_at": "2026-11-20T14:05:00Z"})
    };
    for batch in 0..3 {
        let batch: Value = (batch * 500..(batch + 1) * 500 + 1).map(deal).collect();
        assert_eq!(
            collector.answer(&post_outcomes(&batch.to_string()), now()).status,
            200
        );
    }
    let feed = collector.answer(&get_feed(), now());
    assert_eq!(feed.header("Throughline-Rows"), Some("1501"));
    assert_eq!(String::from_utf8_lossy(&feed.body).lines().count(), 1_503);
}
