//! A conversion file of anybody's, looked at before it is uploaded: what Google or Microsoft will refuse in it, line by
//! line, why, and what to do. The rules are those by which outcomes are judged ([`crate::judgement`]), and so are the
//! words; what a file can get wrong besides is its header, its times and its cells.
//!
//! What no platform has published is never called a refusal, only doubtful.

use std::borrow::Cow;
use std::collections::HashSet;

use csv::StringRecord;
use serde::Serialize;

use crate::csv_text::{CsvText, DELIMITERS, Lines, first_line, reader_of, without_separator_line};
use crate::judgement::Reason;
use crate::limits::{CHECKED_FILE_BYTES_MAX, MICROSOFT_FILE_ROWS_MAX};
use crate::timestamp::Timestamp;

mod fault;
mod file_time;
mod findings;
mod line;
mod preamble;
mod template;
mod weight;
mod windows;

use fault::Fault;
use findings::Findings;
use line::Line;
use preamble::{FileZone, Preamble};
pub use template::FileKind;
use template::{Column, Layout};
pub use weight::Weight;

/// Something about a line, or about the file as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The line of the file, from 1; 0 for the file as a whole.
    pub line: u64,
    /// The column's name in the file; empty for the line as a whole.
    pub column: String,
    /// The beginning of what stands there, as its writer wrote it. It may name a person: show it to nobody else.
    pub cell: String,
    /// How sure it is.
    pub weight: Weight,
    /// The name of the reason, for machines.
    pub code: &'static str,
    /// What is wrong, and what a person can do.
    pub advice: Cow<'static, str>,
}

/// How often one reason was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// How sure it is.
    pub weight: Weight,
    /// The name of the reason.
    pub code: &'static str,
    /// What is wrong, and what a person can do.
    pub advice: Cow<'static, str>,
    /// In how many places.
    pub findings: usize,
}

/// What a file is, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// What it was taken for.
    pub kind: &'static str,
    /// Its rows below the header.
    pub rows: usize,
    /// Rows in which nothing was found.
    pub fine: usize,
    /// Rows that the platform refuses.
    pub refused: usize,
    /// Rows that the platform takes later.
    pub later: usize,
    /// Rows that look wrong, and are not refused as far as anybody knows.
    pub doubtful: usize,
    /// Every reason, the surest and most frequent first.
    pub counts: Vec<Count>,
    /// The first findings in the order of the lines; those of the whole file first.
    pub findings: Vec<Finding>,
    /// How many further ones there are.
    pub findings_not_listed: usize,
}

/// Why a file cannot be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Nothing stands in it.
    Empty,
    /// More bytes than are looked at.
    TooLarge,
    /// No text in any encoding.
    NotText,
    /// No line names the columns of a conversion file.
    HeaderUnknown,
}

impl Unreadable {
    /// The name of the reason, for machines.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::TooLarge => "file_too_large",
            Self::NotText => "file_not_text",
            Self::HeaderUnknown => "header_unknown",
        }
    }

    /// What a person can do.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Empty => "Nothing stands in the file.",
            Self::TooLarge => "The file has more than 64 MB. Split it.",
            Self::NotText => "This is no text. Save the table as comma-separated values (CSV), in UTF-8.",
            Self::HeaderUnknown => {
                "No line names the columns of a conversion file. The first line, or the one below Parameters:TimeZone=, must name Google Click ID, Microsoft Click ID, Email or Order ID, and Conversion Name or a time."
            }
        }
    }
}

/// Looks at a file as it stands at `now`, and lists so many findings at most; the rest is counted.
///
/// # Errors
/// When it cannot be looked at.
pub fn check_file(bytes: &[u8], now: Timestamp, listed_max: usize) -> Result<FileReport, Unreadable> {
    if bytes.len() > CHECKED_FILE_BYTES_MAX {
        return Err(Unreadable::TooLarge);
    }
    let text = CsvText::read(bytes, None).ok_or(Unreadable::NotText)?;
    if text.text().trim().is_empty() {
        return Err(Unreadable::Empty);
    }
    let (said, table) = without_separator_line(text.text());
    let preamble = preamble::split(table, if said.is_some() { 2 } else { 1 });
    let (delimiter, layout) = layout_of(&preamble, said).ok_or(Unreadable::HeaderUnknown)?;
    let mut findings = Findings::new(listed_max);
    check_whole(&mut findings, &layout, &preamble, delimiter, text.is_utf8());
    let rows = check_rows(&mut findings, &layout, &preamble, delimiter, now);
    if layout.kind().is_microsofts() && rows > MICROSOFT_FILE_ROWS_MAX {
        findings.add_whole("", Weight::Refused, Fault::TooManyRows);
    }
    Ok(findings.report(layout.kind(), rows))
}

