//! What the site owner wrote on the script tag, read once.

use crate::campaign::may_be_added;
use crate::consent::{ConsentMode, ConsentPolicy};
use crate::digits::read_number;
use crate::limits::{EXTRA_PARAMETERS_MAX, KEEP_DAYS_DEFAULT, KEEP_DAYS_MAX};
use crate::pieces::{Separators, first_pieces, pieces};

/// The attributes that are read here, without their `data-`, in the order in which the page script hands them in.
pub const ATTRIBUTES: [&str; 8] = [
    "consent",
    "consent-source",
    "region",
    "params",
    "days",
    "forms",
    "leads",
    "map",
];

/// The `data-*` attributes of the tag, each with its default where it is missing or unreadable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagSettings {
    /// `data-consent`, `data-consent-source`, `data-region`: how consent is found.
    pub consent: ConsentPolicy,
    /// `data-params`: query parameters to keep besides the known ones.
    pub params: Vec<String>,
    /// `data-map`: fields that the site names itself, `<field>=<token>` with semicolons between. Fields of the page are
    /// looked up in it by the page script, which knows selectors.
    #[cfg(feature = "on_demand")]
    pub map: String,
    /// `data-days`: how long a touch is kept and filled in.
    pub keep_days: u16,
    /// `data-forms`: which forms are looked at.
    pub forms: Forms,
    /// `data-leads`: whether a submitted form is reported to the collector.
    pub reports_leads: bool,
}

/// `data-forms`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forms {
    /// Every form of the page.
    Auto,
    /// None.
    Off,
    /// Those that match a CSS selector.
    Matching(String),
}

impl TagSettings {
    /// Reads the attributes of the tag as the page script hands them in: the values of `ATTRIBUTES`, joined by NUL. A
    /// missing one is empty.
    #[must_use]
    pub fn of_attributes(attributes: &str) -> Self {
        let all = first_pieces(attributes, b'\0').map(str::trim_ascii);
        let [consent, source, region, params, days, forms, leads, _map] = all;
        Self {
            consent: ConsentPolicy {
                mode: match consent {
                    "manual" => ConsentMode::Manual,
                    "not-required" => ConsentMode::NotRequired,
                    _ => ConsentMode::Auto,
                },
                pinned_source: source.to_owned(),
                region: region.to_owned(),
            },
            params: read_params(params),
            #[cfg(feature = "on_demand")]
            map: _map.to_owned(),
            keep_days: read_number(days, 10).map_or(KEEP_DAYS_DEFAULT, |days| {
                days.clamp(1, u64::from(KEEP_DAYS_MAX)) as u16
            }),
            forms: match forms {
                "" | "auto" => Forms::Auto,
                "off" => Forms::Off,
                selector => Forms::Matching(selector.to_owned()),
            },
            reports_leads: leads != "off",
        }
    }

    /// Reads the attributes through the caller, who knows the tag: `attribute("days")` for `data-days`.
    #[must_use]
    pub fn read<'a>(attribute: impl Fn(&str) -> Option<&'a str>) -> Self {
        Self::of_attributes(
            &ATTRIBUTES
                .map(|name| attribute(name).unwrap_or_default())
                .join("\0"),
        )
    }
}

fn read_params(text: &str) -> Vec<String> {
    let mut params = Vec::new();
    for name in pieces(text, const { Separators::any_of(b" ,;\n\t") }).filter(|name| may_be_added(name)) {
        if params.len() < EXTRA_PARAMETERS_MAX {
            params.push(name.to_owned());
        }
    }
    params
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(attributes: &[(&str, &str)]) -> TagSettings {
        TagSettings::read(|name| {
            attributes
                .iter()
                .find(|(other, _)| *other == name)
                .map(|(_, value)| *value)
        })
    }

    #[test]
    fn a_bare_tag_has_the_documented_defaults() {
        let settings = settings(&[]);
        assert_eq!(settings.consent, ConsentPolicy::default());
        assert_eq!((settings.keep_days, settings.reports_leads), (90, true));
        assert_eq!((settings.params.len(), settings.forms), (0, Forms::Auto));
    }

    #[test]
    fn unreadable_values_fall_back_and_never_loosen_consent() {
        for (word, mode) in [
            ("manual", ConsentMode::Manual),
            ("not-required", ConsentMode::NotRequired),
        ] {
            assert_eq!(settings(&[("consent", word)]).consent.mode, mode);
        }
        for word in ["", "off", "none", "granted", "NOT-REQUIRED", "not_required"] {
            assert_eq!(
                settings(&[("consent", word)]).consent.mode,
                ConsentMode::Auto,
                "{word}"
            );
        }
        let pinned = settings(&[("consent-source", " onetrust "), ("region", "US-CA")]).consent;
        assert_eq!(pinned.pinned_source, "onetrust");
        assert_eq!(pinned.region, "US-CA");
        let empty = settings(&[("consent-source", " "), ("region", "")]).consent;
        assert_eq!(empty, ConsentPolicy::default(), "an empty attribute pins nothing");
        for (days, kept) in [("30", 30), ("9999", 400), ("0", 1), ("-1", 90), ("many", 90)] {
            assert_eq!(settings(&[("days", days)]).keep_days, kept, "{days}");
        }
    }

    #[test]
    fn parameters_of_the_site_never_name_a_person() {
        assert_eq!(settings(&[("params", "partner mc_eid")]).params, ["partner"]);
    }
}
