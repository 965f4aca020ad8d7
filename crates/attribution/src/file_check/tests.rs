use super::*;

mod lines; // what each line of each template may say

const GCLID: &str = "EAIaIQobChMIwK-LrI-CmAMVDHJCGR002_BIEAAYCCAAEgJ1PvD_BwE";
const MSCLKID: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const HASH: &str = "d00d0a7c0d0fd64db2b1c40a32a0a2f84f8ad9a42fd4a4df3ec6e7d8f44e8ec2";
const TIME: &str = "2026-11-20 14:05:00+0100";

fn report_of(text: &str) -> FileReport {
    let now = Timestamp::from_rfc3339("2026-11-23T12:00:00Z").expect("a moment");
    check_file(text.as_bytes(), now, 100).expect("a file that is looked at")
}

fn unreadable(bytes: &[u8]) -> Unreadable {
    check_file(bytes, Timestamp::EPOCH, 100).expect_err("a file that is not looked at")
}

/// Line, column, weight and code of every finding.
fn findings(text: &str) -> Vec<String> {
    let report = report_of(text);
    let told = report.findings.iter().map(|finding| {
        let Finding {
            line,
            column,
            weight,
            code,
            ..
        } = finding;
        format!("{line} {column}: {} {code}", weight.name())
    });
    told.collect()
}

/// Each row below the header, and the one finding in it; none where it is empty.
fn check(header: &str, rows: &[(&str, &str)]) {
    for (row, expected) in rows {
        let expected: Vec<String> = if expected.is_empty() {
            Vec::new()
        } else {
            vec![format!("2 {expected}")]
        };
        assert_eq!(findings(&format!("{header}\n{row}\n")), expected, "{row}");
    }
}

const CLICKS: &str = "Google Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency,Order ID,Ad User Data";

#[test]
fn our_own_files_are_found_fine() {
    for (file, kind, rows) in [
        (
            include_str!("../../../../tests/golden/google/legacy.csv"),
            FileKind::GoogleClicks,
            2,
        ),
        (
            include_str!("../../../../tests/golden/google/enhanced_leads.csv"),
            FileKind::GoogleLeads,
            2,
        ),
        (
            include_str!("../../../../tests/golden/google/data_manager.csv"),
            FileKind::GoogleDataManager,
            2,
        ),
        (
            include_str!("../../../../tests/golden/google/adjustments.csv"),
            FileKind::GoogleAdjustments,
            2,
        ),
        (
            include_str!("../../../../tests/golden/microsoft/offline_conversions.csv"),
            FileKind::MicrosoftConversions,
            2,
        ),
        (
            include_str!("../../../../tests/golden/microsoft/adjustments.csv"),
            FileKind::MicrosoftAdjustments,
            2,
        ),
    ] {
        let report = report_of(file);
        assert_eq!(report.kind, kind.name());
        assert!(report.rows >= rows, "{kind:?}");
        let refused =
            |finding: &&Finding| finding.weight != Weight::Doubtful && finding.code != "row_repeated";
        let refusals: Vec<&Finding> = report.findings.iter().filter(refused).collect();
        assert_eq!(refusals, Vec::<&Finding>::new(), "{kind:?}");
    }
}

#[test]
fn the_files_zone_counts_where_a_time_has_none() {
    let file = |zone: &str| {
        format!(
            "Parameters:TimeZone={zone}\nGoogle Click ID,Conversion Name,Conversion Time\n{GCLID},Sale,2026-11-23 12:30:00\n"
        )
    };
    // Half past twelve in Berlin is half an hour ago in London.
    for zone in ["Europe/Berlin", "+0100", "+0100,,", "Europe/Berlin;\r"] {
        assert_eq!(findings(&file(zone)), Vec::<String>::new(), "{zone}");
    }
    assert_eq!(
        findings(&file("+0000")),
        ["3 Conversion Time: refused conversion_in_future"]
    );
    assert_eq!(
        findings(&file("Mars")),
        [
            "0 : refused zone_unknown",
            "3 Conversion Time: refused time_without_offset"
        ]
    );
}

