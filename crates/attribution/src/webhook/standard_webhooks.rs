//! A body in our own words, or in others that the site maps: of Standard Webhooks, and of every system that signs by
//! HMAC. The outcome stands in `data`, as the specification advises, or is the body itself.

use serde_json::value::RawValue;

use super::Event;
use super::mapping::Mapping;
use super::pointer::at;

/// Without a kind in the data, the event's type is one.
const PLACES: [(&str, &str); 1] = [("kind", "/type")];

pub(super) fn hear(json: &RawValue, mapping: &Mapping) -> Event {
    let place = match at(json, "/data") {
        Some(data) if data.get().starts_with('{') => "/data",
        _ => "",
    };
    mapping.hear(json, place, &PLACES, &[], &[])
}
