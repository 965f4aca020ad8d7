//! What becomes of leads and outcomes whose store fails at every second, third or tenth write, before or after the
//! commit, while their senders send again: each is acknowledged, and each is stored once.

#![allow(clippy::panic, clippy::expect_used, reason = "tests fail by panicking")]

use attribution::lead_id::LeadId;
use attribution::timestamp::Timestamp;
use collector::request::Request;
use serde_json::json;
use support::failing_database::{FailingDatabase, Fault};
use support::native_collector::{NativeCollector, post_lead, post_outcomes};
use support::sqlite_database::SqliteDatabase;

/// Senders, each with a lead and an outcome of its own.
const SENDERS: u64 = 60;

/// Tries of one sender.
const TRIES: usize = 6;

/// 2026-11-23T12:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
}

fn lead(number: u64) -> Request {
    let lead_id = LeadId::from_random([number, number]);
    let lead = json!({"v": 1, "site": "default", "lead_id": lead_id.as_str(), "submitted_at": "2026-11-18T09:10:00Z",
        "touches": [{"at": "2026-11-18T09:00:00Z", "ids": {"gclid": format!("Cj0KCQ{number}")}}],
        "consent": {"ad_storage": "granted", "ad_user_data": "granted"}});
    post_lead("http://localhost:8787", lead.to_string().as_bytes())
}

fn outcome(number: u64) -> Request {
    let lead_id = LeadId::from_random([number, number]);
    let outcome = json!({"outcome_id": format!("d{number}"), "lead_id": lead_id.as_str(), "kind": "won",
        "occurred_at": "2026-11-20T14:05:00Z"});
    post_outcomes(&outcome.to_string())
}

/// How many tries each sender needed; `None` for one who was never acknowledged.
fn send_all(database: &FailingDatabase, request: fn(u64) -> Request) -> Vec<Option<usize>> {
    let collector = NativeCollector::new(database);
    let send = |number| {
        (1..=TRIES).find(|_| {
            let reply = collector.answer(&request(number), now());
            let is_stored = matches!(reply.status, 200 | 201);
            assert!(is_stored || reply.status == 503, "{reply:?}");
            assert!(is_stored || reply.header("Retry-After").is_some(), "{reply:?}");
            is_stored
        })
    };
    (0..SENDERS).map(send).collect()
}

#[test]
fn whatever_call_is_lost_every_lead_and_outcome_is_stored_once() {
    for fault in [Fault::BeforeCommit, Fault::AfterCommit] {
        for every in [2, 3, 10] {
            let database = FailingDatabase::new(SqliteDatabase::of_development());
            database.fault.set(fault);
            database.every.set(every);
            for request in [lead as fn(u64) -> Request, outcome] {
                let tries = send_all(&database, request);
                assert!(
                    tries.iter().all(Option::is_some),
                    "{fault:?} every {every}: {tries:?}"
                );
                assert!(
                    tries.iter().any(|tries| *tries > Some(1)),
                    "no call was lost: {fault:?} every {every}"
                );
            }
            let sqlite = database.database();
            let expected = i64::try_from(SENDERS).expect("few");
            for table in ["leads", "lead_arrivals", "outcomes"] {
                assert_eq!(
                    sqlite.rows_in(table),
                    expected,
                    "{table}: {fault:?} every {every}"
                );
            }
            let doubled = sqlite.texts("SELECT lead_id FROM leads GROUP BY lead_id HAVING count(*) > 1");
            assert!(doubled.is_empty(), "{doubled:?}");
        }
    }
}

#[test]
fn a_store_that_always_fails_is_never_acknowledged() {
    for (fault, rows) in [(Fault::BeforeCommit, 0), (Fault::AfterCommit, 60)] {
        let database = FailingDatabase::new(SqliteDatabase::of_development());
        database.fault.set(fault);
        assert_eq!(send_all(&database, lead), vec![None; 60]);
        // After the commit they are stored all the same; who sends again once it is mended is told so.
        assert_eq!(database.database().rows_in("leads"), rows);
        database.fault.set(Fault::None);
        assert_eq!(send_all(&database, lead), vec![Some(1); 60]);
        assert_eq!(database.database().rows_in("leads"), 60);
    }
}
