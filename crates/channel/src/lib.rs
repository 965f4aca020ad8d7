//! The channels of a visit record and its `fbc`, for the fields `channel`, `first_channel` and `fbc`.
//!
//! The table of sources is larger than all else that a landing page loads, so it is a module of its own: `tag.js` loads
//! it after consent, and only where a field asks. The rules are the core's; the collector uses the same ones.

use attribution::channel::Channel;
use attribution::visit_record::VisitRecord;
#[cfg(target_family = "wasm")]
use lol_alloc::{FreeListAllocator, LockedAllocator};
use wasm_bindgen::prelude::*;

/// Smaller than the allocator of std by 5 kB.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

/// The channel of the first touch, the channel of the newest one, and `fbc`, each a line. Empty for a text that is no
/// record.
#[wasm_bindgen]
#[must_use]
pub fn channels(record: &str) -> String {
    let Some(record) = VisitRecord::decode(record) else {
        return String::new();
    };
    let name = |touch| Channel::of(touch).label().name();
    let first = record.first().map(name).unwrap_or_default();
    let last = record.last().map(name).unwrap_or_default();
    let fbc = record.fbc().unwrap_or_default();
    [first, "\n", last, "\n", &fbc].concat()
}
