//! How SQLite runs each statement: what grows with the leads is never read whole, unless it says here why.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeMap;
use std::path::Path;

use support::sqlite_database::SqliteDatabase;

/// Tables that grow with every lead or outcome.
const GROWING: [&str; 6] = [
    "leads",
    "lead_arrivals",
    "outcomes",
    "outcome_changes",
    "deliveries",
    "webhook_events",
];

/// Statements that read such a table whole, and why that is right.
const WHOLE: [(&str, &str); 5] = [
    (
        "count_waiting_outcomes",
        "the index holds only those that wait, and it stops at ten thousand",
    ),
    ("delete_deliveries_of_person", "an erasure is rare"),
    ("purge_deliveries", "once a night"),
    ("purge_outcome_changes", "once a night"),
    ("purge_webhook_events", "once a night"),
];

/// What SQLite says of a statement: the tables that it reads from one end to the other.
fn read_whole(database: &SqliteDatabase, sql: &str) -> Vec<String> {
    let plan = database.texts(&format!("EXPLAIN QUERY PLAN {sql}"));
    let details = plan.into_iter().map(|step| step[3].clone());
    details
        .filter(|detail| {
            let mut words = detail.split_whitespace();
            let is_scan = words.next() == Some("SCAN");
            let table = words.next().unwrap_or_default();
            is_scan && GROWING.contains(&table)
        })
        .collect()
}

#[test]
fn no_statement_reads_a_growing_table_whole_without_a_reason() {
    let database = SqliteDatabase::migrated();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/collector/src/store/queries");
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        let sql = std::fs::read_to_string(&path).expect("a statement");
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("a name")
            .to_owned();
        let scans = read_whole(&database, &sql);
        if !scans.is_empty() {
            found.insert(name, scans);
        }
    }
    let allowed: Vec<&str> = WHOLE.iter().map(|(name, _)| *name).collect();
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(names, allowed, "{found:#?}");
}
