//! Hands a lead to the collector. Never delays the form: `keepalive` lets the request outlive the page, and a
//! `text/plain` body needs no preflight (<https://fetch.spec.whatwg.org/#cors-safelisted-request-header>).

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{ReferrerPolicy, RequestInit, Response};

use crate::page;

/// What became of a lead.
pub(crate) enum Answer {
    /// The collector stored it.
    Stored,
    /// The collector had it already.
    Repeated,
    /// The collector will not have it; the code says why.
    Refused(String),
    /// No answer came.
    Unreachable,
}

impl Answer {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Repeated => "repeated",
            Self::Refused(_) => "refused",
            Self::Unreachable => "unreachable",
        }
    }
}

/// Posts the body to `v1/leads` and tells what became of it.
pub(crate) fn send(collector: &str, body: &str, hear: impl FnOnce(Answer) + Clone + 'static) {
    let Some(promise) = post(collector, body) else {
        return hear(Answer::Unreachable);
    };
    let unreachable = hear.clone();
    let answered = Closure::once(move |response: JsValue| read(response.unchecked_into(), hear));
    let failed = Closure::once(move |_: JsValue| unreachable(Answer::Unreachable));
    // The returned promise cannot reject: both ways are handled.
    let _ = promise.then2(&answered, &failed);
    answered.forget();
    failed.forget();
}

fn post(collector: &str, body: &str) -> Option<Promise> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&body.into());
    // The path and the query of the page may hold visitor data, so they stay out of `Referer`.
    init.set_referrer_policy(ReferrerPolicy::StrictOrigin);
    init.set_credentials(web_sys::RequestCredentials::Omit);
    // Setting a property of a fresh plain object cannot fail.
    let _ = Reflect::set(&init, &"keepalive".into(), &JsValue::TRUE);
    Some(page::window()?.fetch_with_str_and_init(&[collector, "v1/leads"].concat(), &init))
}

fn read(response: Response, hear: impl FnOnce(Answer) + 'static) {
    match (response.status(), response.json()) {
        (201, _) => hear(Answer::Stored),
        (200, _) => hear(Answer::Repeated),
        (_, Ok(problem)) => {
            let told = Closure::once(move |problem: JsValue| {
                let code = Reflect::get(&problem, &"code".into())
                    .ok()
                    .and_then(|code| code.as_string());
                hear(Answer::Refused(code.unwrap_or_default()));
            });
            let ignored = Closure::once(|_: JsValue| {});
            let _ = problem.then2(&told, &ignored);
            told.forget();
            ignored.forget();
        }
        (_, Err(_)) => hear(Answer::Refused(String::new())),
    }
}
