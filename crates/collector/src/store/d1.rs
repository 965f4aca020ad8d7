//! The store's statements on Cloudflare D1.

use std::time::Duration;

use worker::wasm_bindgen::JsValue;
use worker::{D1Database, D1PreparedStatement, Delay, console_error};

use super::database::{Database, Parameter, Row, Statement, StorageError};
use super::retry::{self, Next};

/// A D1 binding.
#[derive(Debug)]
pub struct D1(pub D1Database);

impl Database for D1 {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Vec<Row>>, StorageError> {
        let is_repeatable = statements.iter().all(|statement| statement.is_repeatable);
        let mut tries = 0;
        loop {
            tries += 1;
            let message = match self.run(&statements).await {
                Ok(rows) => return Ok(rows),
                Err(error) => message_of(&error),
            };
            console_error!("{}", log_line(&message));
            match retry::next(&message, is_repeatable, tries, worker::js_sys::Math::random()) {
                Next::TryAgainAfterMs(wait_ms) => {
                    Delay::from(Duration::from_secs_f64(wait_ms / 1_000.0)).await
                }
                Next::GiveUp(error) => return Err(error),
            }
        }
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

/// A line of the log about a failure that may still be mended by another try.
fn log_line(message: &str) -> String {
    format!(r#"{{"event":"store_failed","reason":"{}"}}"#, log_word(message))
}

/// SQLite's own word for what went wrong, and nothing else of the message: a log holds no visitor data.
fn log_word(message: &str) -> &str {
    let is_of_a_word = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_';
    let words = message.split(|letter| !is_of_a_word(letter));
    let mut known = words.filter(|word| word.starts_with("SQLITE_") || word.starts_with("D1_"));
    match known.next_back() {
        Some(word) => word,
        None if retry::is_transient(message) => "a transient failure of D1",
        None => "a failure of D1",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
