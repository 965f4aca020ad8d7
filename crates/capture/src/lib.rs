//! The browser shell: it reads the page, asks the core, and does what the core answers. It decides nothing.
//!
//! `tag.js` loads this module and calls the functions exported here, which are the public `window.throughline`.
//! The page is not ours and may refuse anything; the result is "nothing remembered", never an exception.

mod page; // the document, the clock, random bytes, events
mod browser_storage; // cookie and localStorage: read, write, delete
mod hidden_inputs; // finds inputs, writes values
mod send; // hands a lead to the collector
mod session; // the one visit of this page, and what happens around it

use attribution::consent::{Answer, Answers, Signal};
use wasm_bindgen::prelude::*;
use web_sys::Element;

/// Starts the visit with what the tag noted in its first moment.
#[wasm_bindgen]
pub fn start(tag: &Element, collector: String, href: String, referrer: String, landed_at_ms: f64) {
    session::start(tag, collector, &href, &referrer, landed_at_ms);
}

/// A consent command: `site` is `throughline.consent({…})`, `default` and `update` are Consent Mode's.
#[wasm_bindgen]
pub fn consent_command(kind: &str, answers: &JsValue) {
    let answer = |name: &str| {
        let word = js_sys::Reflect::get(answers, &name.into()).ok()?.as_string()?;
        Answer::named(&word)
    };
    let answers = Answers {
        ad_storage: answer("ad_storage"),
        ad_user_data: answer("ad_user_data"),
        ad_personalization: answer("ad_personalization"),
    };
    match kind {
        "site" => session::hear(Signal::Site(answers)),
        "default" => session::hear(Signal::ConsentModeDefault(answers)),
        "update" => session::hear(Signal::ConsentModeUpdate(answers)),
        _ => {}
    }
}

/// Fills what is fillable below `root`, or in the whole page.
#[wasm_bindgen]
pub fn fill(root: Option<Element>) {
    session::fill(root.as_ref());
}

/// Deletes everything of ours from the device and from the fields that we filled.
#[wasm_bindgen]
pub fn forget() {
    session::forget();
}

/// Reports a lead that no form submission would tell, and promises its lead_id once the collector stored it.
#[wasm_bindgen]
pub fn lead(form: Option<Element>) -> js_sys::Promise {
    session::lead(form.as_ref())
}

/// The views `first`, `last` and `clicks` with the consent that allows them; `null` before a grant.
#[wasm_bindgen]
pub fn get() -> JsValue {
    session::views()
}

/// Plain sentences: what was seen, what was kept, why a field is empty.
#[wasm_bindgen]
pub fn explain() -> Vec<String> {
    session::explain()
}
