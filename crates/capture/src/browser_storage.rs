//! The cookie and the localStorage key. Every failure means "nothing remembered".

use attribution::timestamp::DAY_MS;
use attribution::visit_record::RECORD_NAME;
use gloo_storage::{LocalStorage, Storage as _};
use js_sys::Date;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlDocument, Storage};

use crate::page;

/// Every text that is kept on the device under our name; several cookies of one name can coexist.
pub(crate) fn read() -> Vec<String> {
    let mut kept = Vec::new();
    if let Some(cookies) = document().and_then(|document| document.cookie().ok()) {
        for cookie in cookies.split(';') {
            let value = cookie
                .trim_ascii()
                .strip_prefix(RECORD_NAME)
                .and_then(|rest| rest.strip_prefix('='));
            kept.extend(value.map(str::to_owned));
        }
    }
    if let Some(text) = local_storage().and_then(|storage| storage.get_item(RECORD_NAME).ok().flatten()) {
        kept.push(text);
    }
    kept
}

/// Keeps the text in both places for so many days.
pub(crate) fn write(text: &str, keep_days: u16) {
    let until = page::now().plus_ms(i64::from(keep_days) * DAY_MS);
    set_cookie(text, until.ms() as f64);
    if let Some(storage) = local_storage() {
        let _ = storage.set_item(RECORD_NAME, text);
    }
}

/// Deletes both, unread.
pub(crate) fn delete() {
    set_cookie("", 0.0);
    if let Some(storage) = local_storage() {
        let _ = storage.remove_item(RECORD_NAME);
    }
}

fn set_cookie(value: &str, expires_ms: f64) {
    let expires = String::from(Date::new(&JsValue::from_f64(expires_ms)).to_utc_string());
    let is_https = page::href().starts_with("https:");
    let secure = if is_https { "; Secure" } else { "" };
    let cookie = [
        RECORD_NAME,
        "=",
        value,
        "; Path=/; SameSite=Lax; Expires=",
        &expires,
        secure,
    ]
    .concat();
    if let Some(document) = document() {
        let _ = document.set_cookie(&cookie);
    }
}

fn document() -> Option<HtmlDocument> {
    page::document()?.dyn_into().ok()
}

/// gloo's `raw()` throws where storage is blocked, so the page is asked first whether it may be touched at all.
fn local_storage() -> Option<Storage> {
    page::window()?.local_storage().ok().flatten()?;
    Some(LocalStorage::raw())
}
