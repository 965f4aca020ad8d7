//! What only a page can tell: its document, the clock, random bytes. And the one way to tell the page something.

use attribution::timestamp::Timestamp;
use js_sys::{Date, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{CustomEvent, CustomEventInit, Document, Window};

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

/// Dispatches `throughline:<name>` on the document with these details.
pub(crate) fn tell(name: &str, detail: &[(&str, &str)]) {
    let values = Object::new();
    for (key, value) in detail {
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(&values, &(*key).into(), &(*value).into());
    }
    let init = CustomEventInit::new();
    init.set_detail(&values);
    let event = CustomEvent::new_with_event_init_dict(&["throughline:", name].concat(), &init);
    if let (Some(document), Ok(event)) = (document(), event) {
        let _ = document.dispatch_event(&event);
    }
}

/// Calls `hear` for every event of that name on the window, before the page's own listeners.
pub(crate) fn listen(name: &str, hear: impl Fn(web_sys::Event) + 'static) {
    let closure = Closure::<dyn Fn(web_sys::Event)>::new(hear);
    if let Some(window) = window() {
        let _ =
            window.add_event_listener_with_callback_and_bool(name, closure.as_ref().unchecked_ref(), true);
    }
    // The listener lives as long as the page.
    closure.forget();
}
