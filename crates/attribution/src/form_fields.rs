//! Which hidden field wants which value, and whether it may be written.
//!
//! The first hint that names a value decides: the tag's `data-map`, our own attribute, a default-value token,
//! the field's name, its id. Names are compared whole, never by a part, so `gclid_date` is not `gclid`.

use crate::click_id::ClickIdParameter;
use crate::consent::Permitted;
use crate::landing::{Parameter, Spelling, has_same_letters};
use crate::lead_id::LeadId;
use crate::page_address::PageAddress;
use crate::pieces::{cut, pieces};
use crate::tag_settings::TagSettings;
use crate::touch::Touch;
use crate::visit::Moment;
use crate::visit_record::VisitRecord;

/// What a form field wants to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldKey {
    /// From the first touch (`first_…`) instead of the current one.
    is_of_first_touch: bool,
    /// A name as we write it: one of [`OWN_TOKENS`], a registered click id, a `utm_` value, a parameter of the site.
    name: String,
}

const LANDING_PAGE: &str = "landing_page";
const REFERRER: &str = "referrer";
const VISITED_AT: &str = "visited_at";
const LEAD_ID: &str = "lead_id";
const CHANNEL: &str = "channel";
const FBC: &str = "fbc";

/// What we know besides the parameters of the landing.
const OWN_TOKENS: [&str; 6] = [LANDING_PAGE, REFERRER, VISITED_AT, LEAD_ID, CHANNEL, FBC];

const FIRST: &str = "first_";

impl FieldKey {
    /// The key of a token such as `gclid`, `first_utm_source`, `lead_id`; any case, and blanks or dashes where
    /// form builders put them. `params` are the site's own parameters.
    #[must_use]
    pub fn of_token(token: &str, params: &[String]) -> Option<Self> {
        if let Some(name) = known_name(token, params) {
            return Some(Self {
                is_of_first_touch: false,
                name: name.to_owned(),
            });
        }
        let (prefix, rest) = token.trim_ascii().split_at_checked(FIRST.len())?;
        let (word, separator) = prefix.split_at_checked(FIRST.len() - 1)?;
        if !has_same_letters(word, FIRST) || !matches!(separator, "_" | "-" | " ") {
            return None;
        }
        let name = known_name(rest, params)?;
        // Each submission has one lead_id, and each visitor one newest click at Meta.
        (name != LEAD_ID && name != FBC).then(|| Self {
            is_of_first_touch: true,
            name: name.to_owned(),
        })
    }

    /// Whether the field wants the lead_id, which is made anew for each submission.
    #[must_use]
    pub fn is_lead_id(&self) -> bool {
        self.name == LEAD_ID
    }

    /// Whether the field wants a channel, which is told by lists that are not loaded with the rest.
    #[must_use]
    pub fn is_channel(&self) -> bool {
        self.name == CHANNEL
    }

    /// The one that the field wants of the channels of the first and of the newest touch, each a line.
    pub(crate) fn channel_in(&self, channels: &str) -> String {
        let (first, last) = cut(channels, b"\n");
        let channel = if self.is_of_first_touch { Some(first) } else { last };
        channel.unwrap_or_default().to_owned()
    }

    fn value_in(&self, touch: &Touch) -> String {
        let page = |page: &Option<PageAddress>| {
            page.as_ref()
                .map(PageAddress::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        match self.name.as_str() {
            LANDING_PAGE => page(&touch.landing_page),
            REFERRER => page(&touch.referrer),
            VISITED_AT => touch.at.to_rfc3339(),
            name => touch.landing.value(name).unwrap_or_default().to_owned(),
        }
    }
}

/// The name that a token stands for, as we write it.
fn known_name<'a>(token: &str, params: &'a [String]) -> Option<&'a str> {
    let mut own = OWN_TOKENS.into_iter();
    own.find(|name| has_same_letters(name, token))
        .or_else(|| Parameter::of(token, Spelling::Letters, params).map(Parameter::name))
}

