//! What nobody should hand to the checker: the corpora of bad input, and whatever a generator thinks of. Every file ends in a
//! report whose numbers add up, or in a stated reason why there is none.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::path::PathBuf;

use attribution::file_check::{FileReport, Unreadable, check_file};
use attribution::limits::CHECKED_CELL_CHARACTERS_MAX;
use attribution::pasted_id::check_pasted;
use attribution::timestamp::Timestamp;
use proptest::prelude::*;
use support::corpora;

const LISTED_MAX: usize = 50;

/// A header of every template.
const HEADERS: [&str; 6] = [
    "Google Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency,Order ID,Ad User Data,Ad Personalization",
    "Email,Phone Number,Conversion Name,Conversion Time,Conversion Value,Conversion Currency,Ad User Data,Order ID,Google Click ID",
    "Google Click ID,GBRAID,WBRAID,Email,Phone Number,Conversion Name,Conversion Time,Conversion Value,Conversion Currency,Order ID",
    "Order ID,Conversion Name,Adjustment Time,Adjustment Type,Adjusted Value,Adjusted Value Currency",
    "Microsoft Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency,Hashed Email Address,Hashed Phone Number",
    "Microsoft Click ID,Conversion Name,Conversion Time,Adjustment Value,Adjustment Currency,Adjustment Type,Adjustment Time",
];

fn now() -> Timestamp {
    Timestamp::from_rfc3339("2026-11-23T12:00:00Z").expect("a moment")
}

fn check(bytes: &[u8]) -> Option<FileReport> {
    match check_file(bytes, now(), LISTED_MAX) {
        Ok(report) => {
            add_up(&report);
            Some(report)
        }
        Err(unreadable) => {
            assert!(!unreadable.advice().is_empty() && !unreadable.code().is_empty());
            None
        }
    }
}

/// Every row is of one kind, every finding is listed or counted, and lines go upwards.
fn add_up(report: &FileReport) {
    let FileReport {
        rows,
        fine,
        refused,
        later,
        doubtful,
        ..
    } = report;
    assert_eq!(*rows, fine + refused + later + doubtful);
    let all: usize = report.counts.iter().map(|count| count.findings).sum();
    assert_eq!(all, report.findings.len() + report.findings_not_listed);
    assert!(report.findings.is_sorted_by_key(|finding| finding.line));
    for finding in &report.findings {
        assert!(finding.cell.chars().count() <= CHECKED_CELL_CHARACTERS_MAX);
        assert!(!finding.advice.is_empty());
    }
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

#[test]
fn every_naughty_string_in_every_column_of_every_template() {
    for text in corpora::naughty_strings().iter().chain(&corpora::sql_probes()) {
        for header in HEADERS {
            let columns = header.split(',').count();
            let cells = vec![quoted(text); columns];
            let report = check(format!("{header}\n{}\n", cells.join(",")).as_bytes());
            // A byte that no text has makes the file no text; cells of blanks make a line that is none.
            if let Some(report) = report.filter(|report| report.rows > 0) {
                assert_eq!((report.rows, report.fine), (1, 0), "{text:?}");
            }
        }
        for pasted in check_pasted(text, now()) {
            assert!(pasted.id.chars().count() <= CHECKED_CELL_CHARACTERS_MAX);
        }
    }
}

#[test]
fn every_file_of_the_corpora_is_looked_at_or_said_to_be_unreadable() {
    let Some(folder) = std::env::var_os("THROUGHLINE_CORPORA").map(PathBuf::from) else {
        println!("THROUGHLINE_CORPORA is not set, so its files are left out");
        return;
    };
    let mut folders = vec![folder];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&path).expect("a file");
            check(&bytes);
            for header in HEADERS {
                check(&[header.as_bytes(), b"\n", &bytes].concat());
            }
            if let Ok(text) = std::str::from_utf8(&bytes) {
                for line in text.lines() {
                    let _ = check_pasted(line, now());
                }
            }
        }
    }
    assert!(files > 20, "{files}");
}

/// Bytes out of which a conversion file could be made.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let word = |text: &'static str| Just(text.as_bytes().to_vec());
    let piece = prop_oneof![
        proptest::sample::select(HEADERS.to_vec()).prop_map(|header| header.as_bytes().to_vec()),
        word("Parameters:TimeZone=Europe/Berlin\n"),
        word("Google Click ID"),
        word("Conversion Time"),
        word("Order ID"),
        word("EAIaIQobChMIwK-LrI-CmAMVDHJCGR002_BIEAAYCCAAEgJ1PvD_BwE"),
        word("2026-11-20 14:05:00+0100"),
        word("11/20/2026 2:05:00 PM"),
        word("+01:00"),
        word("Restate"),
        word(","),
        word(";"),
        word("\""),
        word("\r\n"),
        word("\n"),
        word("#"),
        word("sep=;\n"),
        word("\u{feff}"),
        Just(b"\xff\xfe".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..6),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_end_in_a_report_or_in_a_reason(bytes in pieces()) {
        check(&bytes);
    }

    #[test]
    fn any_cells_end_in_a_report(header in proptest::sample::select(HEADERS.to_vec()), cells in proptest::collection::vec(any::<String>(), 0..12)) {
        let row: Vec<String> = cells.iter().map(|cell| quoted(&cell.replace('\0', ""))).collect();
        check(format!("{header}\n{}\n", row.join(",")).as_bytes());
    }

    #[test]
    fn any_text_may_be_pasted(text in any::<String>()) {
        for pasted in check_pasted(&text, now()) {
            prop_assert!(pasted.id.chars().count() <= CHECKED_CELL_CHARACTERS_MAX);
        }
    }
}

#[test]
fn a_file_of_nothing_but_quotes_and_one_of_a_single_line_take_no_longer_than_others() {
    for text in [
        "\"".repeat(4_000_000),
        "a,".repeat(2_000_000),
        "#\n".repeat(200_000),
        "\n".repeat(4_000_000),
    ] {
        let began = std::time::UNIX_EPOCH.elapsed().expect("a clock");
        assert!(matches!(
            check_file(text.as_bytes(), now(), LISTED_MAX),
            Err(Unreadable::HeaderUnknown | Unreadable::Empty)
        ));
        check(format!("{}\n{text}", HEADERS[0]).as_bytes());
        let took = std::time::UNIX_EPOCH.elapsed().expect("a clock") - began;
        assert!(took.as_secs() < 30, "{took:?}");
    }
}
