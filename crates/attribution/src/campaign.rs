//! The campaign values of a landing: Google's `utm_` parameters and those that the site adds by `data-params`.

use crate::limits::{CAMPAIGN_VALUE_BYTES_MAX, PARAMETER_NAME_BYTES_MAX};
use crate::personal_data::{EMAIL_REMOVED, PHONE_REMOVED, holds_email_address, is_phone_number};
use crate::pieces::pieces;

/// The nine parameters of <https://support.google.com/analytics/answer/10917952>.
pub const UTM_NAMES: &str = "utm_source,utm_medium,utm_campaign,utm_term,utm_content,utm_id,utm_source_platform,\
                             utm_creative_format,utm_marketing_tactic";

/// Each of them.
pub fn utm_parameters() -> impl Iterator<Item = &'static str> {
    pieces(UTM_NAMES, b',')
}

/// How the identifiers begin that e-mail tools and CRMs put into links: Mailchimp, HubSpot, Marketo, Klaviyo, Vero,
/// MailerLite, Omeda, Drip, beehiiv, Bluecore. They name a person, so they are never kept, even when a site asks for
/// them by `data-params`, in whatever case.
const NAMES_OF_PERSONS: &str = "mc_eid,_hs,__hs,mkt_tok,_kx,_ke,vero_,ml_subscriber,oly_,__s,_bhlid,bsft_";

/// A campaign value under its parameter's name, decoded once, at most [`CAMPAIGN_VALUE_BYTES_MAX`] bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignValue {
    name: String,
    value: String,
}

impl CampaignValue {
    /// Takes a decoded value; `None` where it is empty. Text over the limit is cut at a character. A value that holds
    /// an e-mail address or is a phone number is lost whole, because a link that names a person in one word may do so
    /// in the next, and a flag stands in its place.
    #[must_use]
    pub fn parse(name: &str, value: &str) -> Option<Self> {
        if value.is_empty() {
            return None;
        }
        let short = cut(value);
        let kept = if holds_email_address(value) {
            EMAIL_REMOVED
        } else if is_phone_number(short) {
            // What is kept is read again, so only what is kept may decide.
            PHONE_REMOVED
        } else {
            short
        };
        Some(Self {
            name: name.to_owned(),
            value: kept.to_owned(),
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
    utm_parameters().any(|known| known == name)
}

/// Whether a site may add this parameter: a short plain name that does not name a person.
#[must_use]
pub fn may_be_added(name: &str) -> bool {
    let begins = |start: &str| {
        let same = name.get(..start.len());
        same.is_some_and(|same| same.eq_ignore_ascii_case(start))
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    !name.is_empty()
        && name.len() <= PARAMETER_NAME_BYTES_MAX
        && name.bytes().all(plain)
        && !pieces(NAMES_OF_PERSONS, b',').any(begins)
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
    fn a_value_that_names_a_person_gives_way_to_a_flag() {
        let blanks = " ".repeat(CAMPAIGN_VALUE_BYTES_MAX);
        for (value, expected) in [
            ("ann@example.com", EMAIL_REMOVED),
            ("welcome ann@example.com", EMAIL_REMOVED),
            (&format!("{blanks}ann@example.com"), EMAIL_REMOVED),
            (" 491701234567", PHONE_REMOVED),
            (&format!("+491701234567{blanks}!"), PHONE_REMOVED),
            ("21890163799", "21890163799"),
            ("@example", "@example"),
            (EMAIL_REMOVED, EMAIL_REMOVED),
            (PHONE_REMOVED, PHONE_REMOVED),
        ] {
            let kept = CampaignValue::parse("utm_content", value);
            let kept = kept.as_ref().map(CampaignValue::value);
            assert_eq!(kept, Some(expected), "{value:?}");
            let again = kept.and_then(|kept| CampaignValue::parse("utm_content", kept));
            assert_eq!(again.as_ref().map(CampaignValue::value), kept, "read again");
        }
    }

    #[test]
    fn a_site_cannot_ask_for_a_persons_name() {
        for (name, allowed) in [
            ("partner", true),
            ("mc_eid", false),
            ("_hsenc", false),
            ("MC_EID", false),
            ("_HsMi", false),
            ("__hstc", false),
            ("mkt_tok", false),
            ("_kx", false),
            ("vero_id", false),
            ("ml_subscriber_hash", false),
            ("oly_anon_id", false),
            ("oly_enc_id", false),
            ("__s", false),
            ("_bhlid", false),
            ("mc_cid", true),
            ("hsa_cam", true),
            ("mc", true),
            ("", false),
            ("a b", false),
            ("a;b", false),
        ] {
            assert_eq!(may_be_added(name), allowed, "{name}");
        }
    }
}
