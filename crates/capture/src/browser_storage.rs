//! The cookie and the localStorage key. Every failure means "nothing remembered".

use attribution::cookie;
use attribution::visit_record::RECORD_NAME;
use wasm_bindgen::prelude::*;
use web_sys::HtmlDocument;

// Bound by hand: where storage is forbidden already the word `localStorage` throws, and so it is caught too.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = localStorage, js_name = getItem)]
    fn item(key: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(catch, js_namespace = localStorage, js_name = setItem)]
    fn set_item(key: &str, text: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_namespace = localStorage, js_name = removeItem)]
    fn remove_item(key: &str) -> Result<(), JsValue>;
}

/// Every text that is kept on the device under our name.
pub(crate) fn read(document: &HtmlDocument) -> Vec<String> {
    let cookies = document.cookie().unwrap_or_default();
    let mut kept: Vec<String> = cookie::values(&cookies).map(str::to_owned).collect();
    kept.extend(item(RECORD_NAME).ok().flatten());
    kept
}

/// Keeps the text in both places for so many days.
pub(crate) fn write(document: &HtmlDocument, text: &str, keep_days: u16) {
    set_cookie(document, text, keep_days);
    let _ = set_item(RECORD_NAME, text);
}

/// Deletes both, unread.
pub(crate) fn delete(document: &HtmlDocument) {
    set_cookie(document, "", 0);
    let _ = remove_item(RECORD_NAME);
}

fn set_cookie(document: &HtmlDocument, value: &str, keep_days: u16) {
    let page = document.url().unwrap_or_default();
    let _ = document.set_cookie(&cookie::keep(value, keep_days, &page));
}