/// The delimiter with which the header names the most columns.
fn layout_of(preamble: &Preamble<'_>, said: Option<u8>) -> Option<(u8, Layout)> {
    let layouts = DELIMITERS
        .into_iter()
        .filter(|delimiter| said.is_none_or(|said| said == *delimiter));
    let layouts = layouts.filter_map(|delimiter| {
        let header = first_line(preamble.table, delimiter);
        Layout::of(&header, preamble.has_parameters).map(|layout| (delimiter, layout))
    });
    // The first of those that know the most, and the comma goes first.
    layouts.reduce(|best, other| {
        if other.1.known() > best.1.known() {
            other
        } else {
            best
        }
    })
}

fn check_whole(
    findings: &mut Findings,
    layout: &Layout,
    preamble: &Preamble<'_>,
    delimiter: u8,
    is_utf8: bool,
) {
    let kind = layout.kind();
    if !is_utf8 {
        findings.add_whole("", Weight::Doubtful, Fault::NotUtf8);
    }
    // The Data Manager fetches .tsv too.
    if delimiter != b',' && !(kind == FileKind::GoogleDataManager && delimiter == b'\t') {
        findings.add_whole("", Weight::Doubtful, Fault::OtherDelimiter);
    }
    if matches!(preamble.zone, FileZone::Unknown) {
        findings.add_whole("", Weight::Refused, Fault::ZoneUnknown);
    }
    for column in layout.missing() {
        findings.add_whole(layout.name(column), Weight::Refused, Fault::ColumnMissing);
    }
    for name in layout.repeated() {
        findings.add_whole(name, Weight::Doubtful, Fault::ColumnRepeated);
    }
    if kind == FileKind::GoogleDataManager {
        for name in layout.renamed() {
            findings.add_whole(name, Weight::Doubtful, Fault::ColumnRenamed);
        }
        return;
    }
    // Only for the one template Google's help page says that nothing else may stand in it.
    let weight = if kind == FileKind::GoogleClicks {
        Weight::Refused
    } else {
        Weight::Doubtful
    };
    for name in layout.renamed() {
        findings.add_whole(name, weight, Fault::ColumnRenamed);
    }
    for name in layout.unknown() {
        findings.add_whole(name, weight, Fault::ColumnUnknown);
    }
    for column in [Column::Gbraid, Column::Wbraid] {
        if layout.has(column) {
            findings.add_whole(layout.name(column), Weight::Doubtful, Reason::BraidOnly);
        }
    }
}

/// Answers how many rows there are; a line of empty cells is none.
fn check_rows(
    findings: &mut Findings,
    layout: &Layout,
    preamble: &Preamble<'_>,
    delimiter: u8,
    now: Timestamp,
) -> usize {
    let mut reader = reader_of(preamble.table, delimiter);
    let mut lines = Lines::from(preamble.table, preamble.line);
    let mut record = StringRecord::new();
    let mut seen = HashSet::new();
    let mut rows = 0;
    let _ = reader.read_record(&mut record);
    while reader.read_record(&mut record).unwrap_or(false) {
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        rows += 1;
        let number = record.position().map_or(0, |place| lines.line_at(place.byte()));
        findings.begin_row(number);
        let zone = preamble.zone.zone();
        let line = Line {
            layout,
            record: &record,
            zone,
            now,
        };
        if line.fits(findings) {
            line.check(findings);
            if !seen.insert(line.key()) {
                let weight = line.weight_of_repetition();
                findings.add("", "", weight, Fault::RowRepeated);
            }
        }
        findings.end_row();
    }
    rows
}

#[cfg(test)]
mod tests;
