//! What a page downloads only when it needs it: sentences for the site owner, click ids that the platforms' own tags
//! kept, a visit that another site of the same owner handed over.
//!
//! The rules are the core's. Unlike the module of every landing page, this part may look at the page by itself, so it
//! is where the client's packages for the browser stand: hardly any visitor pays for their bytes.

mod device; // what the device really keeps
mod inputs; // the hidden fields of the page

use attribution::explain::{Facts, explain};
use attribution::page_state::PageState;
use attribution::tag_settings::TagSettings;
#[cfg(target_family = "wasm")]
use lol_alloc::{FreeListAllocator, LockedAllocator};
use wasm_bindgen::prelude::*;

/// Smaller than the allocator of std by 5 kB.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

/// The sentences of `throughline.explain()`, as an array of strings: of what the module says of its page view, the
/// attributes of the tag (`name=value`, joined by NUL), the page's addresses (each a line), the consent tools that were
/// found (with commas between), and what became of a visit that was handed over (empty where none was).
#[wasm_bindgen]
#[must_use]
pub fn sentences(state: &str, attributes: &str, addresses: &str, tools: &str, handed_over: &str) -> JsValue {
    let sentences = explain(&Facts {
        state: &PageState::parse(state),
        settings: &TagSettings::of_attributes(attributes),
        addresses,
        tools,
        cookie: &device::cookie(),
        local_storage: &device::local_storage(),
        inputs: &inputs::hidden(),
        handed_over: (!handed_over.is_empty()).then_some(handed_over),
    });
    serde_wasm_bindgen::to_value(&sentences).unwrap_or_default()
}
