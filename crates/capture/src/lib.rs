//! The browser shell: it reads the page, asks the core, and does what the core answers. It decides nothing.
//!
//! `tag.js` hears the page's events, hands each hidden input in and writes what comes back; this module calls nothing
//! but getters and the page's storage. So it holds no closure, which would cost a visitor bytes, and the page's own
//! handlers can never find it half-way through its work. The page is not ours and may refuse anything; the result is
//! "nothing remembered", never an exception.

mod page; // the clock, random bytes
mod browser_storage; // cookie and localStorage: read, write, delete
mod session; // the one visit of this page, and what happens around it

use std::cell::Cell;

use attribution::consent::Signal;
use attribution::visit::Moment;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlDocument};

use crate::session::Session;

/// Smaller than the allocator of std by 5 kB.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

thread_local! {
    // Lives as long as the page, so nothing is ever dropped.
    static SESSION: Cell<Option<&'static mut Session>> = const { Cell::new(None) };
}

/// Runs with the session, or not at all: before the start, or where the page called us from inside our own work.
fn with(work: impl FnOnce(&mut Session) -> Option<String>) -> Option<String> {
    let session = SESSION.take()?;
    let answer = work(session);
    SESSION.set(Some(session));
    answer
}

fn moment(is_submitting: bool) -> Moment {
    if is_submitting {
        Moment::Submitting
    } else {
        Moment::Passing
    }
}

/// Starts the visit with what the tag noted in its first moment. Answers where consent stands, if anybody decided.
#[wasm_bindgen]
pub fn start(
    document: HtmlDocument,
    tag: &Element,
    href: &str,
    referrer: &str,
    landed_at_ms: f64,
) -> Option<String> {
    let session = Session::new(document, tag, href, referrer, landed_at_ms);
    SESSION.set(Some(Box::leak(Box::new(session))));
    with(Session::start)
}

/// A consent command as [`Signal::parse`] reads it. Answers where consent stands, if the command changed it.
#[wasm_bindgen]
pub fn consent_command(command: &str) -> Option<String> {
    with(|session| session.hear(Signal::parse(command)))
}

/// The selector of the inputs that are worth handing in now; nothing where none may be written.
#[wasm_bindgen]
pub fn fields(is_submitting: bool) -> Option<String> {
    with(|session| session.visit.fields(moment(is_submitting)))
}

/// What an input of this form should hold that held `value` when it was first seen; `is_ours` when it still holds what
/// the tag wrote.
#[wasm_bindgen]
pub fn value_for(
    input: &Element,
    form: Option<Element>,
    value: &str,
    is_ours: bool,
    is_submitting: bool,
) -> Option<String> {
    with(|session| session.value_for(input, form, value, is_ours, moment(is_submitting)))
}

/// A form is about to be sent, and about to be filled for the last time.
#[wasm_bindgen]
pub fn submitting(form: Option<Element>) {
    with(|session| {
        session.submitting(form.as_ref());
        None
    });
}

/// The lead to report of a form that is being sent, as JSON, if it is to be reported.
#[wasm_bindgen]
pub fn submitted(form: Element, is_filled: bool) -> Option<String> {
    with(|session| session.submitted(form, is_filled))
}

/// The lead of a form that the page sends in a way of its own, as JSON; nothing before a grant.
#[wasm_bindgen]
pub fn lead(form: Option<Element>) -> Option<String> {
    with(|session| session.lead(form))
}

/// Deletes everything of ours from memory and from the device.
#[wasm_bindgen]
pub fn forget() {
    with(|session| {
        session.forget();
        None
    });
}

/// The views `first`, `last` and `clicks` with the consent that allows them, as JSON; nothing before a grant.
#[wasm_bindgen]
pub fn get() -> Option<String> {
    with(|session| Some(session.visit.record()?.to_json()))
}

/// Plain sentences: what was seen, what was kept, why a field is empty.
#[wasm_bindgen]
pub fn explain() -> JsValue {
    let mut sentences = Vec::new();
    with(|session| {
        sentences = session.visit.explain();
        None
    });
    serde_wasm_bindgen::to_value(&sentences).unwrap_or(JsValue::NULL)
}
