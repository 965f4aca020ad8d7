//! The platforms' click ids: which query parameters carry one, and their values byte for byte.

use crate::limits::CLICK_ID_BYTES_MAX;
use crate::personal_data::holds_email_address;
use crate::pieces::pieces;

// `NAMES`, the first column of `data/click_ids.csv`, and `ROWS`, the others that the browser reads:
// `platform,role,cookie;…`. The role is empty for a click, `?` for what organic links carry too, `-` for a companion.
// Texts instead of a table of pointers, because a pointer costs the browser script as much as the word that it points
// to; and the names apart, because every field of a page is compared with all of them.
include!(concat!(env!("OUT_DIR"), "/click_ids.rs"));

// `SHAPES`, the fifth column, which no browser reads.
#[cfg(feature = "collector")]
include!(concat!(env!("OUT_DIR"), "/click_id_shapes.rs"));

/// A registered query parameter, such as `gclid`.
///
/// Not registered are `_gl`, Google's linker, which lives for two minutes and names a browser, and whatever names a
/// person or a browser rather than a click.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ClickIdParameter {
    name: &'static str,
    /// Its row.
    place: usize,
}

impl ClickIdParameter {
    /// Every registered name, with commas between.
    pub const NAMES: &str = NAMES;

    /// The parameter of exactly this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|parameter| parameter.name() == name)
    }

    /// Every registered parameter, in the order of the data file.
    pub fn all() -> impl Iterator<Item = Self> {
        pieces(NAMES, b',')
            .enumerate()
            .map(|(place, name)| Self { name, place })
    }

    /// The name in the query string, and of the hidden field.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.name
    }

    /// The ad platform, such as `google`; ids of one platform on one landing describe one click.
    #[must_use]
    pub fn platform(self) -> &'static str {
        self.column(0)
    }

    /// Whether the parameter alone proves a paid click. `fbclid` does not: Meta adds it to organic links too.
    #[must_use]
    pub fn names_paid_click(self) -> bool {
        self.column(1).is_empty()
    }

    /// Whether the parameter only says more about a click and never names one, as `gad_source` does: the same value
    /// stands on thousands of clicks. Parameters of organic links, such as `srsltid`, are companions too.
    #[must_use]
    pub fn is_companion(self) -> bool {
        self.column(1) == "-"
    }

    /// The first-party cookie in which the platform's own tag keeps this id, as a pattern: `_gcl_aw=GCL.{s}.{id}`.
    /// `{id}` is the id, `{s}` and `{ms}` are the moment of the click, `{*}` is any text without a dot. Empty where no
    /// such cookie is known, and everywhere in what a landing page loads (without the feature `on_demand`).
    #[must_use]
    pub fn cookie(self) -> &'static str {
        self.column(2)
    }

    /// How the platform's values look, as far as anybody outside of it knows: `base64url`, `hex`, `uuid`, `digits`,
    /// `word` or `opaque`.
    #[cfg(feature = "collector")]
    #[must_use]
    pub fn shape(self) -> &'static str {
        pieces(SHAPES, b',').nth(self.place).unwrap_or_default()
    }

    #[inline(never)]
    fn column(self, place: usize) -> &'static str {
        let row = pieces(ROWS, b';').nth(self.place).unwrap_or_default();
        pieces(row, b',').nth(place).unwrap_or_default()
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
    /// characters, a template that nobody filled (`{gclid}`), or an e-mail address.
    #[must_use]
    pub fn parse(parameter: ClickIdParameter, value: &str) -> Option<Self> {
        let is_damaged = value.bytes().any(|byte| byte < b' ' || byte == 0x7f);
        if value.is_empty()
            || value.len() > CLICK_ID_BYTES_MAX
            || is_damaged
            || is_unfilled(value)
            || holds_email_address(value)
        {
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

/// Whether the value as a whole is a template that the ad platform should have filled: `{gclid}`, `{{click_id}}`,
/// `${CLICK_ID}`, `[click_id]`, `%%CLICK_ID%%` or `__CLICKID__`.
pub(crate) fn is_unfilled(value: &str) -> bool {
    match value.as_bytes() {
        [b'{' | b'$', .., b'}'] | [b'[', .., b']'] | [b'%', .., b'%'] => true,
        // An id may begin and end so, but not without a single small letter.
        [b'_', b'_', .., b'_', b'_'] => !value.bytes().any(|byte| byte.is_ascii_lowercase()),
        _ => false,
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
    #[cfg(feature = "collector")]
    fn every_parameter_has_a_shape() {
        let lines = include_str!("../data/click_ids.csv").lines().skip(1);
        for (parameter, line) in ClickIdParameter::all().zip(lines) {
            assert_eq!(line.split(',').nth(4), Some(parameter.shape()), "{line}");
        }
    }

    #[test]
    #[cfg(feature = "on_demand")]
    fn every_parameter_has_a_row_of_its_own() {
        let lines: Vec<_> = include_str!("../data/click_ids.csv").lines().skip(1).collect();
        let role =
            |parameter: ClickIdParameter| match (parameter.names_paid_click(), parameter.is_companion()) {
                (true, _) => "click",
                (_, true) => "companion",
                _ => "maybe",
            };
        let read: Vec<_> = ClickIdParameter::all()
            .map(|it| format!("{},{},{},{},", it.name(), it.platform(), role(it), it.cookie()))
            .collect();
        assert_eq!(read.len(), lines.len());
        for (read, line) in read.iter().zip(lines) {
            assert!(line.starts_with(read), "{line}");
        }
    }

    #[test]
    fn which_parameters_name_a_click() {
        // Name, proves a paid click, is a companion; what is neither is a click, paid or not.
        for (name, is_paid, is_companion) in [
            ("gclid", true, false),
            ("gbraid", true, false),
            ("wbraid", true, false),
            ("gclsrc", false, true),
            ("gad_source", false, true),
            ("gad_campaignid", false, true),
            ("srsltid", false, true),
            ("igshid", false, true),
            ("s_kwcid", false, true),
            ("fbclid", false, false),
            ("msclkid", true, false),
        ] {
            let Some(parameter) = ClickIdParameter::named(name) else {
                panic!("{name} is registered")
            };
            assert_eq!(parameter.names_paid_click(), is_paid, "{name}");
            assert_eq!(parameter.is_companion(), is_companion, "{name}");
        }
    }

    #[test]
    #[cfg(feature = "on_demand")]
    fn each_cookie_belongs_to_one_parameter() {
        let cookie = |name| ClickIdParameter::named(name).map(ClickIdParameter::cookie);
        for (name, pattern) in [
            ("gclid", "_gcl_aw=GCL.{s}.{id}"),
            ("gbraid", "_gcl_ag=2.1.k{id}$i{s}"),
            ("fbclid", "_fbc=fb.{*}.{ms}.{id}"),
            ("msclkid", "_uetmsclkid=_uet{id}"),
            ("ttclid", "ttclid={id}"),
            ("gad_source", ""),
        ] {
            assert_eq!(cookie(name), Some(pattern), "{name}");
        }
        let mut names: Vec<_> = ClickIdParameter::all()
            .filter_map(|parameter| Some(parameter.cookie().split_once('=')?.0))
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn a_name_is_exact_and_never_an_e_mail_identifier() {
        for (name, found) in [
            ("gclid", true),
            ("GCLID", false),
            ("ScCid", true),
            ("google", false),
            ("", false),
            ("gclid,google", false),
            ("_gl", false),
            ("mc_eid", false),
            ("_hsenc", false),
            ("_kx", false),
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
        for value in [
            "",
            "{gclid}",
            "{{click_id}}",
            "${CLICK_ID}",
            "[click_id]",
            "%%CLICK_ID%%",
            "%\u{fffd}CHEBUSTER%%",
            "__CLICKID__",
            "__CLICK_ID_2__",
            "abc\u{0}def",
            "abc\ndef",
            "abc\u{7f}",
            "ann@example.com",
            long.as_str(),
        ] {
            assert_eq!(ClickId::parse(gclid, value), None, "{value:?}");
        }
        for value in [
            "Cj0KCQ-_",
            "with blank",
            "ünï",
            "'\"<>",
            "{gclid",
            "gclid}",
            "$5",
            "%5",
            "a{gclid}",
            "%",
            "50%%",
            "__aBc__",
            "_x_",
            "_",
            "+491701234567",
            "\u{fffd}",
            &long[1..],
        ] {
            let id = ClickId::parse(gclid, value);
            assert_eq!(id.as_ref().map(ClickId::value), Some(value));
        }
    }
}
