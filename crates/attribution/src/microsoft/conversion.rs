//! A conversion as Microsoft can find it: by the msclkid, or by hashed contact data where the goal has enhanced
//! conversions.

use rust_decimal::Decimal;

use super::click_rules::GoalRules;
use crate::conversion::{Conversion, HashedContact};
use crate::judgement::{Judgement, Reason};
use crate::money::Money;
use crate::outcome::Outcome;
use crate::timestamp::Timestamp;

/// As the registry of click ids names it.
const MICROSOFT: &str = "microsoft";

/// An msclkid is a GUID without its dashes.
const MSCLKID_CHARACTERS: usize = 32;

/// The highest value that Microsoft takes, and how fine it counts.
const VALUE_MAX: i64 = 999_999_999_999;
const VALUE_DECIMALS_MAX: u32 = 3;

/// A goal for offline conversions.
#[derive(Clone, Debug)]
pub struct Goal {
    /// Its name at Microsoft, exactly.
    pub name: String,
    /// Whether enhanced conversions are switched on for it. Without them Microsoft refuses what has no click id.
    pub takes_contact: bool,
    /// Its windows.
    pub rules: GoalRules,
}

/// A conversion that Microsoft takes now.
#[derive(Clone, Debug)]
pub struct MicrosoftConversion<'a> {
    /// The msclkid, byte for byte as it stood on the landing URL.
    pub msclkid: Option<&'a str>,
    /// The contact data, hashed by Microsoft's rules. Without an msclkid there is at least one.
    pub contact: HashedContact<'a>,
    /// What happened.
    pub outcome: &'a Outcome,
}

impl<'a> MicrosoftConversion<'a> {
    /// Finds the click of a conversion and judges both as they stand at `now`.
    #[must_use]
    pub fn find(conversion: &Conversion<'a>, goal: &Goal, now: Timestamp) -> Judgement<Self> {
        Self::identify(conversion, goal).and_then(|found| {
            let click = conversion.click_of(MICROSOFT).filter(|_| found.msclkid.is_some());
            let clicked_at = click.map(|(at, _)| at);
            let judgement = goal.rules.judge(clicked_at, found.outcome.occurred_at, now);
            judgement.map(|()| found)
        })
    }

    /// Says by what Microsoft can find the conversion, whenever that was.
    #[must_use]
    pub fn identify(conversion: &Conversion<'a>, goal: &Goal) -> Judgement<Self> {
        let contact = if goal.takes_contact {
            conversion.contact
        } else {
            HashedContact::default()
        };
        let touch = conversion.click_of(MICROSOFT).map(|(_, touch)| touch);
        let msclkid = touch.and_then(|touch| touch.landing.value("msclkid"));
        conversion.answers_for_upload().and_then(|_| {
            let msclkid = match msclkid {
                Some(msclkid) if is_msclkid(msclkid) => Some(msclkid),
                _ if !contact.is_empty() => None,
                Some(_) => return Judgement::Refuse(Reason::MsclkidDamaged),
                None => return Judgement::Refuse(Reason::NoMicrosoftClick),
            };
            if !conversion.outcome.value.is_none_or(is_in_range) {
                return Judgement::Refuse(Reason::ValueOutOfRange);
            }
            Judgement::Deliverable(Self {
                msclkid,
                contact,
                outcome: conversion.outcome,
            })
        })
    }
}

/// Whether Microsoft takes the value as it is; to round money would be a guess.
pub(crate) fn is_in_range(money: Money) -> bool {
    let amount = money.amount();
    amount <= Decimal::from(VALUE_MAX) && amount.normalize().scale() <= VALUE_DECIMALS_MAX
}

pub(crate) fn is_msclkid(id: &str) -> bool {
    id.len() == MSCLKID_CHARACTERS && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}
