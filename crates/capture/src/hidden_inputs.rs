//! Finds hidden inputs and writes into them as a visitor's typing would: through the prototype's setter, so that
//! frameworks notice, followed by bubbling `input` and `change`.

use attribution::form_fields::{Field, Match};
use attribution::tag_settings::{Forms, TagSettings};
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, EventInit, HtmlInputElement};

use crate::page;

const HIDDEN_INPUTS: &str = "input[type=hidden i]";

/// The inputs that we wrote to, each with what we wrote.
pub(crate) struct Written(Vec<(HtmlInputElement, String)>);

impl Written {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn value(&self, input: &HtmlInputElement) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == input)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn note(&mut self, input: &HtmlInputElement, value: &str) {
        self.0.retain(|(known, _)| known != input);
        self.0.push((input.clone(), value.to_owned()));
    }

    /// Takes out every input that still holds what we wrote, and forgets them all.
    pub(crate) fn take_unchanged(&mut self) -> Vec<HtmlInputElement> {
        let unchanged =
            |(input, value): (HtmlInputElement, String)| (input.value() == value).then_some(input);
        std::mem::take(&mut self.0)
            .into_iter()
            .filter_map(unchanged)
            .collect()
    }

    /// Lets go of inputs that the page has removed.
    pub(crate) fn drop_removed(&mut self) {
        self.0.retain(|(input, _)| input.is_connected());
    }
}

/// The hidden inputs below `root`, or of the whole page, in forms that the site lets us look at.
pub(crate) fn find(root: Option<&Element>, forms: &Forms) -> Vec<HtmlInputElement> {
    let list = match root {
        Some(root) => root.query_selector_all(HIDDEN_INPUTS).ok(),
        None => page::document().and_then(|document| document.query_selector_all(HIDDEN_INPUTS).ok()),
    };
    let Some(list) = list else { return Vec::new() };
    // Not `dyn_into`: it asks `instanceof`, which is false for elements that came from a frame.
    let inputs = (0..list.length())
        .filter_map(|index| list.item(index))
        .map(JsCast::unchecked_into);
    inputs.filter(|input| is_wanted(input, forms)).collect()
}

fn is_wanted(input: &HtmlInputElement, forms: &Forms) -> bool {
    match forms {
        Forms::Auto => !input.disabled(),
        Forms::Off => false,
        Forms::Matching(selector) => {
            !input.disabled() && input.closest(selector).is_ok_and(|form| form.is_some())
        }
    }
}

/// Asks the core what the input wants.
pub(crate) fn recognise(
    input: &HtmlInputElement,
    written: Option<&str>,
    settings: &TagSettings,
) -> Option<Match> {
    Field {
        input_type: "hidden",
        name: &input.name(),
        id: &input.id(),
        own_attribute: &input.get_attribute("data-throughline-field").unwrap_or_default(),
        value: &input.value(),
        written,
    }
    .recognise(settings)
}

/// Writes the value and tells the page. `autocomplete=off` keeps Firefox from putting it back after a reload,
/// when consent may be gone (<https://developer.mozilla.org/docs/Web/HTML/Attributes/autocomplete>).
pub(crate) fn write(input: &HtmlInputElement, value: &str) {
    let _ = input.set_attribute("autocomplete", "off");
    match prototype_setter() {
        Some(setter) => drop(setter.call1(input, &value.into())),
        None => input.set_value(value),
    }
    let init = EventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    for name in ["input", "change"] {
        if let Ok(event) = Event::new_with_event_init_dict(name, &init) {
            let _ = input.dispatch_event(&event);
        }
    }
}

/// The setter of `HTMLInputElement.prototype.value`. React puts a setter of its own on each input, which would
/// swallow the change (<https://github.com/facebook/react/issues/11488>).
fn prototype_setter() -> Option<Function> {
    let class = Reflect::get(page::window()?.as_ref(), &"HTMLInputElement".into()).ok()?;
    let prototype: Object = Reflect::get(&class, &"prototype".into()).ok()?.unchecked_into();
    let descriptor = Reflect::get_own_property_descriptor(&prototype, &"value".into()).ok()?;
    Reflect::get(&descriptor, &"set".into()).ok()?.dyn_into().ok()
}