/// A field as the page shows it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Field<'a> {
    /// The `type` of the input.
    pub input_type: &'a str,
    /// Its `name`.
    pub name: &'a str,
    /// Its `id`.
    pub id: &'a str,
    /// Its `data-throughline-field`.
    pub own_attribute: &'a str,
    /// Its present value.
    pub value: &'a str,
    /// When it is looked at.
    pub moment: Moment,
}

/// What is to be done with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// What the field wants.
    pub key: FieldKey,
    /// Whether its present value is a token, which must not reach the CRM.
    pub holds_token: bool,
}

impl<'a> Field<'a> {
    /// A hidden input with the `name`, `id` and `data-throughline-field` that the page script joined by NUL, and the
    /// value that it held before we wrote to it.
    #[must_use]
    pub fn of_hints(hints: &'a str, value: &'a str, moment: Moment) -> Self {
        let mut hints = pieces(hints, b"\0");
        let mut next = || hints.next().unwrap_or_default();
        Self {
            // The selector of `Visit::fields` lets no other type in.
            input_type: "hidden",
            name: next(),
            id: next(),
            own_attribute: next(),
            value,
            moment,
        }
    }
    /// What this field wants, where it wants anything of ours and may be written: a hidden input that is empty,
    /// holds a token, or holds what the browser put back.
    #[must_use]
    pub fn recognise(&self, settings: &TagSettings) -> Option<Match> {
        // A visible field stays with the visitor, whatever its name.
        if !self.input_type.eq_ignore_ascii_case("hidden") {
            return None;
        }
        let token = self.token(settings);
        let holds_token = token.is_some();
        let is_ours = self.value.is_empty() || holds_token || self.moment == Moment::Restored;
        let key = self
            .mapped(settings)
            .or_else(|| FieldKey::of_token(self.own_attribute, &settings.params))
            .or(token)
            .or_else(|| named(self.name, settings))
            .or_else(|| named(self.id, settings))?;
        is_ours.then_some(Match { key, holds_token })
    }

    fn mapped(&self, settings: &TagSettings) -> Option<FieldKey> {
        let is_this = |field: &str| !field.is_empty() && (field == self.name || field == self.id);
        settings
            .map
            .iter()
            .find(|(field, _)| is_this(field))
            .map(|(_, key)| key.clone())
    }

    /// `[gclid]` or `{{gclid}}` as the whole value. Unknown words belong to somebody else and stay.
    fn token(&self, settings: &TagSettings) -> Option<FieldKey> {
        let value = self.value.trim_ascii();
        let bracketed = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let braced = value.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
        FieldKey::of_token(bracketed.or(braced)?, &settings.params)
    }
}

/// The whole name, or its last bracket segment as in `form_fields[gclid]`.
fn named(name: &str, settings: &TagSettings) -> Option<FieldKey> {
    let segment = name.strip_suffix(']').and_then(|rest| pieces(rest, b"[").last());
    let key = FieldKey::of_token(name, &settings.params);
    key.or_else(|| FieldKey::of_token(segment?, &settings.params))
}

impl Permitted<VisitRecord> {
    /// The value of a field, empty where there is none. Click ids come from the newest click of their platform,
    /// everything else from the newest touch, or both from the first touch; visits are never mixed.
    #[must_use]
    pub fn field_value(&self, key: &FieldKey, lead_id: Option<&LeadId>) -> String {
        if key.is_lead_id() {
            return lead_id.map(LeadId::as_str).unwrap_or_default().to_owned();
        }
        let record = self.value();
        if key.name == FBC {
            return record.fbc().unwrap_or_default();
        }
        let touch = if key.is_of_first_touch {
            record.first()
        } else if let Some(parameter) = ClickIdParameter::named(&key.name) {
            record.click(parameter.platform())
        } else {
            record.last()
        };
        touch.map(|touch| key.value_in(touch)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