#[test]
fn the_file_as_a_whole() {
    let header = "Google Click ID,Conversion Name,Conversion Time";
    let row = format!("{GCLID},Sale,{TIME}");
    for (text, expected) in [
        (
            format!("{header},Name of customer\n"),
            vec!["0 Name of customer: refused column_unknown"],
        ),
        (format!("{header},\n{row},\n"), vec![]),
        (
            "Google Click ID,Conversion Name\n".to_owned(),
            vec!["0 Conversion Time: refused column_missing"],
        ),
        (
            format!("{header},Conversion Time\n"),
            vec!["0 Conversion Time: doubtful column_repeated"],
        ),
        (
            format!("Parameters:TimeZone=+0000\n{header}\n").replace("Google Click ID", "gclid"),
            vec!["0 gclid: refused column_renamed"],
        ),
        (
            format!("{header},GBRAID\n").replace("Google", "Parameters:\nGoogle"),
            vec!["0 GBRAID: doubtful braid_only"],
        ),
        (
            format!("{header}\n{row}\n\n{row}\n"),
            vec!["4 : refused row_repeated"],
        ),
        (
            format!("{header}\n{row}\n").replace(',', ";"),
            vec!["0 : doubtful other_delimiter"],
        ),
        (
            format!("sep=;\n{}", format!("{header}\n{row}x\n").replace(',', ";")),
            vec![
                "0 : doubtful other_delimiter",
                "3 Conversion Time: refused time_invalid",
            ],
        ),
        (
            format!("\u{feff}### a note\r\n\r\n{header}\r\n,Sale,{TIME}\r\n"),
            vec!["4 Google Click ID: refused identifier_missing"],
        ),
    ] {
        assert_eq!(findings(&text), expected, "{text}");
    }
    let (latin, _, _) = encoding_rs::WINDOWS_1252
        .encode("Google Click ID,Conversion Name,Conversion Time\n,Verkäufe abgeschlossen für März,x\n");
    let report = check_file(&latin, Timestamp::EPOCH, 100).expect("a report");
    assert_eq!(report.findings[0].code, "not_utf8");
}

#[test]
fn a_file_that_cannot_be_looked_at_is_said_to_be_so() {
    assert_eq!(unreadable(b""), Unreadable::Empty);
    assert_eq!(unreadable(b"\xef\xbb\xbf \r\n"), Unreadable::Empty);
    assert_eq!(unreadable(b"a,b\n1,2\n"), Unreadable::HeaderUnknown);
    assert_eq!(
        unreadable(b"Parameters:TimeZone=+0000\n"),
        Unreadable::HeaderUnknown
    );
    assert_eq!(unreadable(b"PK\x03\x04\x00\x00\x08\x00"), Unreadable::NotText);
    assert_eq!(
        unreadable(&vec![b'a'; CHECKED_FILE_BYTES_MAX + 1]),
        Unreadable::TooLarge
    );
}

#[test]
fn every_row_is_counted_and_the_first_findings_are_listed() {
    let bad = format!(",Sale,{TIME}\n").repeat(300);
    let text = format!(
        "Google Click ID,Conversion Name,Conversion Time\n{GCLID},Sale,{TIME}\nundefined,,{TIME}\n{bad}"
    );
    let now = Timestamp::from_rfc3339("2026-11-23T12:00:00Z").expect("a moment");
    let report = check_file(text.as_bytes(), now, 10).expect("a report");
    assert_eq!(
        (report.rows, report.fine, report.refused, report.doubtful),
        (302, 1, 301, 0)
    );
    assert_eq!(report.findings.len(), 10);
    let counts: Vec<(&str, usize)> = report
        .counts
        .iter()
        .map(|count| (count.code, count.findings))
        .collect();
    assert_eq!(
        counts,
        [
            ("identifier_missing", 300),
            ("row_repeated", 299),
            ("name_missing", 1),
            ("not_an_id", 1)
        ]
    );
    let all: usize = report.counts.iter().map(|count| count.findings).sum();
    assert_eq!(report.findings.len() + report.findings_not_listed, all);
    let first = &report.findings[0];
    assert_eq!(
        (first.line, first.cell.as_str(), first.column.as_str()),
        (3, "undefined", "Google Click ID")
    );
}

#[test]
fn more_rows_than_microsoft_takes() {
    let row = format!("{MSCLKID},Sale,{TIME}\n");
    let file = |rows| {
        format!(
            "Microsoft Click ID,Conversion Name,Conversion Time\n{}",
            row.repeat(rows)
        )
    };
    let codes = |rows| {
        report_of(&file(rows))
            .findings
            .first()
            .map(|finding| finding.code)
    };
    assert_eq!(codes(MICROSOFT_FILE_ROWS_MAX), Some("row_repeated"));
    assert_eq!(codes(MICROSOFT_FILE_ROWS_MAX + 1), Some("too_many_rows"));
}
