//! The platforms' click ids: which query parameters carry one, and their values byte for byte.

use crate::limits::CLICK_ID_BYTES_MAX;

/// One line of `data/click_ids.csv`, as far as the browser needs it.
#[derive(PartialEq, Eq)]
struct Registered {
    parameter: &'static str,
    platform: &'static str,
    names_paid_click: bool,
}

include!(concat!(env!("OUT_DIR"), "/click_ids.rs"));

/// A registered query parameter, such as `gclid`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ClickIdParameter(&'static Registered);

impl ClickIdParameter {
    /// The parameter of exactly this name. Only `ScCid` is found in any case, because Snapchat itself writes it
    /// both ways; values are never folded.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all()
            .find(|parameter| parameter.name() == name || (parameter.name() == "ScCid" && name == "sccid"))
    }

    /// Every registered parameter, in the order of the data file.
    pub fn all() -> impl Iterator<Item = Self> {
        REGISTRY.iter().map(Self)
    }

    /// The name in the query string, and of the hidden field.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.parameter
    }

    /// The ad platform, such as `google`; ids of one platform on one landing describe one click.
    #[must_use]
    pub fn platform(self) -> &'static str {
        self.0.platform
    }

    /// Whether the parameter alone proves a paid click. `fbclid` does not: Meta adds it to organic links too.
    #[must_use]
    pub fn names_paid_click(self) -> bool {
        self.0.names_paid_click
    }
}

impl core::fmt::Debug for ClickIdParameter {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A click id as it stood on the landing URL, decoded once and not altered by a byte.
///
/// Invariant: 1 to [`CLICK_ID_BYTES_MAX`] bytes, no control characters, not an unfilled template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClickId {
    parameter: ClickIdParameter,
    value: String,
}

impl ClickId {
    /// Takes a decoded value; `None` where it cannot be an id: empty, longer than any platform's, with control
    /// characters, or a template that nobody filled (`{gclid}`).
    #[must_use]
    pub fn parse(parameter: ClickIdParameter, value: &str) -> Option<Self> {
        let unfilled = value.starts_with('{') && value.ends_with('}');
        let damaged = value.bytes().any(|byte| byte < b' ' || byte == 0x7f);
        if value.is_empty() || value.len() > CLICK_ID_BYTES_MAX || unfilled || damaged {
            return None;
        }
        Some(Self {
            parameter,
            value: value.to_owned(),
        })
    }

    /// Which parameter carried it.
    #[must_use]
    pub fn parameter(&self) -> ClickIdParameter {
        self.parameter
    }

    /// The value, byte for byte.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_knows_at_least_forty_parameters_each_once() {
        let mut names: Vec<_> = ClickIdParameter::all().map(ClickIdParameter::name).collect();
        assert!(names.len() >= 40, "{}", names.len());
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ClickIdParameter::all().count());
    }

    #[test]
    fn the_registry_keeps_the_parameters_of_a_platform_together() {
        let mut runs: Vec<_> = ClickIdParameter::all().map(ClickIdParameter::platform).collect();
        runs.dedup();
        let mut platforms = runs.clone();
        platforms.sort_unstable();
        platforms.dedup();
        assert_eq!(runs.len(), platforms.len());
    }

    #[test]
    fn names_are_exact_but_for_snapchat() {
        for (name, found) in [
            ("gclid", true),
            ("GCLID", false),
            ("ScCid", true),
            ("sccid", true),
            ("mc_eid", false),
        ] {
            assert_eq!(ClickIdParameter::named(name).is_some(), found, "{name}");
        }
    }

    #[test]
    fn err_values_that_cannot_be_an_id() {
        let Some(gclid) = ClickIdParameter::named("gclid") else {
            panic!("gclid is registered")
        };
        let long = "a".repeat(CLICK_ID_BYTES_MAX + 1);
        for value in ["", "{gclid}", "abc\u{0}def", "abc\ndef", long.as_str()] {
            assert_eq!(ClickId::parse(gclid, value), None, "{value:?}");
        }
        for value in ["Cj0KCQ-_", "with blank", "ünï", "'\"<>", &long[1..]] {
            assert_eq!(
                ClickId::parse(gclid, value).as_ref().map(ClickId::value),
                Some(value)
            );
        }
    }
}
