//! docs/threats.md names every threat, and files that are there.

#![allow(clippy::panic, clippy::expect_used, reason = "tests fail by panicking")]

use std::path::Path;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Files that a line names in backticks.
fn files_named(line: &str) -> impl Iterator<Item = &str> {
    let quoted = line.split('`').skip(1).step_by(2);
    quoted.filter(|text| text.ends_with(".rs") || text.ends_with(".js") || text.ends_with(".toml"))
}

#[test]
fn every_threat_has_its_line_and_every_file_of_it_is_there() {
    let text = std::fs::read_to_string(root().join("docs/threats.md")).expect("the list of threats");
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| T")).collect();
    let numbers: Vec<String> = rows
        .iter()
        .map(|row| row.split('|').nth(1).unwrap_or_default().trim().to_owned())
        .collect();
    let expected: Vec<String> = (1..=37).map(|number| format!("T{number}")).collect();
    assert_eq!(numbers, expected);
    for row in rows {
        assert_eq!(row.matches(" | ").count(), 3, "{row}");
        for file in files_named(row) {
            let is_there = ["", "crates", "tests"]
                .iter()
                .any(|folder| root().join(folder).join(file).is_file());
            assert!(is_there, "{file} is not there: {row}");
        }
    }
}
