//! Which field wants which value, and whether it may be written.
//!
//! The first hint that names a value decides. Three the site owner has written for us: the tag's `data-map`, our own
//! attribute, a default-value token. The others are names that form builders give: the field's name, the attributes in
//! which some builders keep it, its id, its classes, the classes of an element around it alone. Names are compared
//! whole, never by a part, so `gclid_date` is not `gclid`.

use crate::consent::Permitted;
use crate::landing::{Parameter, Spelling};
use crate::pieces::{Separators, first_pieces, pieces};
use crate::tag_settings::TagSettings;
use crate::visit_record::VisitRecord;

mod builder_name; // a name as a form builder writes it
mod field_key; // what a field wants
mod off_limits; // fields that are nobody's business

pub use field_key::{FieldKey, FieldValue};

/// A field as the page shows it. What a page does not say is empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct Field<'a> {
    /// The `type` of the input, in small letters; `textarea` for one; empty for the element of a page's own class.
    pub input_type: &'a str,
    /// Whether the page's style hides it within its form.
    pub is_hidden_by_style: bool,
    /// Its `name`.
    pub name: &'a str,
    /// Its `id`.
    pub id: &'a str,
    /// What the tag's `data-map` says of it, else its `data-throughline-field`. With an exclamation mark at its end the
    /// owner gives up whatever stands there.
    pub own_attribute: &'a str,
    /// Its `data-original_id`, as Divi writes it, and its `data-name`, as ActiveCampaign and Webflow do.
    pub builder_names: [&'a str; 2],
    /// Its `autocomplete`.
    pub autocomplete: &'a str,
    /// Its classes.
    pub classes: &'a str,
    /// The classes of at most three elements around it that hold no other field.
    pub wrapper_classes: &'a str,
    /// Whether it stands in a form for searching or for logging in.
    pub is_guarded: bool,
    /// The name of its form's honeypot, as Netlify's forms say it.
    pub honeypot: &'a str,
    /// Its present value.
    pub value: &'a str,
    /// When it is looked at.
    pub moment: Moment,
}

/// When a field is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Moment {
    /// While the page lives.
    #[default]
    Passing,
    /// The form is being sent: the last chance.
    Submitting,
    /// The page has just been parsed again, and the browser may have put back what stood in its fields before.
    Restored,
}

impl Moment {
    /// The moment by the number that the page script uses.
    #[must_use]
    pub fn numbered(number: u32) -> Self {
        match number {
            1 => Self::Submitting,
            2 => Self::Restored,
            _ => Self::Passing,
        }
    }
}

/// What is to be done with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match<'a> {
    /// What the field wants.
    pub key: FieldKey<'a>,
    /// Whether its present value is a token, which must not reach the CRM.
    pub holds_token: bool,
    /// A present value that may be somebody else's. It gives way only to what we know to have put it there.
    pub occupied_by: Option<&'a str>,
}

impl<'a> Field<'a> {
    /// A field with what the page script says of it, joined by NUL in the order of [`Field`], and the value that it held
    /// before we wrote to it.
    #[must_use]
    pub fn of_hints(hints: &'a str, value: &'a str, moment: Moment) -> Self {
        let hints: [_; 12] = first_pieces(hints, b'\0');
        let [
            input_type,
            hidden,
            name,
            id,
            own,
            original_id,
            data_name,
            autocomplete,
            classes,
            around,
            guarded,
            trap,
        ] = hints;
        Self {
            input_type,
            is_hidden_by_style: !hidden.is_empty(),
            name,
            id,
            own_attribute: own,
            builder_names: [original_id, data_name],
            autocomplete,
            classes,
            wrapper_classes: around,
            is_guarded: !guarded.is_empty(),
            honeypot: trap,
            value,
            moment,
        }
    }

    /// What this field wants, where it wants anything of ours and may be written. A field that a visitor can see stays
    /// with the visitor, whatever its name.
    #[must_use]
    pub fn recognise(&self, settings: &'a TagSettings) -> Option<Match<'a>> {
        let is_hidden = self.is_of_hidden_type() || self.is_hidden_by_style && self.is_text();
        if !is_hidden || self.is_off_limits() {
            return None;
        }
        let token = self.token(settings);
        let holds_token = token.is_some();
        let key = FieldKey::of_token(self.own_attribute, &settings.params)
            .or(token)
            .or_else(|| self.named(settings))?;
        let is_ours = self.value.is_empty()
            || holds_token
            || self.own_attribute.ends_with('!')
            || self.moment == Moment::Restored;
        Some(Match {
            key,
            holds_token,
            occupied_by: (!is_ours).then_some(self.value),
        })
    }

    fn is_of_hidden_type(&self) -> bool {
        self.input_type == "hidden"
    }

    fn is_text(&self) -> bool {
        matches!(self.input_type, "" | "text" | "textarea")
    }

    /// `[gclid]` or `{{gclid}}` as the whole value. Unknown words belong to somebody else and stay.
    fn token(&self, settings: &'a TagSettings) -> Option<FieldKey<'a>> {
        let value = self.value.trim_ascii();
        let bracketed = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let braced = value.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
        FieldKey::of_token(bracketed.or(braced)?, &settings.params)
    }

    /// What the names say that nobody wrote for us alone.
    fn named(&self, settings: &'a TagSettings) -> Option<FieldKey<'a>> {
        if self.is_guarded || self.is_state() {
            return None;
        }
        let [original_id, data_name] = self.builder_names;
        for (place, name) in [self.name, original_id, data_name, self.id]
            .into_iter()
            .enumerate()
        {
            let key = builder_name::key_of(name, place == 3, &settings.params);
            if let Some(key) = key.filter(|key| self.is_of_hidden_type() || !key.is_ordinary_word()) {
                return Some(key);
            }
        }
        // A text that is hidden by style may be a trap for robots, so its name alone counts, unless a builder itself says
        // that its owner has hidden it.
        let is_hidden_by_owner = self.is_of_hidden_type()
            || classes(self.wrapper_classes).any(|class| class == "gfield_visibility_hidden");
        for class in classes(self.classes).chain(classes(self.wrapper_classes)) {
            // Not by the site's own parameters, which may be as common words as classes are.
            let parameter = Parameter::of(class, Spelling::Exact, &[]).filter(|_| is_hidden_by_owner);
            if let Some(parameter) = parameter {
                return Some(FieldKey::of_parameter(parameter));
            }
        }
        None
    }
}

fn classes(attribute: &str) -> impl Iterator<Item = &str> {
    pieces(attribute, const { Separators::any_of(b" \t\n\r\x0c") })
}

impl Permitted<VisitRecord> {
    /// The value of a field, empty where there is none. Click ids come from the newest click of their platform,
    /// everything else from the newest touch, or both from the first touch; visits are never mixed.
    #[must_use]
    pub fn field_value(&self, key: FieldKey<'_>, lead_id: &str) -> FieldValue {
        key.value_in_record(self.value(), lead_id)
    }
}

#[cfg(test)]
mod tests;
