//! What the page is told.

use attribution::timestamp::Timestamp;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `page/host.js`: takes the answer to the question that is being asked. A text that a function gives back takes a
    /// copy, a release and 300 bytes more.
    pub(crate) fn answer(text: &str);

    /// `page/host.js`: takes a moment as the answer, in milliseconds, and makes RFC 3339 of it.
    pub(crate) fn answer_moment(ms: f64);
}

/// Milliseconds of JavaScript as a moment.
pub(crate) fn moment(ms: f64) -> Timestamp {
    Timestamp::from_ms(ms as i64)
}
