//! What a page downloads only when it needs it: sentences for the site owner, click ids that the platforms' own tags
//! kept, a visit that another site of the same owner handed over, the addresses of embeds.
//!
//! The rules are the core's. Unlike the module of every landing page, this part may look at the page by itself, so it
//! is where the client's packages for the browser stand: hardly any visitor pays for their bytes.

mod device; // what the device really keeps
mod inputs; // the hidden fields of the page
mod handed_over; // the visit that a link carried here

use attribution::explain::{Facts, explain};
use attribution::hand_over::{self, domains_in};
use attribution::page_state::PageState;
use attribution::platform_cookie;
use attribution::tag_settings::TagSettings;
use attribution::timestamp::Timestamp;
use attribution::visit_record::VisitRecord;
#[cfg(target_family = "wasm")]
use lol_alloc::{FreeListAllocator, LockedAllocator};
use wasm_bindgen::prelude::*;

/// Smaller than the allocator of std by 5 kB.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

/// The visitor's clock.
fn now() -> Timestamp {
    Timestamp::from_ms(js_sys::Date::now() as i64)
}

/// The sentences of `throughline.explain()`, as an array of strings: of what the module says of its page view, the
/// attributes of the tag (`TagSettings::of_attributes`), the page's addresses (each a line) and the consent tools that
/// were found (with commas between).
#[wasm_bindgen]
#[must_use]
pub fn sentences(state: &str, attributes: &str, addresses: &str, tools: &str) -> JsValue {
    let sentences = explain(&Facts {
        state: &PageState::parse(state),
        settings: &TagSettings::of_attributes(attributes),
        addresses,
        tools,
        cookie: &device::cookie(),
        local_storage: &device::local_storage(),
        inputs: &inputs::hidden(),
        leads_waiting: device::leads_waiting(),
        handed_over: handed_over::sentence(),
    });
    serde_wasm_bindgen::to_value(&sentences).unwrap_or_default()
}

/// The clicks that the platforms' own cookies tell of, as the text of a record. Empty without consent, in which case no
/// cookie is read, and where the cookies tell of nothing.
#[wasm_bindgen]
#[must_use]
pub fn clicks(state: &str) -> String {
    let state = PageState::parse(state);
    let clicks = state.record().and_then(|record| {
        let mut clicks = VisitRecord::default();
        for touch in platform_cookie::touches(&device::cookies()?, record.value(), now()) {
            clicks.add(touch);
        }
        state.permitted(clicks)
    });
    let told = clicks.filter(|clicks| !clicks.value().touches().is_empty());
    told.map(|clicks| clicks.encode()).unwrap_or_default()
}

/// Where a link leads that hands the record over: `None` where its address is to be left as it is. `here` is the page's
/// own address, `domains` the tag's `data-link-domains`.
#[wasm_bindgen]
#[must_use]
pub fn linked(state: &str, href: &str, here: &str, domains: &str) -> Option<String> {
    let record = PageState::parse(state).record()?;
    if !hand_over::leads_to(href, here, &domains_in(domains)) {
        return None;
    }
    let token = record.hand_over(now());
    (!token.is_empty()).then(|| hand_over::decorate(href, &token))
}

/// What an attribute of an embed should hold where `found` stands in it by itself; `None` where it is to be left alone.
/// `settings` are the attributes of the tag (`TagSettings::of_attributes`); `is_named` says whether the owner's selector
/// names the embed.
#[wasm_bindgen]
#[must_use]
pub fn embedded(state: &str, settings: &str, attribute: &str, found: &str, is_named: bool) -> Option<String> {
    let record = PageState::parse(state).record()?;
    record.embedded(attribute, found, is_named, &TagSettings::of_attributes(settings))
}

/// Opens what the page's addresses (each a line) carried, if anything, and lets it wait.
#[wasm_bindgen]
pub fn open(addresses: &str, referrer: &str, domains: &str) {
    handed_over::open(addresses, referrer, &domains_in(domains), now());
}

/// The text of the record that was handed over, once consent is granted.
#[wasm_bindgen]
#[must_use]
pub fn handed_over(state: &str) -> Option<String> {
    handed_over::take(&PageState::parse(state))
}
