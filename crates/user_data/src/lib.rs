//! Hashes the e-mail address and the phone number of a form that is being sent, for sites that ask for it.
//!
//! Unicode's tables of accents and the countries' phone numbers are larger than all else that a landing page loads, so
//! this is a module of its own. The rules are the core's; the collector uses the same ones, or its hashes would match
//! nothing.

use attribution::page_state::PageState;
use attribution::user_data::{Country, Email, Phone, UserData};
#[cfg(target_family = "wasm")]
use lol_alloc::{FreeListAllocator, LockedAllocator};
use wasm_bindgen::prelude::*;

/// Smaller than the allocator of std by 5 kB.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

/// The member `user` of a lead as JSON: of what the module says of its page view, of an e-mail address and a phone number
/// as the visitor wrote them, and of the tag's `data-phone-country`. `None` where nothing can be told, and without the
/// visitor's `ad_user_data`; then nothing is hashed either.
#[wasm_bindgen]
#[must_use]
pub fn user(state: &str, email: &str, phone: &str, country: &str) -> Option<String> {
    let permitted = PageState::parse(state).permitted_user_data(|| UserData {
        email: Email::parse(email)
            .map(|email| email.hashes())
            .unwrap_or_default(),
        phone: Phone::parse(phone, Country::named(country))
            .map(|phone| phone.hashes())
            .unwrap_or_default(),
    });
    permitted
        .filter(|user| !user.value().is_empty())
        .map(|user| user.to_json())
}
