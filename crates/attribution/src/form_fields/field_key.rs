//! What a field wants to hold, and where it is found.

use crate::click_id::ClickIdParameter;
use crate::landing::{Parameter, Spelling, has_same_letters};
use crate::page_address::PageAddress;
use crate::pieces::pieces;
use crate::timestamp::Timestamp;
use crate::touch::Touch;
use crate::visit_record::VisitRecord;

/// What a form field wants to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldKey<'a> {
    /// From the first touch (`first_…`) instead of the current one.
    is_of_first_touch: bool,
    /// A name as we write it: one of [`OWN_TOKENS`], a registered click id, a `utm_` value, a parameter of the site.
    name: &'a str,
}

const LANDING_PAGE: &str = "landing_page";
const REFERRER: &str = "referrer";
const VISITED_AT: &str = "visited_at";
const LEAD_ID: &str = "lead_id";
const CHANNEL: &str = "channel";
const FBC: &str = "fbc";

/// Words that a form may have for the visitor too: "Who is your referrer?"
const ORDINARY_WORDS: &str = "landing_page,referrer,channel";

/// What we know besides the parameters of the landing.
const OWN_TOKENS: &str = "landing_page,referrer,channel,visited_at,lead_id,fbc";

const FIRST: &str = "first_";

impl<'a> FieldKey<'a> {
    /// The key of a token such as `gclid`, `first_utm_source`, `lead_id`; any case, and blanks or dashes where
    /// form builders put them. `params` are the site's own parameters.
    #[must_use]
    pub fn of_token(token: &str, params: &'a [String]) -> Option<Self> {
        if let Some(name) = known_name(token, params) {
            return Some(Self {
                is_of_first_touch: false,
                name,
            });
        }
        let (prefix, rest) = token.trim_ascii().split_at_checked(FIRST.len())?;
        let (word, separator) = prefix.split_at_checked(FIRST.len() - 1)?;
        if !has_same_letters(word, FIRST) || !matches!(separator, "_" | "-" | " ") {
            return None;
        }
        let name = known_name(rest, params)?;
        // Each submission has one lead_id, and each visitor one newest click at Meta.
        (name != LEAD_ID && name != FBC).then_some(Self {
            is_of_first_touch: true,
            name,
        })
    }

    pub(super) fn of_parameter(parameter: Parameter<'a>) -> Self {
        Self {
            is_of_first_touch: false,
            name: parameter.name(),
        }
    }

    /// Whether the field wants what hardly any field wants, and what is not loaded with the rest: a channel, `fbc`.
    #[must_use]
    pub fn is_rare(&self) -> bool {
        self.name == CHANNEL || self.name == FBC
    }

    /// Whether a form may have this name for something that a visitor fills in.
    pub(super) fn is_ordinary_word(&self) -> bool {
        pieces(ORDINARY_WORDS, b',').any(|word| word == self.name)
    }

    /// The one that the field wants of what was told: the channels of the first and of the newest touch and `fbc`, each a
    /// line.
    pub(crate) fn rare_value_in(&self, told: &str) -> FieldValue {
        let place = match self.name {
            FBC => 2,
            _ => usize::from(!self.is_of_first_touch),
        };
        FieldValue::Text(pieces(told, b'\n').nth(place).unwrap_or_default().to_owned())
    }

    pub(super) fn value_in_record(&self, record: &VisitRecord, lead_id: &str) -> FieldValue {
        let touch = match ClickIdParameter::named(self.name) {
            _ if self.name == LEAD_ID => return FieldValue::Text(lead_id.to_owned()),
            _ if self.is_of_first_touch => record.first(),
            Some(parameter) => record.click(parameter.platform()),
            None => record.last(),
        };
        match touch {
            Some(touch) if self.name == VISITED_AT => FieldValue::Moment(touch.at),
            Some(touch) => FieldValue::Text(self.text_in(touch).to_owned()),
            None => FieldValue::Text(String::new()),
        }
    }

    /// What one touch says in words, empty where it says nothing.
    pub(crate) fn text_in<'t>(&self, touch: &'t Touch) -> &'t str {
        let page = |page: &'t Option<PageAddress>| page.as_ref().map(PageAddress::as_str);
        let text = match self.name {
            LANDING_PAGE => page(&touch.landing_page),
            REFERRER => page(&touch.referrer),
            name => touch.landing.value(name),
        };
        text.unwrap_or_default()
    }
}

/// What a field is to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// This text.
    Text(String),
    /// This moment, as RFC 3339. Every page can write one by itself, and the browser script need not.
    Moment(Timestamp),
}

impl FieldValue {
    /// The text that the field is to hold.
    #[must_use]
    pub fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Moment(moment) => moment.to_rfc3339(),
        }
    }
}

/// The name that a token stands for, as we write it.
fn known_name<'a>(token: &str, params: &'a [String]) -> Option<&'a str> {
    let mut own = pieces(OWN_TOKENS, b',');
    own.find(|name| has_same_letters(name, token))
        .or_else(|| Parameter::of(token, Spelling::Letters, params).map(Parameter::name))
}
