//! How SQLite runs each statement: what grows with the leads is never read whole, unless it says here why.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
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

/// Every statement of the store: its name and its text.
fn statements() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/collector/src/store/queries");
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().and_then(|name| name.to_str());
        let sql = std::fs::read_to_string(&path).expect("a statement");
        (name.expect("a name").to_owned(), sql)
    };
    std::fs::read_dir(folder).expect("the folder").map(read).collect()
}

/// The steps that read a growing table from one end to the other, whatever the statement calls it.
fn read_whole(database: &SqliteDatabase, sql: &str) -> Vec<String> {
    let is_growing = |name: &str| {
        let mut growing = GROWING.iter();
        growing.any(|table| *table == name || sql.contains(&format!("{table} AS {name}\n")))
    };
    let mut steps = database.plan(sql);
    steps.retain(|step| {
        let mut words = step.split_whitespace();
        words.next() == Some("SCAN") && words.next().is_some_and(is_growing)
    });
    steps
}

#[test]
fn no_statement_reads_a_growing_table_whole_without_a_reason() {
    let database = SqliteDatabase::migrated();
    let mut found = BTreeMap::new();
    for (name, sql) in statements() {
        let scans = read_whole(&database, &sql);
        if !scans.is_empty() {
            found.insert(name, scans);
        }
    }
    let allowed: Vec<&str> = WHOLE.iter().map(|(name, _)| *name).collect();
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(names, allowed, "{found:#?}");
}

#[test]
fn a_statement_reads_through_the_view_by_the_keys_of_its_tables() {
    let database = SqliteDatabase::migrated();
    let mut readers = BTreeSet::new();
    for (name, sql) in statements() {
        if !sql.contains("outcomes_with_leads") {
            continue;
        }
        // A view that is made before it is read (MATERIALIZE, CO-ROUTINE), or sorted (USE TEMP B-TREE), is read whole.
        for step in database.plan(&sql) {
            let is_search = step.starts_with("SEARCH ") || step.starts_with("CORRELATED SCALAR SUBQUERY");
            let is_of_list = ["LIST SUBQUERY", "SCAN json_each ", "CREATE BLOOM FILTER"]
                .iter()
                .any(|start| step.starts_with(start));
            assert!(is_search || is_of_list, "{name}: {step}");
        }
        readers.insert(name);
    }
    let expected = [
        "page_outcomes_not_given",
        "page_outcomes_with_leads",
        "read_due_deliveries",
        "read_outcomes_with_leads",
    ];
    assert_eq!(readers, expected.map(str::to_owned).into());
}
