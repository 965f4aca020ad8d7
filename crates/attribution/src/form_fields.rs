//! Which hidden field wants which value, and whether it may be written.
//!
//! The first hint that names a value decides: the tag's `data-map`, our own attribute, a default-value token,
//! the field's name, its id. Names are compared whole, never by a part, so `gclid_date` is not `gclid`.

use crate::campaign::UTM_PARAMETERS;
use crate::click_id::ClickIdParameter;
use crate::consent::Permitted;
use crate::lead_id::LeadId;
use crate::page_address::PageAddress;
use crate::pieces::pieces;
use crate::tag_settings::TagSettings;
use crate::timestamp::Timestamp;
use crate::touch::Touch;
use crate::visit_record::VisitRecord;

/// What a form field wants to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldKey {
    /// From the first touch (`first_…`) instead of the current one.
    is_of_first_touch: bool,
    wanted: Wanted,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Wanted {
    ClickId(ClickIdParameter),
    /// A `utm_` value or one of the site's own parameters.
    Campaign(String),
    LandingPage,
    Referrer,
    VisitedAt,
    LeadId,
}

const FIRST: &str = "first_";

impl FieldKey {
    /// The key of a token such as `gclid`, `first_utm_source`, `lead_id`; any case, and blanks or dashes where
    /// form builders put them. `params` are the site's own parameters.
    #[must_use]
    pub fn of_token(token: &str, params: &[String]) -> Option<Self> {
        if let Some(wanted) = Wanted::named(token, params) {
            return Some(Self {
                is_of_first_touch: false,
                wanted,
            });
        }
        let (prefix, rest) = token.trim_ascii().split_at_checked(FIRST.len())?;
        let (word, separator) = prefix.split_at_checked(FIRST.len() - 1)?;
        if !is_same(word, FIRST) || !matches!(separator, "_" | "-" | " ") {
            return None;
        }
        let wanted = Wanted::named(rest, params)?;
        (wanted != Wanted::LeadId).then_some(Self {
            is_of_first_touch: true,
            wanted,
        })
    }

    /// Whether the field wants the lead_id, which is made anew for each submission.
    #[must_use]
    pub fn is_lead_id(&self) -> bool {
        self.wanted == Wanted::LeadId
    }
}

impl Wanted {
    fn named(name: &str, params: &[String]) -> Option<Self> {
        let is = |token: &str| is_same(token, name);
        if is("landing_page") {
            return Some(Self::LandingPage);
        }
        if is("referrer") {
            return Some(Self::Referrer);
        }
        if is("visited_at") {
            return Some(Self::VisitedAt);
        }
        if is("lead_id") {
            return Some(Self::LeadId);
        }
        if let Some(parameter) = ClickIdParameter::all().find(|parameter| is_same(parameter.name(), name)) {
            return Some(Self::ClickId(parameter));
        }
        let utm = UTM_PARAMETERS.iter().copied();
        let mut campaign = utm.chain(params.iter().map(String::as_str));
        campaign
            .find(|parameter| is_same(parameter, name))
            .map(|found| Self::Campaign(found.to_owned()))
    }
}

/// Whether two names have the same letters and digits, in any case: `UTM_Source`, `utm-source` and `utm source`
/// are one name.
#[inline(never)]
fn is_same(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes()
        .filter(u8::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
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
    /// What we wrote into it before, if anything.
    pub written: Option<&'a str>,
}

/// What is to be done with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// What the field wants.
    pub key: FieldKey,
    /// Whether its present value is a token, which must not reach the CRM.
    pub holds_token: bool,
}

impl Field<'_> {
    /// What this field wants, where it wants anything of ours and may be written: a hidden input that is empty,
    /// holds a token, or still holds what we wrote.
    #[must_use]
    pub fn recognise(&self, settings: &TagSettings) -> Option<Match> {
        // A visible field stays with the visitor, whatever its name.
        if !self.input_type.eq_ignore_ascii_case("hidden") {
            return None;
        }
        let token = self.token(settings);
        let holds_token = token.is_some();
        let is_ours = self.value.is_empty() || holds_token || self.written == Some(self.value);
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
        let record = self.value();
        let touch = match &key.wanted {
            Wanted::LeadId => return lead_id.map(LeadId::as_str).unwrap_or_default().to_owned(),
            _ if key.is_of_first_touch => record.first(),
            Wanted::ClickId(parameter) => record.click(parameter.platform()),
            _ => record.last(),
        };
        touch
            .and_then(|touch| key.wanted.value_in(touch))
            .unwrap_or_default()
    }
}

impl Wanted {
    fn value_in(&self, touch: &Touch) -> Option<String> {
        match self {
            Self::ClickId(parameter) => touch.landing.value(parameter.name()).map(str::to_owned),
            Self::Campaign(name) => touch.landing.value(name).map(str::to_owned),
            Self::LandingPage => touch.landing_page.as_ref().map(page),
            Self::Referrer => touch.referrer.as_ref().map(page),
            Self::VisitedAt => Some(Timestamp::to_rfc3339(touch.at)),
            Self::LeadId => None,
        }
    }
}

fn page(address: &PageAddress) -> String {
    address.as_str().to_owned()
}

#[cfg(test)]
mod tests;
