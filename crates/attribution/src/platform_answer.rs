//! What a platform answers, in our words: one answer for each row that was sent, and what a person is to know of it.

use crate::timestamp::Timestamp;

/// A word of a platform that we know: an error code, or the reason in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// As the platform writes it.
    pub name: &'static str,
    /// What follows from it.
    pub class: Class,
    /// What a person can do, in one or two sentences.
    pub advice: &'static str,
}

/// What follows from an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Sending it again is of no use before somebody mends something.
    Never(Mend),
    /// Time heals it.
    Later {
        /// Hours to wait; 0 leaves it to the back-off.
        hours: u8,
    },
    /// Time may heal it; the second time somebody has to mend something.
    LaterOnce {
        /// Hours to wait.
        hours: u8,
        /// What is to be mended then.
        mend: Mend,
    },
    /// The platform has it.
    Done,
    /// The platform read it and found nobody. That is normal, and for good.
    Info,
}

/// What has to be mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mend {
    /// This row; the others are not concerned.
    Row,
    /// The account, the conversion action or the credentials: every row is concerned, and every row can go afterwards.
    Settings,
}

/// The word of that name in a platform's table.
#[must_use]
pub fn find_word(table: &'static [Word], name: &str) -> Option<&'static Word> {
    table.iter().find(|word| word.name == name)
}

/// What an HTTP request brought back.
#[derive(Clone, Copy, Debug)]
pub enum HttpAnswer<'a> {
    /// Status, `Retry-After`, and the body.
    Came {
        /// The status code.
        status: u16,
        /// The header `Retry-After`, read by [`retry_after`].
        retry_after: Option<Timestamp>,
        /// The body.
        body: &'a [u8],
    },
    /// No answer, or one cut short: what was sent may or may not have arrived.
    Lost,
}

/// What became of the rows of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchAnswer {
    /// One answer for each row, in the order sent.
    Rows(Vec<RowAnswer>),
    /// Refused for one of the rows, and nobody says for which: send each half by itself, now.
    Halve,
}

impl BatchAnswer {
    /// The same answer for every row.
    #[must_use]
    pub fn for_all(answer: &RowAnswer, rows: usize) -> Self {
        Self::Rows(vec![answer.clone(); rows])
    }

    /// Whether the platform is away or has no time, so that asking it for more is of no use now.
    #[must_use]
    pub fn is_away(&self) -> bool {
        let is_away = |row: &RowAnswer| matches!(row, RowAnswer::Lost | RowAnswer::Busy { .. });
        matches!(self, Self::Rows(rows) if rows.iter().all(is_away))
    }
}

/// What became of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowAnswer {
    /// The platform has it, and will say no more of it.
    Taken,
    /// The platform has the request, and has not read the row yet.
    Processing {
        /// By which the platform is asked what became of it.
        request_id: String,
    },
    /// The platform said a word that we know.
    Said(&'static Word),
    /// The platform said no to it in a way that we do not know.
    SaidUnknown {
        /// Its code, cut to what a code may have; never a text, which could hold what the visitor sent.
        code: String,
        /// Whether all rows are concerned, or this one alone.
        mend: Mend,
    },
    /// The platform has no time now.
    Busy {
        /// Its code.
        code: String,
        /// The moment that it named.
        not_before: Option<Timestamp>,
    },
    /// The row was not looked at, because another one of the request was refused.
    NotRead,
    /// No answer came, or none that can be read: the row may or may not have arrived.
    Lost,
}

/// The longest code that is kept of an unknown answer, in characters.
const CODE_CHARACTERS_MAX: usize = 80;

/// A platform's code as it may be kept and shown: only letters, digits and `_ . -`, and not too many.
#[must_use]
pub fn plain_code(code: &str) -> String {
    code.chars()
        .filter(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '-'))
        .take(CODE_CHARACTERS_MAX)
        .collect()
}

/// Reads `Retry-After`: seconds, or a date of HTTP (<https://www.rfc-editor.org/rfc/rfc9110#field.retry-after>). More
/// than a day is taken for a day: nobody means that, and a delivery must not sleep for ever.
#[must_use]
pub fn retry_after(header: &str, now: Timestamp) -> Option<Timestamp> {
    let latest = now.plus_ms(crate::timestamp::DAY_MS);
    let header = header.trim();
    let moment = if header.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds: i64 = header.get(..9.min(header.len()))?.parse().ok()?;
        now.plus_ms(seconds * crate::timestamp::SECOND_MS)
    } else {
        let date = jiff::fmt::rfc2822::parse(header).ok()?;
        Timestamp::from_ms(date.timestamp().as_millisecond())
    };
    Some(moment.clamp(now, latest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timestamp::{DAY_MS, SECOND_MS};

    #[test]
    fn reads_retry_after_in_both_forms() {
        let now = Timestamp::from_rfc3339("2026-11-23T10:00:00Z").expect("a moment");
        for (header, seconds) in [
            ("120", Some(120)),
            (" 120 ", Some(120)),
            ("0", Some(0)),
            ("Mon, 23 Nov 2026 10:02:00 GMT", Some(120)),
            // The past is now, and what is too far away is a day.
            ("Mon, 23 Nov 2026 09:00:00 GMT", Some(0)),
            ("99999999999999999999", Some(DAY_MS / SECOND_MS)),
            ("", None),
            ("-5", None),
            ("soon", None),
        ] {
            let expected = seconds.map(|seconds| now.plus_ms(seconds * SECOND_MS));
            assert_eq!(retry_after(header, now), expected, "{header:?}");
        }
    }

    #[test]
    fn a_code_is_no_place_for_a_text() {
        assert_eq!(plain_code("QUOTA_EXCEEDED"), "QUOTA_EXCEEDED");
        assert_eq!(plain_code("<b>ann@example.com</b>"), "bannexample.comb");
        assert_eq!(plain_code(&"x".repeat(500)).len(), 80);
    }
}
