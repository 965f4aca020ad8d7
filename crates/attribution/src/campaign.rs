//! The campaign values of a landing: Google's `utm_` parameters and those that the site adds by `data-params`.

use crate::limits::{CAMPAIGN_VALUE_BYTES_MAX, PARAMETER_NAME_BYTES_MAX};

/// The nine parameters of <https://support.google.com/analytics/answer/10917952>.
pub const UTM_PARAMETERS: [&str; 9] = [
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "utm_id",
    "utm_source_platform",
    "utm_creative_format",
    "utm_marketing_tactic",
];

/// Identifiers that e-mail tools put into links. They name a person, so they are never kept, even when a site
/// asks for them by `data-params`.
const NAMES_OF_PERSONS: [&str; 10] = [
    "mc_eid",
    "_hsenc",
    "_hsmi",
    "mkt_tok",
    "_kx",
    "vero_id",
    "ml_subscriber",
    "oly_enc_id",
    "__s",
    "_bhlid",
];

/// A campaign value under its parameter's name, decoded once, at most [`CAMPAIGN_VALUE_BYTES_MAX`] bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignValue {
    name: String,
    value: String,
}

impl CampaignValue {
    /// Takes a decoded value; `None` where it is empty. Text over the limit is cut at a character.
    #[must_use]
    pub fn parse(name: &str, value: &str) -> Option<Self> {
        if value.is_empty() {
            return None;
        }
        Some(Self {
            name: name.to_owned(),
            value: cut(value).to_owned(),
        })
    }

    /// The parameter's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether Google defined it, and not the site.
    #[must_use]
    pub fn is_utm(&self) -> bool {
        is_utm(&self.name)
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }
}

/// Whether this is one of the nine `utm_` names.
#[must_use]
pub fn is_utm(name: &str) -> bool {
    UTM_PARAMETERS.contains(&name)
}

/// Whether a site may add this parameter: a short plain name that does not name a person.
#[must_use]
pub fn may_be_added(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    !name.is_empty()
        && name.len() <= PARAMETER_NAME_BYTES_MAX
        && name.bytes().all(plain)
        && !NAMES_OF_PERSONS.contains(&name)
}

fn cut(value: &str) -> &str {
    let mut end = value.len().min(CAMPAIGN_VALUE_BYTES_MAX);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    value.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_at_a_character_and_the_rest_stays_exact() {
        let long = "é".repeat(300);
        let kept = CampaignValue::parse("utm_term", &long).map(|campaign| campaign.value().to_owned());
        assert_eq!(kept, Some("é".repeat(256)));
        let odd = format!("a{}", "é".repeat(300));
        let kept = CampaignValue::parse("utm_term", &odd).map(|campaign| campaign.value().len());
        assert_eq!(kept, Some(511));
    }

    #[test]
    fn a_site_cannot_ask_for_a_persons_name() {
        for (name, allowed) in [
            ("partner", true),
            ("mc_eid", false),
            ("_hsenc", false),
            ("", false),
            ("a b", false),
            ("a;b", false),
        ] {
            assert_eq!(may_be_added(name), allowed, "{name}");
        }
    }
}
