//! What only a page can tell or keep. Everything here may be missing or forbidden.

use attribution::timestamp::Timestamp;
use js_sys::Date;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn fill_with_random(bytes: &mut [u8]) -> Result<(), JsValue>;
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
    fill_with_random(&mut bytes).ok()?;
    Some(bytes)
}
