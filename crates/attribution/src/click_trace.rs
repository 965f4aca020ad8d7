//! What a lead knows of an ad click, in one word: what diagnostics count.
//!
//! The collector hears of visitors only when they send a form, so this is about leads and not about landings. It says
//! nothing that it cannot know: an id that the tag was not told to keep has left no trace but its campaign or referrer.

use crate::channel::{Channel, Label};
use crate::click_id_check::{self, ClickIdWarning};
use crate::stored_lead::StoredLead;
use crate::touch::Touch;

/// Hosts of Google's ads, which are seen as the referrer of a click whose id was lost
/// (<https://ads-developers.googleblog.com/2012/06/speeding-up-ad-experience-updating-ad.html>,
/// <https://www.en.advertisercommunity.com/t5/Articles/What-is-quot-googlesyndication-quot-AdWordsAnswers/ba-p/487100>).
const AD_HOSTS: [&str; 3] = ["doubleclick.net", "googleadservices.com", "googlesyndication.com"];

/// How the names of most click ids end, so that a parameter which the site keeps for itself is seen to be one.
const NAME_ENDINGS: [&str; 4] = ["clid", "clickid", "click_id", "click-id"];

/// What is known of the click, the best first. A lead has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClickTrace {
    /// A click id that the check finds nothing wrong with. Meta writes its own on unpaid links too.
    Usable,
    /// Click ids, each of which was damaged on its way.
    Damaged,
    /// No id that the registry knows, but one of the site's own parameters is named like one.
    UnknownId,
    /// No id at all, and yet the channel is a paid one, or the referrer shows nothing but ads.
    PaidWithoutId,
    /// Nothing tells of an ad.
    None,
}

impl ClickTrace {
    /// All of them, the best first.
    pub const ALL: [Self; 5] = [
        Self::Usable,
        Self::Damaged,
        Self::UnknownId,
        Self::PaidWithoutId,
        Self::None,
    ];

    /// What a lead knows: the best that one of its touches knows.
    #[must_use]
    pub fn of(lead: &StoredLead) -> Self {
        let traces = lead.touches().map(|(at, touch)| {
            let mut ids = touch.landing.ids().iter();
            let is_whole = ids.any(|id| {
                let parameter = id.parameter();
                let found = click_id_check::check(parameter, id.value(), Some(at), lead.received_at());
                !parameter.is_companion() && !found.is_some_and(is_damage)
            });
            if is_whole {
                Self::Usable
            } else {
                Self::without_whole_id(touch)
            }
        });
        traces.min().unwrap_or(Self::None)
    }

    fn without_whole_id(touch: &Touch) -> Self {
        if touch.names_click() {
            return Self::Damaged;
        }
        let mut campaign = touch.landing.campaign();
        if campaign.any(|value| is_named_like_an_id(value.name())) {
            return Self::UnknownId;
        }
        if is_paid(Channel::of(touch).label()) || comes_from_an_ad(touch) {
            Self::PaidWithoutId
        } else {
            Self::None
        }
    }

    /// The name, for machines; the store keeps it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Usable => "usable",
            Self::Damaged => "damaged",
            Self::UnknownId => "unknown_id",
            Self::PaidWithoutId => "paid_without_id",
            Self::None => "none",
        }
    }
}

/// An id of an unknown shape may be one of a new kind, and whether its window is open is for each destination to say.
fn is_damage(warning: ClickIdWarning) -> bool {
    !matches!(
        warning,
        ClickIdWarning::ShapeUnknown
            | ClickIdWarning::InFuture
            | ClickIdWarning::WindowClosed
            | ClickIdWarning::OtherVisit
    )
}

fn is_named_like_an_id(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    NAME_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

fn is_paid(label: Label) -> bool {
    match label {
        Label::CrossNetwork
        | Label::PaidShopping
        | Label::PaidSearch
        | Label::PaidSocial
        | Label::PaidVideo
        | Label::Display
        | Label::PaidGoogle
        | Label::PaidOther => true,
        Label::Direct
        | Label::AiAssistant
        | Label::OrganicShopping
        | Label::OrganicSocial
        | Label::OrganicVideo
        | Label::OrganicSearch
        | Label::Referral
        | Label::Email
        | Label::Affiliates
        | Label::Audio
        | Label::Sms
        | Label::MobilePush
        | Label::Unassigned => false,
    }
}

fn comes_from_an_ad(touch: &Touch) -> bool {
    let host = touch.referrer.as_ref().map_or("", |page| page.site_host());
    let is_of = |ad_host: &str| {
        let before = host.strip_suffix(ad_host);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    AD_HOSTS.into_iter().any(is_of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timestamp::Timestamp;
    use serde_json::{Value, json};

    const WHOLE: &str =
        "CjwKCAiAnsvXBhAfEiwAozRy1_vhegEpOJMy5gX7oGvLgLK2wCeuLZWT6kieDLy67NguzP872fvLhBoC1_UQAvD_BwE";

    fn trace(touches: &Value) -> &'static str {
        let lead = json!({"v": 1, "site": "default", "lead_id": "7K3M9QXA2F4HJK5NR",
            "submitted_at": "2026-11-18T09:10:00Z", "consent": {"ad_storage": "granted"}, "touches": touches});
        let received_at = Timestamp::from_rfc3339("2026-11-18T09:10:01Z").expect("a time");
        let lead = StoredLead::from_json(&lead.to_string(), received_at);
        ClickTrace::of(&lead.expect("a lead")).name()
    }

    #[test]
    fn a_lead_has_the_best_trace_of_its_touches() {
        let cut = &WHOLE[..50];
        let at = "2026-11-10T20:00:00Z";
        for (touch, expected) in [
            (json!({"ids": {"gclid": WHOLE}}), "usable"),
            // A shape that was never seen may be a new one.
            (json!({"ids": {"fbclid": "IwAR0abc"}}), "usable"),
            (json!({"ids": {"gclid": cut}}), "damaged"),
            (
                json!({"ids": {"gclid": cut, "msclkid": "f894f652ea334e739002f7167ab8f8e3"}}),
                "usable",
            ),
            (json!({"params": {"acmeclid": "x1"}}), "unknown_id"),
            (json!({"params": {"Some_Click_ID": "x1"}}), "unknown_id"),
            (json!({"params": {"plan": "pro"}}), "none"),
            (json!({"ids": {"gad_source": "1"}}), "paid_without_id"),
            (
                json!({"utm": {"utm_source": "google", "utm_medium": "cpc"}}),
                "paid_without_id",
            ),
            (
                json!({"referrer": "https://googleads.g.doubleclick.net/"}),
                "paid_without_id",
            ),
            (json!({"referrer": "https://notdoubleclick.net/"}), "none"),
            (json!({"referrer": "https://www.google.com/"}), "none"),
            (
                json!({"utm": {"utm_source": "news", "utm_medium": "email"}}),
                "none",
            ),
        ] {
            let mut touch = touch;
            touch["at"] = json!(at);
            assert_eq!(trace(&json!([touch])), expected, "{touch}");
            let with_others = json!([{"at": at, "referrer": "https://example.org/"}, touch]);
            assert_eq!(trace(&with_others), expected, "{touch}");
        }
        assert_eq!(trace(&json!([])), "none");
    }
}
