//! Outcomes in a table, as CRMs and spreadsheets export them: any delimiter, any encoding, columns in any order.
//!
//! Nothing about the file is asked, because the person who exported it does not know. The delimiter is the one with
//! which the first line names the most columns that we know.

use std::borrow::Cow;
use std::collections::BTreeMap;

use csv::{ByteRecord, Reader, StringRecord};

use super::csv_header::{Columns, columns_of};
use super::row::{Cell, ReceivedRow, Row, Spelling};
use super::{BatchRefusal, OutcomeRefusal};
use crate::csv_text::{CsvText, DELIMITERS, Lines, first_line, reader_of, without_separator_line};
use crate::limits::OUTCOMES_PER_CSV_MAX;
use crate::time_zone::TimeZone;

/// The rows of a table, read one after the other.
#[derive(Debug)]
pub struct CsvRows<'a> {
    reader: Reader<&'a [u8]>,
    columns: Columns,
    lines: Lines<'a>,
}

impl<'a> CsvText<'a> {
    /// Decodes a table. `charset` is what the sender calls the encoding, if it says so.
    ///
    /// # Errors
    /// [`BatchRefusal::CsvEncoding`] where the bytes are no text in the encoding that they look like.
    pub fn decode(body: &'a [u8], charset: Option<&str>) -> Result<Self, BatchRefusal> {
        Self::read(body, charset).ok_or(BatchRefusal::CsvEncoding)
    }

    /// Reads the first line, and counts the others.
    ///
    /// # Errors
    /// When the first line names no outcome_id or one name twice, or when there are too many rows.
    pub fn rows(&self) -> Result<CsvRows<'_>, BatchRefusal> {
        let (said, text) = without_separator_line(self.text());
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
            lines: Lines::from(text, if said.is_some() { 2 } else { 1 }),
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

#[cfg(test)]
mod tests;
