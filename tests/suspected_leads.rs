//! Leads of robots: kept with the reason, and never delivered. Leads of people are not taken for theirs.

#![allow(clippy::panic, clippy::expect_used, reason = "tests fail by panicking")]

use std::path::PathBuf;

use attribution::lead::ReceivedLead;
use attribution::stored_lead::StoredLead;
use attribution::suspicion::Suspicion;
use attribution::timestamp::Timestamp;
use collector::request::Request;
use serde_json::{Value, json};
use support::failing_database::FailingDatabase;
use support::native_collector::{NativeCollector, get_feed, post_lead, post_outcomes};
use support::sqlite_database::SqliteDatabase;

const PERSON: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";

/// 2026-11-23T12:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
}

fn lead(submitted_at: &str) -> Value {
    json!({"v": 1, "site": "default", "lead_id": "7K3M9QXA2F4HJK5NR", "form": {"id": "contact"},
        "submitted_at": submitted_at,
        "touches": [{"at": "2026-11-18T09:00:00Z", "ids": {"gclid": "Cj0KCQ"}}],
        "consent": {"ad_storage": "granted", "ad_user_data": "granted"}})
}

#[test]
fn a_robots_lead_is_kept_with_the_reason_and_left_out_of_the_file() {
    let outcome = r#"{"outcome_id":"d1","lead_id":"7K3M9QXA2F4HJK5NR","kind":"won","occurred_at":"2026-11-20T14:05:00Z"}"#;
    let table = [
        (PERSON, "2026-11-18T09:10:00Z", ""),
        ("", "2026-11-18T09:10:00Z", ""),
        (
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "2026-11-18T09:10:00Z",
            "crawler",
        ),
        (
            "Mozilla/5.0 (X11) HeadlessChrome/156.0.0.0",
            "2026-11-18T09:10:00Z",
            "headless_browser",
        ),
        ("curl/8.5.0", "2026-11-18T09:10:00Z", "program"),
        (PERSON, "2026-11-18T09:00:00.100Z", "too_fast"),
    ];
    for (user_agent, submitted_at, suspicion) in table {
        let database = FailingDatabase::new(SqliteDatabase::of_development());
        let collector = NativeCollector::new(&database);
        let request = Request {
            user_agent: Some(user_agent.to_owned()),
            ..post_lead("http://localhost:8787", lead(submitted_at).to_string().as_bytes())
        };
        // A robot learns nothing from the answer.
        assert_eq!(collector.answer(&request, now()).status, 201, "{user_agent}");
        assert_eq!(collector.answer(&post_outcomes(outcome), now()).status, 200);
        let stored = database
            .database()
            .texts("SELECT coalesce(suspicion, '') FROM leads");
        assert_eq!(stored, [[suspicion]], "{user_agent}");
        let feed = collector.answer(&get_feed(), now());
        let expected = if suspicion.is_empty() {
            (Some("1"), None)
        } else {
            (Some("0"), Some("lead_suspected=1"))
        };
        let said = (
            feed.header("Throughline-Rows"),
            feed.header("Throughline-Left-Out"),
        );
        assert_eq!(said, expected, "{user_agent}");
    }
}

/// The list holds a few programs among its browsers, and two of them name themselves so.
#[test]
fn hardly_a_real_browser_is_taken_for_a_robot() {
    let Some(folder) = std::env::var_os("THROUGHLINE_CORPORA").map(PathBuf::from) else {
        println!("THROUGHLINE_CORPORA is not set, so no list of browsers is read");
        return;
    };
    let list = std::fs::read_to_string(folder.join("bots/browser-ua.yml")).expect("the list of browsers");
    let browsers: Vec<&str> = list
        .lines()
        .filter_map(|line| line.strip_prefix("  - "))
        .map(|line| line.trim_matches(['\'', '"']))
        .collect();
    assert!(browsers.len() > 500, "{}", browsers.len());
    let lead = lead("2026-11-18T09:10:00Z").to_string();
    let suspicion = |user_agent: &&str| -> Option<Suspicion> {
        let lead = ReceivedLead::from_json(lead.as_bytes()).expect("JSON").accept();
        let lead = StoredLead::new(lead.expect("a lead"), now());
        lead.with_user_agent(user_agent).suspected(false).suspicion()
    };
    let suspected: Vec<&str> = browsers
        .iter()
        .copied()
        .filter(|user_agent| suspicion(user_agent).is_some())
        .collect();
    println!("{} of {} browsers are suspected", suspected.len(), browsers.len());
    assert!(suspected.len() * 1_000 <= browsers.len() * 5, "{suspected:#?}");
}
