//! The checks of conversion files and click ids for the page `www/check/`: bytes or text in, JSON out. The rules are the
//! core's; the command in `crates/checker` asks the same ones.
//!
//! It runs in a worker of the page, so that a large file does not hold the page up, and it asks nobody: what it is given
//! stays in the tab.

use attribution::file_check::{FileReport, check_file};
use attribution::limits::CHECKED_FINDINGS_LISTED_MAX;
use attribution::pasted_id::check_pasted;
use attribution::timestamp::Timestamp;
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// A report, or why there is none.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Report(FileReport),
    Unreadable {
        code: &'static str,
        advice: &'static str,
    },
}

/// Looks at a file; `now` is in milliseconds since 1970. `{"report": …}` or `{"unreadable": {"code", "advice"}}`.
#[wasm_bindgen]
#[must_use]
pub fn file(bytes: &[u8], now: f64) -> String {
    let answer = match check_file(bytes, moment(now), CHECKED_FINDINGS_LISTED_MAX) {
        Ok(report) => Answer::Report(report),
        Err(unreadable) => Answer::Unreadable {
            code: unreadable.code(),
            advice: unreadable.advice(),
        },
    };
    // Writing plain texts and numbers as JSON cannot fail.
    serde_json::to_string(&answer).unwrap_or_default()
}

/// Looks at a click id or at the address of a landing page: a list of the ids in it.
#[wasm_bindgen]
#[must_use]
pub fn pasted(text: &str, now: f64) -> String {
    serde_json::to_string(&check_pasted(text, moment(now))).unwrap_or_default()
}

fn moment(ms: f64) -> Timestamp {
    Timestamp::from_ms(ms as i64)
}
