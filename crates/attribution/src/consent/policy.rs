//! Whom the site owner wants to be heard, and where the visitor is.

use crate::pieces::cut;

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
    /// `data-consent-source`: the one tool that may grant; every other may only refuse.
    pub pinned_source: Option<String>,
    /// `data-region`: where the visitor is, such as `DE` or `US-CA`. Where nobody says, the strictest law holds.
    pub region: Option<String>,
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
        let (country, _) = cut(self.region.as_deref().unwrap_or_default(), b"-_");
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
        match (source, &self.pinned_source) {
            ("site", _) => 0,
            _ if self.mode != ConsentMode::Auto => VETO_ONLY,
            (name, Some(pinned)) if name == pinned => 1,
            ("gpc", _) | (_, Some(_)) => VETO_ONLY,
            ("tcf", _) => 3,
            ("gpp", _) => 4,
            ("consent_mode", _) => 5,
            ("wp_consent", _) => 6,
            // Any other name is a consent tool of the page itself.
            _ => 2,
        }
    }
}

/// The rank of a source that may refuse and not grant.
pub(super) const VETO_ONLY: u8 = u8::MAX;
