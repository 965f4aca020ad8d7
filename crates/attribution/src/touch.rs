//! A landing at a moment. A touch is never merged with another: first, last and last click are views.

use crate::digits::push_number;
use crate::landing::Landing;
use crate::limits::CLICK_ID_BYTES_MAX;
use crate::page_address::PageAddress;
use crate::pieces::pieces;
use crate::timestamp::{DAY_MS, Timestamp};

/// The cookie in which Meta's tag keeps a click, as `fb.{index}.{ms}.{fbclid}`.
const FBC: &str = "_fbc";

/// One arrival at the site: when, where, from where, and with which ids and campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    /// When the visitor landed, by the visitor's own clock.
    pub at: Timestamp,
    /// The page landed on.
    pub landing_page: Option<PageAddress>,
    /// The page that the visitor came from.
    pub referrer: Option<PageAddress>,
    /// What the address said.
    pub landing: Landing,
    /// The platform's own cookie from which the touch was read, such as `_gcl_aw`; `None` for a landing.
    pub cookie: Option<String>,
    /// What `_fbc` said, where [`crate::visit_record::VisitRecord::fbc`] would not write the very same by itself.
    pub fbc: Option<String>,
}

/// What a touch knows of a click of one platform, the worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Evidence {
    /// Only what accompanies clicks, such as `gad_source`.
    Companion,
    /// A click id that the platform's own tag kept in a cookie.
    Cookie,
    /// A click id on the landing page's address.
    Landing,
}

impl Touch {
    /// A landing makes a touch when it carries an id or a campaign, or comes from another site. A direct visit
    /// makes none, so it can never replace one.
    #[must_use]
    pub fn of_page(href: &str, referrer: &str, added: &[String], at: Timestamp) -> Option<Self> {
        let landing = Landing::from_href(href, added);
        let landing_page = PageAddress::of(href);
        let own_host = landing_page.as_ref().map(PageAddress::site_host);
        let referrer = PageAddress::of(referrer).filter(|page| Some(page.site_host()) != own_host);
        if landing.is_empty() && referrer.is_none() {
            return None;
        }
        Some(Self {
            at,
            landing_page,
            referrer,
            landing,
            cookie: None,
            fbc: None,
        })
    }

    /// What the touch knows of a click of this platform.
    pub(crate) fn evidence_of(&self, platform: &str) -> Option<Evidence> {
        let mut evidence = None;
        for id in self.landing.ids() {
            let parameter = id.parameter();
            if parameter.platform() == platform {
                evidence = evidence.max(Some(match &self.cookie {
                    _ if parameter.is_companion() => Evidence::Companion,
                    Some(_) => Evidence::Cookie,
                    None => Evidence::Landing,
                }));
            }
        }
        evidence
    }

    /// Whether the touch carries a click id, and not only what accompanies one.
    #[must_use]
    pub fn names_click(&self) -> bool {
        self.landing.ids().iter().any(|id| !id.parameter().is_companion())
    }

    /// Whether the other touch tells of the same click, and leaves nothing out: it is the landing of which this one
    /// is what a platform's cookie kept, or this one is its shortened copy.
    #[inline(never)]
    pub(crate) fn is_contained_in(&self, other: &Self) -> bool {
        let is_copy = self.at == other.at && self.cookie == other.cookie;
        (is_copy || self.cookie.is_some() && other.cookie.is_none())
            && self.names_click()
            && self
                .landing
                .pairs()
                .all(|(name, value)| other.landing.value(name) == Some(value))
    }

    /// Whether the other touch is this very click or visit again (a reload, a restored tab), and not a new one.
    /// The first sighting counts, because the platforms' windows start at the click.
    #[must_use]
    pub fn is_same_visit_as(&self, other: &Self) -> bool {
        self.landing == other.landing && (!self.landing.is_empty() || self.referrer == other.referrer)
    }

