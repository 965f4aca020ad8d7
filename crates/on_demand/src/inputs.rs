//! The hidden inputs of the page, as `page/fields.js` walks them.

use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;

/// A page with more of them is not read to its end for a few sentences.
const INPUTS_MAX: u32 = 500;

/// What `Field::of_hints` reads of each, and its value. A sentence about a field needs no more of its surroundings.
pub(crate) fn hidden() -> Vec<(String, String)> {
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|document| document.query_selector_all("input[type=hidden i]").ok());
    let mut inputs = Vec::new();
    let Some(found) = found else {
        return inputs;
    };
    for place in 0..found.length().min(INPUTS_MAX) {
        let Some(input) = found
            .item(place)
            .and_then(|node| node.dyn_into::<HtmlInputElement>().ok())
        else {
            continue;
        };
        let attribute = |name: &str| input.get_attribute(name).unwrap_or_default();
        let hints = [
            "hidden".to_owned(),
            String::new(),
            attribute("name"),
            attribute("id"),
            attribute("data-throughline-field"),
            attribute("data-original_id"),
            attribute("data-name"),
        ];
        inputs.push((hints.join("\0"), input.value()));
    }
    inputs
}
