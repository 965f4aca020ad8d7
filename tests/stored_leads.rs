//! What the store gives back of a lead, beyond the JSON that it was sent as.

#![allow(clippy::panic, clippy::expect_used, reason = "tests fail by panicking")]

use attribution::limits::USER_AGENT_BYTES_MAX;
use attribution::timestamp::{DAY_MS, Timestamp};
use collector::destination::DestinationRow;
use collector::request::Request;
use collector::store::Store;
use futures_util::FutureExt;
use serde_json::json;
use support::failing_database::FailingDatabase;
use support::native_collector::{NativeCollector, post_lead, post_outcomes};
use support::sqlite_database::SqliteDatabase;

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
        let destination = destination.and_then(DestinationRow::settings).expect("settings");
        let since = now().plus_ms(-90 * DAY_MS);
        store
            .page_of_outcomes(&destination, "", since)
            .await
            .expect("a page")
    };
    let mut page = page.now_or_never().expect("SQLite answers at once");
    let (_, lead) = page.pop().expect("the outcome");
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
