//! Placeholder until the browser shell stands.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn start() {}
