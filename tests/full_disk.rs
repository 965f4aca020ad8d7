//! A disk that fills up under the store, by SQLite's own limit of pages: nothing is acknowledged while it is full, and
//! everything goes on when there is room again. `worker/full_disk.rs` does it with a real disk.

#![allow(clippy::panic, clippy::expect_used, reason = "tests fail by panicking")]

use attribution::lead_id::LeadId;
use attribution::timestamp::Timestamp;
use collector::reply::Reply;
use serde_json::json;
use support::failing_database::FailingDatabase;
use support::native_collector::{NativeCollector, post_lead};
use support::sqlite_database::SqliteDatabase;

/// Leads that are sent while the disk is full.
const SENT_IN_VAIN: u64 = 200;

#[test]
fn nothing_is_acknowledged_while_the_disk_is_full_and_everything_once_there_is_room() {
    let database = FailingDatabase::new(SqliteDatabase::of_development());
    let sqlite = database.database();
    let collector = NativeCollector::new(&database);
    let send = |number: u64| -> Reply {
        let lead_id = LeadId::from_random([number, number]);
        let lead = json!({"v": 1, "site": "default", "lead_id": lead_id.as_str(), "submitted_at": "2026-11-18T09:10:00Z",
            "script": "x".repeat(200), "consent": {"ad_storage": "granted"}});
        let request = post_lead("http://localhost:8787", lead.to_string().as_bytes());
        collector.answer(&request, Timestamp::from_ms(1_795_435_200_000))
    };
    let pages = sqlite.texts("PRAGMA page_count");
    let pages: u64 = pages.concat().concat().parse().expect("a number");
    sqlite.execute(&format!("PRAGMA max_page_count = {}", pages + 10));
    let stored = (0..).take_while(|number| send(*number).status == 201).count();
    assert!(stored > 10, "{stored}");
    let rows = sqlite.rows_in("leads");
    assert_eq!(usize::try_from(rows), Ok(stored));

    let first = u64::try_from(stored).expect("few");
    for number in first..first + SENT_IN_VAIN {
        let reply = send(number);
        assert_eq!((reply.status, reply.code), (503, Some("storage_unavailable")));
        assert_eq!(reply.header("Retry-After"), Some("5"));
    }
    // Who repeats what is stored is told so, because that needs no room.
    assert_eq!(send(0).status, 200);
    assert_eq!(sqlite.rows_in("leads"), rows);

    sqlite.execute("PRAGMA max_page_count = 100000");
    for number in first..first + SENT_IN_VAIN {
        assert_eq!(send(number).status, 201);
    }
    let all = rows + i64::try_from(SENT_IN_VAIN).expect("few");
    assert_eq!(
        (sqlite.rows_in("leads"), sqlite.rows_in("lead_arrivals")),
        (all, all)
    );
    assert_eq!(sqlite.texts("PRAGMA integrity_check"), [["ok"]]);
}
