//! Outcomes in a table, as CRMs and spreadsheets export them: any delimiter, any encoding, columns in any order.
//!
//! Nothing about the file is asked, because the person who exported it does not know. The encoding is UTF-8 when the
//! bytes are, else the one that the sender names, else the one that the bytes look like. The delimiter is the one with
//! which the first line names the most columns that we know.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use csv::{ByteRecord, Reader, ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, UTF_8};

use super::csv_header::{Columns, columns_of};
use super::row::{Cell, ReceivedRow, Row, Spelling};
use super::{BatchRefusal, OutcomeRefusal};
use crate::limits::OUTCOMES_PER_CSV_MAX;
use crate::time_zone::TimeZone;

/// What parts the columns of tables: of English spreadsheets, of those where the comma is in the numbers, of those
/// that were copied, and of databases.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// The whole table as text.
#[derive(Debug)]
pub struct CsvText<'a>(Cow<'a, str>);

/// The rows of a table, read one after the other.
#[derive(Debug)]
pub struct CsvRows<'a> {
    reader: Reader<&'a [u8]>,
    columns: Columns,
    lines: Lines<'a>,
}

/// Counts lines as people do. The library takes the end of a line in two characters for the begin of the next.
#[derive(Debug)]
struct Lines<'a> {
    rest: &'a str,
    /// How many bytes were counted.
    place: usize,
    line: u64,
}

impl<'a> CsvText<'a> {
    /// Decodes a table. `charset` is what the sender calls the encoding, if it says so.
    ///
    /// # Errors
    /// [`BatchRefusal::CsvEncoding`] where the bytes are no text in the encoding that they look like.
    pub fn decode(body: &'a [u8], charset: Option<&str>) -> Result<Self, BatchRefusal> {
        let (text, _, has_errors) = encoding_of(body, charset).decode(body);
        if has_errors || text.contains('\0') {
            Err(BatchRefusal::CsvEncoding)
        } else {
            Ok(Self(text))
        }
    }

    /// Reads the first line, and counts the others.
    ///
    /// # Errors
    /// When the first line names no outcome_id or one name twice, or when there are too many rows.
    pub fn rows(&self) -> Result<CsvRows<'_>, BatchRefusal> {
        let (said, text) = without_separator_line(&self.0);
        let (delimiter, columns) = match said {
            Some(delimiter) => (delimiter, columns_of(&first_line(text, delimiter))?),
            None => best_delimiter(text)?,
        };
        let mut reader = reader_of(text, delimiter);
        let mut record = ByteRecord::new();
        let mut rows = 0_usize;
        while reader.read_byte_record(&mut record).unwrap_or(false) {
            rows += 1;
        }
        if rows.saturating_sub(1) > OUTCOMES_PER_CSV_MAX {
            return Err(BatchRefusal::TooManyRows {
                rows_max: OUTCOMES_PER_CSV_MAX,
            });
        }
        let mut reader = reader_of(text, delimiter);
        let _ = reader.read_byte_record(&mut record);
        Ok(CsvRows {
            reader,
            columns,
            lines: Lines {
                rest: text,
                place: 0,
                line: if said.is_some() { 2 } else { 1 },
            },
        })
    }
}

impl CsvRows<'_> {
    /// Which column was taken for which name, counted from 1.
    #[must_use]
    pub fn columns(&self) -> BTreeMap<&'static str, usize> {
        self.columns.numbers()
    }

    /// The next rows, at most so many; none at the end. A line of empty cells is no row. `zone` is where the site's
    /// clocks hang, if the site has said so.
    #[must_use]
    pub fn next_rows(&mut self, rows_max: usize, zone: Option<&TimeZone>) -> Vec<ReceivedRow> {
        let mut rows = Vec::new();
        let mut record = StringRecord::new();
        while rows.len() < rows_max && self.reader.read_record(&mut record).unwrap_or(false) {
            if record.iter().any(|cell| !cell.trim().is_empty()) {
                let place = record.position().map(csv::Position::byte);
                let line = place.map(|place| self.lines.line_at(place));
                let row = self.row(&record, zone);
                rows.push(ReceivedRow { line, ..row });
            }
        }
        rows
    }

    /// More or fewer cells than columns come from a delimiter or a quotation mark inside a value, and then no cell can be
    /// trusted to stand under its name.
    fn row(&self, record: &StringRecord, zone: Option<&TimeZone>) -> ReceivedRow {
        if record.len() != self.columns.count() {
            return ReceivedRow::unreadable(OutcomeRefusal::ColumnsMismatch);
        }
        let mut row = Row::new(Spelling::Spreadsheet);
        for (name, place) in self.columns.named() {
            let cell = record.get(place).unwrap_or_default().trim();
            // The header names each name once.
            let _ = row.add(name, Cell::Text(Cow::Borrowed(cell)));
        }
        row.read(zone)
    }
}

impl Lines<'_> {
    /// The line of what stands behind the line ends at this place, which is none before the last one asked for.
    fn line_at(&mut self, place: u64) -> u64 {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let behind = |rest: &str, skipped: usize| {
            let rest = rest.get(skipped..).unwrap_or_default();
            rest.len() - rest.trim_start_matches(['\r', '\n']).len()
        };
        let skipped = place.saturating_sub(self.place).min(self.rest.len());
        let length = skipped + behind(self.rest, skipped);
        let (passed, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        let ends = passed.matches("\r\n").count();
        let single = passed.matches(['\r', '\n']).count() - 2 * ends;
        self.line += (ends + single) as u64;
        self.place += passed.len();
        self.rest = rest;
        self.line
    }
}

fn encoding_of(body: &[u8], charset: Option<&str>) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(body) {
        return encoding;
    }
    if std::str::from_utf8(body).is_ok() {
        return UTF_8;
    }
    let named = charset.and_then(|label| Encoding::for_label(label.as_bytes()));
    named.filter(|encoding| *encoding != UTF_8).unwrap_or_else(|| {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(body, true);
        detector.guess(None, Utf8Detection::Deny)
    })
}

/// Some spreadsheets say their delimiter in a line of its own, `sep=;`.
fn without_separator_line(text: &str) -> (Option<u8>, &str) {
    let Some((first, rest)) = text.split_once('\n') else {
        return (None, text);
    };
    match first
        .trim_end_matches('\r')
        .strip_prefix("sep=")
        .map(str::as_bytes)
    {
        Some([delimiter]) => (Some(*delimiter), rest),
        _ => (None, text),
    }
}

fn best_delimiter(text: &str) -> Result<(u8, Columns), BatchRefusal> {
    let mut best = Err(BatchRefusal::CsvHeaderUnknown);
    let mut known_max = 0;
    for delimiter in DELIMITERS {
        let columns = columns_of(&first_line(text, delimiter));
        let known = match &columns {
            Ok(columns) => columns.named().count(),
            Err(BatchRefusal::CsvHeaderAmbiguous) => 1,
            Err(_) => 0,
        };
        if known > known_max {
            known_max = known;
            best = columns.map(|columns| (delimiter, columns));
        }
    }
    best
}

fn first_line(text: &str, delimiter: u8) -> StringRecord {
    let mut record = StringRecord::new();
    let _ = reader_of(text, delimiter).read_record(&mut record);
    record
}

fn reader_of(text: &str, delimiter: u8) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

#[cfg(test)]
mod tests;
