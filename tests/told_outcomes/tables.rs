//! Tables as somebody exported them.

use serde_json::{Value, json};
use support::native_collector::{NativeCollector, post_table};

use crate::stage::{Stage, now};

#[test]
fn a_table_is_kept_row_by_row_and_told_again_changes_nothing() {
    let stage = Stage::new();
    let lines: String = (0..2_500)
        .map(|number| format!("d{number};gewonnen;2026-11-20 14:05;G-{number}\n"))
        .collect();
    let table = format!("Record ID;Deal Stage;Close Date;Google Click ID\n{lines}");
    stage
        .database
        .database()
        .execute("UPDATE sites SET time_zone = 'Europe/Berlin'");
    let body = format!("{table}bad;gewonnen;yesterday;G-1\n");
    for (accepted, repeated) in [(2_500, 0), (0, 2_500)] {
        let request = post_table("text/csv; charset=utf-8", body.as_bytes());
        let reply = NativeCollector::new(&stage.database).answer(&request, now());
        let answer: Value = serde_json::from_slice(&reply.body).expect("JSON");
        assert_eq!(
            (
                reply.status,
                &answer["accepted"],
                &answer["repeated"],
                &answer["refused"]
            ),
            (200, &json!(accepted), &json!(repeated), &json!(1))
        );
        assert_eq!(
            answer["columns"],
            json!({"outcome_id": 1, "kind": 2, "occurred_at": 3, "gclid": 4})
        );
        let last = &answer["rows"][2_500];
        assert_eq!(
            (&last["line"], &last["code"]),
            (&json!(2_502), &json!("time_invalid"))
        );
        assert_eq!(stage.database.database().rows_in("outcomes"), 2_500);
    }
}

#[test]
fn err_a_table_that_cannot_be_taken_stores_nothing() {
    let stage = Stage::new();
    let good = "outcome_id,gclid,kind,occurred_at\nd1,G-1,won,2026-11-20T14:05:00Z\n";
    let many = format!("outcome_id,gclid\n{}", "d,G\n".repeat(7_001));
    let table: [(&str, &[u8], u16, &str); 6] = [
        ("text/csv", b"", 422, "csv_header_unknown"),
        ("text/csv", b"gclid,kind\nG-1,won\n", 422, "csv_header_unknown"),
        (
            "text/csv",
            b"outcome_id,id,amount,deal value\n",
            422,
            "csv_header_ambiguous",
        ),
        ("text/csv", b"\xff\xfeo", 422, "csv_encoding"),
        ("text/csv", many.as_bytes(), 413, "too_many_rows"),
        ("text/plain", good.as_bytes(), 415, "media_type"),
    ];
    for (content_type, body, status, code) in table {
        let reply = NativeCollector::new(&stage.database).answer(&post_table(content_type, body), now());
        let problem: Value = serde_json::from_slice(&reply.body).expect("JSON");
        assert_eq!(
            (reply.status, &problem["code"]),
            (status, &json!(code)),
            "{problem}"
        );
        assert!(
            problem["detail"].as_str().is_some_and(|detail| detail.len() > 20),
            "{problem}"
        );
    }
    assert_eq!(stage.database.database().rows_in("outcomes"), 0);
}
