//! A conversion as Google can find it: by the one click id of the click, by hashed contact data, or by both.

use super::click_rules::{ClickRules, FoundBy};
use crate::consent::Answers;
use crate::conversion::{Conversion, HashedContact};
use crate::judgement::{Judgement, Reason};
use crate::outcome::Outcome;
use crate::timestamp::Timestamp;
use crate::touch::Touch;

/// As the registry of click ids names it.
const GOOGLE: &str = "google";

/// The one id that names the click. Whether Google takes two of them together is contradictory in what it publishes, so
/// exactly one is sent: the gclid before the gbraid before the wbraid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoogleId<'a> {
    /// `gclid`
    Gclid(&'a str),
    /// `gbraid`: a click in an app
    Gbraid(&'a str),
    /// `wbraid`: a click on the web of an Apple device
    Wbraid(&'a str),
}

/// A conversion that Google takes now.
#[derive(Clone, Debug)]
pub struct GoogleConversion<'a> {
    /// The click's id, byte for byte as it stood on the landing URL.
    pub id: Option<GoogleId<'a>>,
    /// The contact data, hashed by Google's rules. Without an id there is at least one.
    pub contact: HashedContact<'a>,
    /// What happened.
    pub outcome: &'a Outcome,
    /// What the visitor answered to the questions that Google asks about.
    pub answers: Answers,
}

/// What a way to Google can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    /// The gclid alone: the file of click conversions.
    Gclid,
    /// Hashed contact data in every row, and a gclid beside it: the file of enhanced conversions for leads.
    UserData,
    /// Every id, and hashed contact data: the Data Manager.
    Everything {
        /// Whether the action counts one conversion for each click, with which Google takes no gbraid or wbraid.
        once_per_click: bool,
    },
}

impl<'a> GoogleConversion<'a> {
    /// Finds the click of a conversion and judges both as they stand at `now`.
    #[must_use]
    pub fn find(
        conversion: &Conversion<'a>,
        carries: Carries,
        rules: ClickRules,
        now: Timestamp,
    ) -> Judgement<Self> {
        Self::identify(conversion, carries).and_then(|found| {
            let clicked_at = conversion.click_of(GOOGLE).map(|(at, _)| at);
            let found_by = match (found.id, clicked_at) {
                (Some(_), Some(clicked_at)) => FoundBy::ClickId { clicked_at },
                _ => FoundBy::UserData { clicked_at },
            };
            let judgement = rules.judge(found_by, found.outcome.occurred_at, now);
            judgement.map(|()| found)
        })
    }

    /// Says by what Google can find the conversion, whenever that was. A change of one that Google has asks for nothing
    /// more.
    #[must_use]
    pub fn identify(conversion: &Conversion<'a>, carries: Carries) -> Judgement<Self> {
        let contact = match carries {
            Carries::Gclid => HashedContact::default(),
            Carries::UserData | Carries::Everything { .. } => conversion.contact,
        };
        let touch = conversion.click_of(GOOGLE).map(|(_, touch)| touch);
        conversion.answers_for_upload().and_then(|answers| {
            let id = match id_of(touch, carries) {
                _ if contact.is_empty() && carries == Carries::UserData => {
                    return Judgement::Refuse(Reason::NoUserData);
                }
                Ok(id) => Some(id),
                // Contact data finds the person where the id cannot be used.
                Err(_) if !contact.is_empty() => None,
                Err(reason @ Reason::BraidCountedOncePerClick) => return Judgement::Hold(reason),
                Err(reason) => return Judgement::Refuse(reason),
            };
            conversion.order_id().map(|_| Self {
                id,
                contact,
                outcome: conversion.outcome,
                answers,
            })
        })
    }

    /// The gclid, if that is the id.
    #[must_use]
    pub fn gclid(&self) -> Option<&'a str> {
        match self.id {
            Some(GoogleId::Gclid(gclid)) => Some(gclid),
            _ => None,
        }
    }
}

fn id_of(touch: Option<&Touch>, carries: Carries) -> Result<GoogleId<'_>, Reason> {
    let landing = &touch.ok_or(Reason::NoGoogleClick)?.landing;
    if let Some(gclid) = landing.value("gclid") {
        return if is_base64url(gclid) {
            Ok(GoogleId::Gclid(gclid))
        } else {
            Err(Reason::GclidDamaged)
        };
    }
    let gbraid = landing.value("gbraid").map(GoogleId::Gbraid);
    let braid = gbraid.or_else(|| landing.value("wbraid").map(GoogleId::Wbraid));
    match carries {
        Carries::Everything { once_per_click: true } => Err(Reason::BraidCountedOncePerClick),
        Carries::Everything {
            once_per_click: false,
        } => braid.ok_or(Reason::NoGoogleClick),
        Carries::Gclid | Carries::UserData => Err(Reason::BraidOnly),
    }
}

/// The characters of Google's ids (<https://support.google.com/google-ads/answer/7012522>).
pub(crate) fn is_base64url(id: &str) -> bool {
    id.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests;
