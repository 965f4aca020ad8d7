//! Rate limits and daily budgets: whoever comes too often is told when to come again, and writes nothing.

#![allow(clippy::panic, clippy::expect_used, reason = "tests fail by panicking")]

use attribution::lead_id::LeadId;
use attribution::limits::{RATE_SECONDS, REQUESTS_OF_ADDRESS_MAX};
use attribution::timestamp::{HOUR_MS, SECOND_MS, Timestamp};
use collector::request::{Limits, Request};
use serde_json::json;
use support::failing_database::FailingDatabase;
use support::native_collector::{NativeCollector, post_consent, post_lead};
use support::sqlite_database::SqliteDatabase;

const ORIGIN: &str = "http://localhost:8787";

/// 2026-11-23T12:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
}

#[test]
fn the_platforms_limiter_keeps_the_limit_of_the_core() {
    let wrangler =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../wrangler.toml")).expect("the file");
    let limiter = format!("simple = {{ limit = {REQUESTS_OF_ADDRESS_MAX}, period = {RATE_SECONDS} }}");
    assert!(wrangler.contains(&limiter), "{wrangler}");
    assert!(wrangler.contains("LIMITS = \"on\""), "a deployment keeps limits");
}

#[test]
fn a_flood_is_told_to_come_back_and_writes_nothing() {
    let database = FailingDatabase::new(SqliteDatabase::of_development());
    let collector = NativeCollector::new(&database);
    let before = database.database().rows_written();
    for request in [post_lead(ORIGIN, b"{"), post_consent(ORIGIN, b"{")] {
        let over = Request {
            limits: Limits::Exceeded,
            ..request
        };
        let reply = collector.answer(&over, now());
        assert_eq!((reply.status, reply.code), (429, Some("rate_limited")));
        assert_eq!(reply.header("Retry-After"), Some("60"));
        assert_eq!(reply.header("Content-Type"), Some("application/problem+json"));
        assert_eq!(reply.header("Access-Control-Allow-Origin"), Some(ORIGIN));
        let preflight = Request {
            method: "OPTIONS".to_owned(),
            ..over
        };
        assert_eq!(collector.answer(&preflight, now()).status, 204);
    }
    assert_eq!(database.database().rows_written(), before, "not even a count");
}

fn lead(number: u64) -> Request {
    let lead_id = LeadId::from_random([number, number]);
    let lead = json!({"v": 1, "site": "default", "lead_id": lead_id.as_str(), "submitted_at": "2026-11-18T09:10:00Z",
        "consent": {"ad_storage": "granted"}});
    Request {
        limits: Limits::Within,
        ..post_lead(ORIGIN, lead.to_string().as_bytes())
    }
}

#[test]
fn a_site_takes_as_many_leads_a_day_as_its_budget_and_the_rest_tomorrow() {
    let database = FailingDatabase::new(SqliteDatabase::of_development());
    let sqlite = database.database();
    sqlite.execute("UPDATE sites SET daily_budget = 3");
    let collector = NativeCollector::new(&database);
    let statuses = |numbers: std::ops::Range<u64>, now: Timestamp| -> Vec<u16> {
        numbers
            .map(|number| collector.answer(&lead(number), now).status)
            .collect()
    };
    assert_eq!(statuses(0..2, now()), [201, 201]);
    // What is repeated costs nothing of the budget.
    assert_eq!(statuses(0..2, now().plus_ms(SECOND_MS)), [200, 200]);
    let before = sqlite.rows_written();
    assert_eq!(statuses(2..3, now()), [201]);
    assert_eq!(
        sqlite.rows_written() - before,
        3,
        "a lead costs three rows with its count"
    );
    assert_eq!(statuses(3..4, now()), [429]);

    let refused = collector.answer(&lead(3), now().plus_ms(HOUR_MS));
    assert_eq!(refused.code, Some("budget_spent"));
    assert_eq!(
        refused.header("Retry-After"),
        Some("39600"),
        "eleven hours are left of the day"
    );
    assert_eq!(refused.header("Access-Control-Allow-Origin"), Some(ORIGIN));
    assert_eq!(refused.header("Content-Type"), Some("application/problem+json"));
    assert_eq!(sqlite.rows_in("leads"), 3);
    // The last millisecond of the day still belongs to it, the next does not.
    let midnight = now().plus_ms(12 * HOUR_MS);
    let last = collector.answer(&lead(3), midnight.plus_ms(-1));
    assert_eq!((last.status, last.header("Retry-After")), (429, Some("1")));
    assert_eq!(statuses(3..5, midnight), [201, 201]);
}

#[test]
fn without_a_budget_or_without_limits_nobody_counts() {
    for (budget, limits) in [("NULL", Limits::Within), ("1", Limits::Off)] {
        let database = FailingDatabase::new(SqliteDatabase::of_development());
        database
            .database()
            .execute(&format!("UPDATE sites SET daily_budget = {budget}"));
        let collector = NativeCollector::new(&database);
        for number in 0..3 {
            let request = Request {
                limits,
                ..lead(number)
            };
            assert_eq!(collector.answer(&request, now()).status, 201);
        }
        assert_eq!(database.database().rows_in("lead_counts"), 0);
    }
}
