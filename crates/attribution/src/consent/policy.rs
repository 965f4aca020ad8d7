//! Whom the site owner wants to be heard, and where the visitor is.

use crate::pieces::{Separators, cut, place_of};

/// How the site wants consent to be found: the tag's `data-consent`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConsentMode {
    /// Listen to the consent tools of the page.
    #[default]
    Auto,
    /// Only the site itself tells, by `throughline.consent({…})`.
    Manual,
    /// The site says that its visitors need not be asked. A refusal told by the site still counts.
    NotRequired,
}

/// What the tag's attributes say about consent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsentPolicy {
    /// `data-consent`: how consent is found.
    pub mode: ConsentMode,
    /// `data-consent-source`: the one tool that may grant; every other may only refuse. Empty where each may.
    pub pinned_source: String,
    /// `data-region`: where the visitor is, such as `DE` or `US-CA`. Where nobody says, it is empty, and the strictest law holds.
    pub region: String,
}

/// Countries that ask for consent first: the EU with the parts that have codes of their own, the EEA, the United
/// Kingdom (`UK` too, which people write for `GB`, as `EL` for `GR`) and Switzerland
/// (<https://support.google.com/google-ads/answer/9275380>). `EU`, `AP`, `XX` and `ZZ` are what geolocation
/// services write where they do not know.
const OPT_IN_COUNTRIES: &str = "ATBEBGCYCZDEDKEEELESFIFRGRHRHUIEITLTLULVMTNLPLPTROSESISK\
                                AXGFGPMFMQREYTISLINOGBUKGICHEUAPXXZZ";

impl ConsentPolicy {
    /// Whether an answer counts that no visitor chose: only where the site names a country outside of the opt-in
    /// countries, or says itself that nobody need be asked.
    pub(super) fn counts_assumptions(&self) -> bool {
        if self.mode == ConsentMode::NotRequired {
            return true;
        }
        let (country, _) = cut(&self.region, const { Separators::any_of(b"-_") });
        let country = country.as_bytes();
        country.len() == 2
            && country.iter().all(u8::is_ascii_alphabetic)
            && !OPT_IN_COUNTRIES
                .as_bytes()
                .chunks(2)
                .any(|code| code.eq_ignore_ascii_case(country))
    }

    /// The order in which sources are believed, the first one first; [`VETO_ONLY`] grants nothing.
    pub(super) fn rank(&self, source: &str) -> u8 {
        let is_pinned = source == self.pinned_source;
        match source {
            "site" => 0,
            _ if self.mode != ConsentMode::Auto => VETO_ONLY,
            _ if is_pinned => 1,
            "gpc" => VETO_ONLY,
            _ if !self.pinned_source.is_empty() => VETO_ONLY,
            // Any other name is a consent tool of the page itself.
            _ => place_of(source, FRAMEWORKS).map_or(2, |place| place as u8 + 3),
        }
    }
}

/// What speaks for the consent tool of a page, which is believed first. The first of these is believed before the others.
const FRAMEWORKS: &str = "tcf,gpp,consent_mode,wp_consent";

/// The rank of a source that may refuse and not grant.
pub(super) const VETO_ONLY: u8 = u8::MAX;
