//! What only a page can tell. Everything here may be missing or forbidden.

use attribution::timestamp::Timestamp;
use js_sys::Date;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `page/host.js`: takes the answer to the question that is being asked. A text that a function gives back takes a
    /// copy, a release and 300 bytes more.
    pub(crate) fn answer(text: &str);

    /// `page/host.js`: takes a moment as the answer, in milliseconds, and makes RFC 3339 of it.
    pub(crate) fn answer_moment(ms: f64);

    /// `page/host.js`: a whole number of 40 random bits, or a negative one where the page has no source of randomness.
    fn random_40_bits() -> f64;
}

/// The visitor's clock.
pub(crate) fn now() -> Timestamp {
    moment(Date::now())
}

/// Milliseconds of JavaScript as a moment.
pub(crate) fn moment(ms: f64) -> Timestamp {
    Timestamp::from_ms(ms as i64)
}

/// Twice 40 random bits for a lead_id; `None` where the page has no source of randomness, because a guessable id
/// would let one lead pass for another.
pub(crate) fn random_bits() -> Option<[u64; 2]> {
    let (upper, lower) = (random_40_bits(), random_40_bits());
    (upper >= 0.0 && lower >= 0.0).then_some([upper as u64, lower as u64])
}
