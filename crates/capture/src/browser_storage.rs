//! The cookie and the localStorage key. Every failure means "nothing remembered".

use attribution::cookie;
use attribution::visit_record::RECORD_NAME;
use gloo_storage::{LocalStorage, Storage as _};
use web_sys::{HtmlDocument, Storage};

/// Every text that is kept on the device under our name.
pub(crate) fn read(document: &HtmlDocument) -> Vec<String> {
    let cookies = document.cookie().unwrap_or_default();
    let mut kept: Vec<String> = cookie::values(&cookies).map(str::to_owned).collect();
    kept.extend(local_storage().and_then(|storage| storage.get_item(RECORD_NAME).ok()?));
    kept
}

/// Keeps the text in both places for so many days.
pub(crate) fn write(document: &HtmlDocument, text: &str, keep_days: u16) {
    set_cookie(document, text, keep_days);
    if let Some(storage) = local_storage() {
        let _ = storage.set_item(RECORD_NAME, text);
    }
}

/// Deletes both, unread.
pub(crate) fn delete(document: &HtmlDocument) {
    set_cookie(document, "", 0);
    if let Some(storage) = local_storage() {
        let _ = storage.remove_item(RECORD_NAME);
    }
}

fn set_cookie(document: &HtmlDocument, value: &str, keep_days: u16) {
    let page = document.url().unwrap_or_default();
    let _ = document.set_cookie(&cookie::keep(value, keep_days, &page));
}

/// gloo's `raw()` throws where storage is blocked, so the page is asked first whether it may be touched at all.
fn local_storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()??;
    Some(LocalStorage::raw())
}
