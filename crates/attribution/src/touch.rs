//! A landing at a moment. A touch is never merged with another: first, last and last click are views.

use crate::landing::Landing;
use crate::page_address::PageAddress;
use crate::timestamp::{DAY_MS, Timestamp};

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
        })
    }

    /// Whether the other touch is this very click or visit again (a reload, a restored tab), and not a new one.
    /// The first sighting counts, because the platforms' windows start at the click.
    #[must_use]
    pub fn is_same_visit_as(&self, other: &Self) -> bool {
        if self.landing.is_empty() || other.landing.is_empty() {
            return self.landing.is_empty() && other.landing.is_empty() && self.referrer == other.referrer;
        }
        self.landing == other.landing
    }

    /// Whether the touch is at most so many days old. The boundary belongs to the window.
    #[must_use]
    pub fn is_within_days(&self, days: u16, now: Timestamp) -> bool {
        now.ms_since(self.at) <= i64::from(days) * DAY_MS
    }
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
