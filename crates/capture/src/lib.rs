//! The browser shell: it reads the page, asks the core, and does what the core answers. It decides nothing.
//!
//! `tag.js` hears the page's events and calls the functions exported here; this module calls nothing back but the
//! page's elements and storage. So it holds no closure, which would cost a visitor bytes, and the page's own
//! handlers can never find it half-way through its work. The page is not ours and may refuse anything; the result
//! is "nothing remembered", never an exception.

mod page; // the document, the clock, random bytes
mod browser_storage; // cookie and localStorage: read, write, delete
mod hidden_inputs; // finds inputs, writes values
mod session; // the one visit of this page, and what happens around it

use attribution::consent::{Answer, Answers, Signal};
use wasm_bindgen::prelude::*;
use web_sys::Element;

/// Smaller than the allocator of std by 5 kB.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Starts the visit with what the tag noted in its first moment. Answers where consent stands, if anybody decided.
#[wasm_bindgen]
pub fn start(tag: &Element, href: &str, referrer: &str, landed_at_ms: f64) -> Option<String> {
    session::start(tag, href, referrer, landed_at_ms)
}

/// A consent command: `site` is `throughline.consent({…})`, `default` and `update` are Consent Mode's. Answers
/// where consent stands, if the command changed it.
#[wasm_bindgen]
pub fn consent_command(kind: &str, answers: &JsValue) -> Option<String> {
    let answer = |name: &str| {
        let word = js_sys::Reflect::get(answers, &name.into()).ok()?.as_string()?;
        Answer::named(&word)
    };
    let answers = Answers {
        ad_storage: answer("ad_storage"),
        ad_user_data: answer("ad_user_data"),
        ad_personalization: answer("ad_personalization"),
    };
    session::hear(match kind {
        "site" => Signal::Site(answers),
        "update" => Signal::ConsentModeUpdate(answers),
        _ => Signal::ConsentModeDefault(answers),
    })
}

/// Fills what is fillable below `root`, or in the whole page.
#[wasm_bindgen]
pub fn fill(root: Option<Element>) {
    session::fill(root.as_ref());
}

/// A form is being sent: the last chance to fill it. Answers the lead to report as JSON, if it is to be reported.
#[wasm_bindgen]
pub fn submitting(form: &Element) -> Option<String> {
    session::submitting(form)
}

/// The lead of a form that the page sends in a way of its own, as JSON; nothing before a grant.
#[wasm_bindgen]
pub fn lead(form: Option<Element>) -> Option<String> {
    session::lead(form.as_ref())
}

/// Deletes everything of ours from the device and from the fields that we filled.
#[wasm_bindgen]
pub fn forget() {
    session::forget();
}

/// The views `first`, `last` and `clicks` with the consent that allows them; `null` before a grant.
#[wasm_bindgen]
pub fn get() -> JsValue {
    session::views()
}

/// Plain sentences, a line each: what was seen, what was kept, why a field is empty.
#[wasm_bindgen]
pub fn explain() -> String {
    session::explain()
}