    /// What Meta's tag would write into `_fbc` at `example.com` for the `fbclid` of this touch.
    pub(crate) fn fbc_of_landing(&self) -> Option<String> {
        let mut text = String::from("fb.1.");
        push_number(&mut text, self.at.ms().unsigned_abs(), 10, 1);
        text.push('.');
        text.push_str(self.landing.value("fbclid")?);
        Some(text)
    }

    /// Whether this touch, if it was read from `_fbc`, may have been read from this value.
    pub(crate) fn may_be_of_fbc(&self, value: &str) -> bool {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        self.cookie.as_deref() == Some(FBC)
            && value.len() <= 2 * CLICK_ID_BYTES_MAX
            && value.bytes().all(is_plain)
            && value.starts_with("fb.")
            && pieces(value, b'.')
                .nth(3)
                .is_some_and(|id| self.landing.value("fbclid") == Some(id))
    }

    /// Whether the touch is at most so many days old. The boundary belongs to the window.
    #[must_use]
    pub fn is_within_days(&self, days: u16, now: Timestamp) -> bool {
        now.ms_since(self.at) <= i64::from(days) * DAY_MS
    }
}

/// The newest click of a platform among touches that are handed in oldest first, each with whatever it is known by. A
/// landing counts before what the platform's cookie kept, and both before a touch that has only companions of a click.
/// All that is said of a click comes from this one touch.
pub(crate) fn newest_click<'a, K>(
    platform: &str,
    oldest_first: impl Iterator<Item = (K, &'a Touch)>,
) -> Option<(K, &'a Touch)> {
    let (mut click, mut best) = (None, None);
    for (key, touch) in oldest_first {
        let evidence = touch.evidence_of(platform);
        if evidence.is_some() && evidence >= best {
            (click, best) = (Some((key, touch)), evidence);
        }
    }
    click
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANDED: Timestamp = Timestamp::EPOCH;

    fn touch(href: &str, referrer: &str) -> Option<Touch> {
        Touch::of_page(href, referrer, &[], LANDED)
    }

    #[test]
    fn which_landings_make_a_touch() {
        let table = [
            ("https://a.example/?gclid=x", "", true),
            ("https://a.example/?utm_source=news", "", true),
            ("https://a.example/?gad_source=1", "", true),
            ("https://a.example/", "https://www.google.com/", true),
            ("https://a.example/#/lp?gclid=x", "", true),
            ("https://a.example/", "", false),
            ("https://a.example/?id=7", "", false),
            ("https://a.example/b", "https://www.a.example/a?gclid=old", false),
            ("https://a.example/?mc_eid=person", "", false),
        ];
        for (href, referrer, makes) in table {
            assert_eq!(touch(href, referrer).is_some(), makes, "{href} from {referrer:?}");
        }
    }

    #[test]
    fn a_reload_is_the_same_visit_and_a_new_click_is_not() {
        let table = [
            ("https://a.example/?gclid=1", "https://a.example/?gclid=1", true),
            ("https://a.example/?gclid=1", "https://a.example/b?gclid=1", true),
            ("https://a.example/?gclid=1", "https://a.example/?gclid=2", false),
            (
                "https://a.example/?gclid=1&utm_term=x",
                "https://a.example/?gclid=1",
                false,
            ),
        ];
        for (one, other, same) in table {
            let (Some(one), Some(other)) = (touch(one, ""), touch(other, "")) else {
                panic!("both are touches")
            };
            assert_eq!(one.is_same_visit_as(&other), same);
        }
    }

    #[test]
    fn the_boundary_belongs_to_the_window() {
        let Some(touch) = touch("https://a.example/?gclid=1", "") else {
            panic!("a touch")
        };
        assert!(touch.is_within_days(90, LANDED.plus_ms(90 * DAY_MS)));
        assert!(!touch.is_within_days(90, LANDED.plus_ms(90 * DAY_MS + 1)));
    }
}
