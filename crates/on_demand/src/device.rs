//! What the device keeps under our name. A page that is not ours may forbid every look at it.

use attribution::explain::Place;
use attribution::pieces::{cut, pieces};
use attribution::visit_record::RECORD_NAME;
use gloo_storage::{LocalStorage, Storage as _};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlDocument;

/// The keys of leads that wait, as `page/leads.js` writes them.
const LEAD_KEY: &str = "throughline.lead.";

/// All cookies of the page, as `document.cookie` says; it throws in a frame without an origin
/// (<https://html.spec.whatwg.org/multipage/dom.html#dom-document-cookie>).
pub(crate) fn cookies() -> Option<String> {
    let document = web_sys::window()?.document()?;
    document.dyn_into::<HtmlDocument>().ok()?.cookie().ok()
}

/// The cookies of our name, one for each domain that has one.
pub(crate) fn cookie() -> Place {
    let Some(cookies) = cookies() else {
        return Place::Blocked;
    };
    let ours = |cookie| {
        let (name, value) = cut(cookie, b'=');
        (name.trim_ascii() == RECORD_NAME).then_some(value?.to_owned())
    };
    Place::Holds(pieces(&cookies, b';').filter_map(ours).collect())
}

/// Our entry in localStorage. Where storage is blocked the property itself throws
/// (<https://html.spec.whatwg.org/multipage/webstorage.html#dom-localstorage-dev>), and `raw` would throw with it.
pub(crate) fn local_storage() -> Place {
    let is_there = web_sys::window().is_some_and(|window| matches!(window.local_storage(), Ok(Some(_))));
    if !is_there {
        return Place::Blocked;
    }
    match LocalStorage::raw().get_item(RECORD_NAME) {
        Ok(text) => Place::Holds(text.into_iter().collect()),
        Err(_) => Place::Blocked,
    }
}

/// How many leads wait there for the collector's answer, each under a key of its own.
pub(crate) fn leads_waiting() -> usize {
    if local_storage() == Place::Blocked {
        return 0;
    }
    let storage = LocalStorage::raw();
    let is_lead = |key: &String| key.starts_with(LEAD_KEY);
    let keys = (0..LocalStorage::length()).filter_map(|place| storage.key(place).ok().flatten());
    keys.filter(is_lead).count()
}
