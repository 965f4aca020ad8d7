//! `cargo run --package checker -- conversions.csv`: what Google or Microsoft will refuse in a conversion file, line by line,
//! why, and what to do; `-- CjwKCA…` says the same of one click id, or of the address of a landing page. A dash reads either
//! from what is piped in.
//!
//! Everything stays on this machine, and no cell is repeated in what is printed: that may end up in a log.
//!
//! It ends with 0 where nothing was found, with 1 where something was, and with 2 where there was nothing to look at.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::UNIX_EPOCH;

use attribution::file_check::check_file;
use attribution::limits::{CHECKED_FILE_BYTES_MAX, CHECKED_FINDINGS_LISTED_MAX};
use attribution::pasted_id::check_pasted;
use attribution::timestamp::Timestamp;

mod written;

use written::Answer;

const USAGE: &str = "Name a file, a click id or a landing page's address; or - for what is piped in:\n\
    \x20 cargo run --package checker -- conversions.csv\n\
    \x20 cargo run --package checker -- 'https://www.example.com/?gclid=CjwKCA…'\n";

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    let answer = match (words.next(), words.next()) {
        (Some(word), None) => answer(&word, now()),
        _ => Answer::nothing(USAGE.to_owned()),
    };
    // Whoever reads may have enough before the end.
    let _ = if answer.is_readable() {
        io::stdout().write_all(answer.text().as_bytes())
    } else {
        io::stderr().write_all(answer.text().as_bytes())
    };
    ExitCode::from(answer.exit_code())
}

fn answer(word: &OsString, now: Timestamp) -> Answer {
    if word == "-" {
        return match read(io::stdin()) {
            Ok(bytes) => of_piped(&bytes, now),
            Err(error) => Answer::nothing(format!("What is piped in cannot be read: {error}.\n")),
        };
    }
    let path = Path::new(word);
    if path.is_file() || is_name_of_file(path) {
        return match File::open(path).and_then(read) {
            Ok(bytes) => of_file(&bytes, now),
            Err(error) => Answer::nothing(format!("{}: {error}.\n", path.display())),
        };
    }
    word.to_str()
        .map_or_else(|| Answer::nothing(USAGE.to_owned()), |text| of_id(text, now))
}

/// What is meant as a file, although there is none: nobody calls an id so.
fn is_name_of_file(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    ["csv", "tsv", "txt", "xlsx", "xls"]
        .iter()
        .any(|known| extension == *known)
}

/// One byte more than is looked at, so that a file without an end is noticed.
fn read(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = CHECKED_FILE_BYTES_MAX as u64 + 1;
    from.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// One line is an id or an address, more are a file, and so is what no id could be.
fn of_piped(bytes: &[u8], now: Timestamp) -> Answer {
    let is_of_file = |letter: char| letter == ',' || letter.is_control();
    match std::str::from_utf8(bytes).map(str::trim) {
        Ok(line) if !line.is_empty() && !line.contains(is_of_file) => of_id(line, now),
        _ => of_file(bytes, now),
    }
}

fn of_file(bytes: &[u8], now: Timestamp) -> Answer {
    match check_file(bytes, now, CHECKED_FINDINGS_LISTED_MAX) {
        Ok(report) => Answer::of_file(&report),
        Err(unreadable) => Answer::nothing(format!("{} ({})\n", unreadable.advice(), unreadable.code())),
    }
}

fn of_id(text: &str, now: Timestamp) -> Answer {
    Answer::of_ids(&check_pasted(text, now))
}

fn now() -> Timestamp {
    let since = UNIX_EPOCH.elapsed().unwrap_or_default();
    Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GCLID: &str = "EAIaIQobChMIwK-LrI-CmAMVDHJCGR002_BIEAAYCCAAEgJ1PvD_BwE";

    fn at() -> Timestamp {
        Timestamp::from_rfc3339("2026-11-23T12:00:00Z").unwrap()
    }

    #[test]
    fn says_where_what_and_how_many() {
        let file = format!(
            "Google Click ID,Conversion Name,Conversion Time\n{GCLID},Sale,2026-11-20 14:05:00+0100\nundefined,Sale,tomorrow\n"
        );
        let answer = of_piped(file.as_bytes(), at());
        assert_eq!(
            answer.text(),
            "Google Ads, click conversions: 2 rows\n\
             1 fine, 1 refused\n\
             \n\
             refused   1  time_invalid: This is not a time that the platform reads. Write 2026-11-20 14:05:00+0100, with seconds; in a spreadsheet make the column text, or it writes times in its country's way.\n\
             doubtful  1  not_an_id: This is a word or a number and no id: check what fills the field when there is no click.\n\
             \n\
             line 3, Google Click ID: doubtful, not_an_id\n\
             line 3, Conversion Time: refused, time_invalid\n"
        );
        assert_eq!(answer.exit_code(), 1);
        assert!(!answer.text().contains("tomorrow"));
    }

    #[test]
    fn an_id_is_told_apart_from_a_file() {
        for (text, code, said) in [
            (GCLID, 0, "gclid: fine\n  clicked 2026-11-12T09:30:15Z"),
            (
                "https://www.example.com/?msclkid=undefined",
                1,
                "msclkid: refused, not_an_id",
            ),
            (
                "https://www.example.com/",
                2,
                "No click id stands in this address.",
            ),
            ("a,b", 2, "header_unknown"),
        ] {
            let answer = of_piped(text.as_bytes(), at());
            assert!(answer.text().contains(said), "{}", answer.text());
            assert_eq!(answer.exit_code(), code, "{text}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_no_id() {
        let answer = answer(&OsString::from("no-such-file.csv"), at());
        assert_eq!(answer.exit_code(), 2);
        assert!(
            answer.text().starts_with("no-such-file.csv: "),
            "{}",
            answer.text()
        );
        assert!(!answer.is_readable());
    }
}
