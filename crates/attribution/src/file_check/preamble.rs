//! What may stand above the header: the line of parameters, and notes.

use super::file_time::zone_named;
use crate::time_zone::TimeZone;

/// What the lines above the header say.
pub(super) struct Preamble<'a> {
    /// Where the clocks hang by which the file's times are written.
    pub(super) zone: FileZone,
    /// Whether there is a line of parameters.
    pub(super) has_parameters: bool,
    /// The number of the header's line.
    pub(super) line: u64,
    /// The header and all below it.
    pub(super) table: &'a str,
}

/// The zone of a file.
pub(super) enum FileZone {
    /// Nobody says.
    Unsaid,
    /// Something stands there that is no zone.
    Unknown,
    /// `Parameters:TimeZone=…`
    Said(TimeZone),
}

impl FileZone {
    pub(super) fn zone(&self) -> Option<&TimeZone> {
        match self {
            Self::Said(zone) => Some(zone),
            Self::Unsaid | Self::Unknown => None,
        }
    }
}

/// Passes over notes that begin with `#`, empty lines, and the line of parameters. A spreadsheet ends such a line with the
/// delimiters of its empty cells.
pub(super) fn split<'a>(text: &'a str, line: u64) -> Preamble<'a> {
    let mut preamble = Preamble {
        zone: FileZone::Unsaid,
        has_parameters: false,
        line,
        table: text,
    };
    while let Some((line, after)) = preamble.table.split_once('\n') {
        let ends = [',', ';', '\t', '|', '"', ' ', '\r'];
        let line = line.trim_matches(ends);
        if let Some(parameters) = strip_prefix_of_any_case(line, "Parameters:") {
            preamble.has_parameters = true;
            let mut parts = parameters.split([';', ',']);
            let zone = parts.find_map(|part| strip_prefix_of_any_case(part.trim(), "TimeZone="));
            match zone.map(zone_named) {
                Some(Some(zone)) => preamble.zone = FileZone::Said(zone),
                Some(None) => preamble.zone = FileZone::Unknown,
                None => {}
            }
        } else if !line.is_empty() && !line.starts_with('#') {
            break;
        }
        (preamble.line, preamble.table) = (preamble.line + 1, after);
    }
    preamble
}

fn strip_prefix_of_any_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}
