//! The store's statements on Cloudflare D1.

use std::time::Duration;

use worker::wasm_bindgen::JsValue;
use worker::{D1Database, D1PreparedStatement, Delay, console_error};

use super::database::{Database, Parameter, Row, Statement, StorageError};

/// Tries of a batch whose statements may run twice, the first one included. D1 itself retries reads, never writes.
const TRIES_MAX: u32 = 4;

/// The wait before the second try; it doubles each time.
const FIRST_WAIT_MS: u64 = 60;

/// Messages that go away by themselves
/// (<https://developers.cloudflare.com/d1/best-practices/retry-queries/>).
const TRANSIENT: [&str; 6] = [
    "Network connection lost",
    "caused object to be reset",
    "reset because its code was updated",
    "starting up D1 DB storage",
    "Cannot resolve D1 DB due to transient issue",
    "SQLITE_BUSY",
];

/// A D1 binding.
#[derive(Debug)]
pub struct D1(pub D1Database);

impl Database for D1 {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Vec<Row>>, StorageError> {
        let tries_max = if statements.iter().all(|statement| statement.is_repeatable) {
            TRIES_MAX
        } else {
            1
        };
        let mut wait_ms = FIRST_WAIT_MS;
        for tries_left in (0..tries_max).rev() {
            match self.run(&statements).await {
                Ok(rows) => return Ok(rows),
                Err(error) => {
                    let message = message_of(&error);
                    console_error!("store: {}", log_word(&message));
                    if is_unmigrated(&message) {
                        return Err(StorageError::Unreadable);
                    }
                    if tries_left == 0 || !is_transient(&message) {
                        return Err(StorageError::Unavailable);
                    }
                }
            }
            Delay::from(Duration::from_millis(wait_ms)).await;
            wait_ms *= 2;
        }
        Err(StorageError::Unavailable)
    }
}

impl D1 {
    /// `batch` alone runs as one transaction; it is also what maps its errors, which `all()` does not.
    async fn run(&self, statements: &[Statement]) -> worker::Result<Vec<Vec<Row>>> {
        let prepared: worker::Result<Vec<D1PreparedStatement>> = statements
            .iter()
            .map(|statement| self.prepare(statement))
            .collect();
        let results = self.0.batch(prepared?).await?;
        results.iter().map(worker::D1Result::results::<Row>).collect()
    }

    fn prepare(&self, statement: &Statement) -> worker::Result<D1PreparedStatement> {
        let values: Vec<JsValue> = statement.parameters.iter().map(bind).collect();
        self.0.prepare(statement.sql).bind(&values)
    }
}

/// D1 takes no BigInt, and the library's own integer has 32 bits; a float holds every millisecond until the year
/// 287396, and the STRICT INTEGER columns turn it back into an integer.
fn bind(parameter: &Parameter) -> JsValue {
    match parameter {
        Parameter::Null => JsValue::NULL,
        Parameter::Integer(number) => JsValue::from_f64(*number as f64),
        Parameter::Text(text) => JsValue::from_str(text),
    }
}

/// `to_string` of a D1 error throws where its cause is an Error object, so the cause is asked instead.
fn message_of(error: &worker::Error) -> String {
    match error {
        worker::Error::D1(error) => error.cause(),
        other => other.to_string(),
    }
}

/// A deployment whose migrations were not applied: waiting does not help, a person must.
fn is_unmigrated(message: &str) -> bool {
    ["no such table", "no such column"]
        .iter()
        .any(|known| message.contains(known))
}

fn is_transient(message: &str) -> bool {
    TRANSIENT.iter().any(|known| message.contains(known))
}

/// SQLite's own word for what went wrong, and nothing else of the message: a log holds no visitor data.
fn log_word(message: &str) -> &str {
    let is_of_a_word = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_';
    let words = message.split(|letter| !is_of_a_word(letter));
    let mut known = words.filter(|word| word.starts_with("SQLITE_") || word.starts_with("D1_"));
    match known.next_back() {
        Some(word) => word,
        None if is_transient(message) => "a transient failure of D1",
        None => "a failure of D1",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_goes_away_by_itself_is_tried_again() {
        let table = [
            ("D1_ERROR: Network connection lost.", true),
            (
                "D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.",
                true,
            ),
            (
                "D1_ERROR: UNIQUE constraint failed: leads.site: SQLITE_CONSTRAINT",
                false,
            ),
            ("D1_ERROR: database or disk is full: SQLITE_FULL", false),
            ("D1 DB is overloaded. Requests queued for too long.", false),
        ];
        for (message, expected) in table {
            assert_eq!(is_transient(message), expected, "{message}");
        }
    }

    #[test]
    fn a_missing_table_is_told_apart_from_a_database_that_is_away() {
        assert!(is_unmigrated("D1_ERROR: no such table: sites: SQLITE_ERROR"));
        assert!(!is_unmigrated("D1_ERROR: Network connection lost."));
    }

    #[test]
    fn a_log_line_holds_sqlites_word_and_nothing_of_the_message() {
        let table = [
            ("D1_ERROR: database or disk is full: SQLITE_FULL", "SQLITE_FULL"),
            ("D1_TYPE_ERROR: ann@example.com", "D1_TYPE_ERROR"),
            ("ann@example.com", "a failure of D1"),
            ("Network connection lost.", "a transient failure of D1"),
        ];
        for (message, expected) in table {
            assert_eq!(log_word(message), expected);
        }
    }
}
