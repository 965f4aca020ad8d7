//! What only a page can tell. Everything here may be missing or forbidden.

use attribution::timestamp::Timestamp;
use js_sys::Date;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `page/random.js`: a whole number of 40 random bits, or a negative one where the page has no source of randomness.
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

/// Ten random bytes for a lead_id; `None` where the page has no source of randomness, because a guessable id
/// would let one lead pass for another.
pub(crate) fn random_bytes() -> Option<[u8; 10]> {
    let mut bytes = [0; 10];
    for half in bytes.chunks_mut(5) {
        let bits = random_40_bits();
        if bits < 0.0 {
            return None;
        }
        let [_, _, _, random @ ..] = (bits as u64).to_be_bytes();
        half.copy_from_slice(&random);
    }
    Some(bytes)
}
