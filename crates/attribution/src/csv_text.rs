//! A table as it comes out of a spreadsheet or a CRM: which encoding it is in, what parts its columns, and which line of the
//! file a row stands on. Nothing about the file is asked, because the person who exported it does not know.
//!
//! The encoding is UTF-8 when the bytes are, else the one that the sender names, else the one that the bytes look like.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use csv::{Reader, ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, UTF_8};

/// What parts the columns of tables: of English spreadsheets, of those where the comma is in the numbers, of those
/// that were copied, and of databases.
pub(crate) const DELIMITERS: [u8; 4] = *b",;\t|";

/// The whole table as text.
#[derive(Debug)]
pub struct CsvText<'a> {
    text: Cow<'a, str>,
    encoding: &'static Encoding,
}

/// Counts lines as people do. The library takes the end of a line in two characters for the begin of the next.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    rest: &'a str,
    /// How many bytes were counted.
    place: usize,
    line: u64,
}

impl<'a> CsvText<'a> {
    /// Decodes a table; `None` where the bytes are no text in the encoding that they look like. `charset` is what the sender
    /// calls the encoding, if it says so.
    #[must_use]
    pub(crate) fn read(bytes: &'a [u8], charset: Option<&str>) -> Option<Self> {
        let (text, encoding, has_errors) = encoding_of(bytes, charset).decode(bytes);
        (!has_errors && !text.contains('\0')).then_some(Self { text, encoding })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the file is in UTF-8.
    pub(crate) fn is_utf8(&self) -> bool {
        self.encoding == UTF_8
    }
}

impl<'a> Lines<'a> {
    /// Counts from here on, where the line has this number.
    pub(crate) fn from(text: &'a str, line: u64) -> Self {
        Self {
            rest: text,
            place: 0,
            line,
        }
    }

    /// The line of what stands behind the line ends at this place, which is none before the last one asked for.
    pub(crate) fn line_at(&mut self, place: u64) -> u64 {
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
pub(crate) fn without_separator_line(text: &str) -> (Option<u8>, &str) {
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

pub(crate) fn first_line(text: &str, delimiter: u8) -> StringRecord {
    let mut record = StringRecord::new();
    let _ = reader_of(text, delimiter).read_record(&mut record);
    record
}

pub(crate) fn reader_of(text: &str, delimiter: u8) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}
