//! What a field wants to hold, and where it is found.

use crate::click_id::ClickIdParameter;
use crate::landing::{Parameter, Spelling, has_same_letters};
use crate::page_address::PageAddress;
use crate::pieces::{cut, pieces};
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

    /// Whether the field wants a channel, which is told by lists that are not loaded with the rest.
    #[must_use]
    pub fn is_channel(&self) -> bool {
        self.name == CHANNEL
    }

    /// Whether a form may have this name for something that a visitor fills in.
    pub(super) fn is_ordinary_word(&self) -> bool {
        pieces(ORDINARY_WORDS, b",").any(|word| word == self.name)
    }

    /// The one that the field wants of the channels of the first and of the newest touch, each a line.
    pub(crate) fn channel_in(&self, channels: &str) -> String {
        let (first, last) = cut(channels, b"\n");
        let channel = if self.is_of_first_touch { Some(first) } else { last };
        channel.unwrap_or_default().to_owned()
    }

    pub(super) fn value_in_record(&self, record: &VisitRecord, lead_id: &str) -> String {
        if self.name == LEAD_ID {
            return lead_id.to_owned();
        }
        if self.name == FBC {
            return record.fbc().unwrap_or_default();
        }
        let touch = if self.is_of_first_touch {
            record.first()
        } else if let Some(parameter) = ClickIdParameter::named(self.name) {
            record.click(parameter.platform())
        } else {
            record.last()
        };
        touch.map(|touch| self.value_in(touch)).unwrap_or_default()
    }

    /// What one touch says, empty where it says nothing.
    pub(crate) fn value_in(&self, touch: &Touch) -> String {
        let page = |page: &Option<PageAddress>| {
            page.as_ref()
                .map(PageAddress::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        match self.name {
            LANDING_PAGE => page(&touch.landing_page),
            REFERRER => page(&touch.referrer),
            VISITED_AT => touch.at.to_rfc3339(),
            name => touch.landing.value(name).unwrap_or_default().to_owned(),
        }
    }
}

/// The name that a token stands for, as we write it.
fn known_name<'a>(token: &str, params: &'a [String]) -> Option<&'a str> {
    let mut own = pieces(OWN_TOKENS, b",");
    own.find(|name| has_same_letters(name, token))
        .or_else(|| Parameter::of(token, Spelling::Letters, params).map(Parameter::name))
}
