//! What only a page can tell: its document, the clock, random bytes.

use attribution::timestamp::Timestamp;
use js_sys::Date;
use web_sys::{Document, Window};

/// The window, where there is one.
pub(crate) fn window() -> Option<Window> {
    web_sys::window()
}

/// The document, where there is one.
pub(crate) fn document() -> Option<Document> {
    window()?.document()
}

/// The address as it stands now.
pub(crate) fn href() -> String {
    window()
        .and_then(|window| window.location().href().ok())
        .unwrap_or_default()
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
    window()?
        .crypto()
        .ok()?
        .get_random_values_with_u8_array(&mut bytes)
        .ok()?;
    Some(bytes)
}
