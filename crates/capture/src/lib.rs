//! The browser shell: it reads the page, asks the core, and does what the core answers. It decides nothing.
//!
//! It has two halves. The page script (`page/`) hears the page's events, reads and writes its inputs, its cookie and its
//! storage. This module answers its questions. Everything that passes between them is text and numbers, through one
//! door, because each further function and each object that WebAssembly holds of the page costs every visitor bytes. The
//! module calls nothing but what takes its answers, so the page's own handlers can never find it half-way through its work,
//! and the same code runs as plain JavaScript where WebAssembly may not.

mod page; // who hears the answers
mod question; // what the page script may ask
mod session; // the one visit of this page, and what happens around it

use std::cell::Cell;

#[cfg(target_family = "wasm")]
use lol_alloc::{FreeListAllocator, LockedAllocator};
use wasm_bindgen::prelude::*;

use crate::question::Question;
use crate::session::Session;

/// Smaller than the allocator of std by 5 kB.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

thread_local! {
    // Lives as long as the page, so nothing is ever dropped.
    static SESSION: Cell<Option<&'static mut Session>> = const { Cell::new(None) };
}

/// Answers a question, by a call of the page script. Which there are, and what text and number go with each, says `question.rs`; a
/// number that is none and whatever comes before the start have no answer. `now` is the visitor's clock, in milliseconds.
#[wasm_bindgen]
pub fn ask(question: u8, text: &str, number: f64, now: f64) {
    let Some(question) = Question::numbered(question) else {
        return;
    };
    if question == Question::Start {
        let session = Session::start(text, page::moment(number));
        SESSION.set(Some(Box::leak(Box::new(session))));
        return;
    }
    // Taken out while it works, so that not even a page that calls from inside our work finds it half-way.
    if let Some(session) = SESSION.take() {
        session.answer(question, text, number, page::moment(now));
        SESSION.set(Some(session));
    }
}
