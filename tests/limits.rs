//! Limits that stand in two places say the same in both.

#![allow(clippy::panic, clippy::expect_used, reason = "tests fail by panicking")]

use attribution::limits::{RATE_SECONDS, REQUESTS_OF_ADDRESS_MAX};
use attribution::timestamp::Timestamp;
use collector::request::{Limits, Request};
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
