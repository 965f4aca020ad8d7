//! An outcome with what its lead knows of the ad click: what the rules of every platform are asked about.

use crate::consent::{Answer, Answers};
use crate::judgement::{Judgement, Reason};
use crate::limits::{DELIVERY_BACK_OFF_MS_MAX, LEAD_WAIT_MS_MIN, LOOK_BACK_DAYS_MAX};
use crate::outcome::Outcome;
use crate::personal_data::holds_email_address;
use crate::stored_lead::StoredLead;
use crate::timestamp::{DAY_MS, Timestamp};
use crate::touch::{Evidence, Touch, newest_click};
use crate::user_data::PlatformHashes;

/// Hashes of a person's e-mail address and telephone, by the rules of the one platform that is asked: no two platforms
/// normalise alike, so a hash of one is worthless, and a leak, at another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HashedContact<'a> {
    /// Hex SHA-256 of the e-mail address.
    pub email: Option<&'a str>,
    /// Hex SHA-256 of the telephone number.
    pub phone: Option<&'a str>,
}

impl HashedContact<'_> {
    /// Whether there is neither.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.email.is_none() && self.phone.is_none()
    }
}

/// An outcome and its lead.
#[derive(Clone, Copy, Debug)]
pub struct Conversion<'a> {
    /// What happened.
    pub outcome: &'a Outcome,
    /// To whom.
    pub lead: &'a StoredLead,
    /// The person's contact data, hashed by the platform's rules.
    pub contact: HashedContact<'a>,
}

impl<'a> Conversion<'a> {
    /// An outcome and its lead for one platform, as the registry of click ids names it: only that platform's hashes go
    /// along.
    #[must_use]
    pub fn new(outcome: &'a Outcome, lead: &'a StoredLead, platform: &str) -> Self {
        let user = &lead.lead().value().user;
        let of_platform = |hashes: &'a PlatformHashes| {
            let hash = hashes.named().find(|(name, _)| *name == platform);
            hash.map(|(_, hash)| hash.as_str())
        };
        Self {
            outcome,
            lead,
            contact: HashedContact {
                email: of_platform(&user.email),
                phone: of_platform(&user.phone),
            },
        }
    }

    /// What the visitor answered, where it lets data go to the platform. `ad_user_data` decides. Where the site says
    /// that its visitors need not be asked, nobody has an answer, and none is claimed.
    #[must_use]
    pub fn answers_for_upload(&self) -> Judgement<Answers> {
        let consent = self.lead.lead().consent();
        match consent.answers.ad_user_data {
            Some(Answer::Granted) => Judgement::Deliverable(consent.answers),
            Some(Answer::Denied) => Judgement::Refuse(Reason::UserDataDenied),
            None if consent.basis == "not_required" => Judgement::Deliverable(consent.answers),
            None => Judgement::Hold(Reason::UserDataUnanswered),
        }
    }

    /// The platform's newest click before the outcome, and when it was. Where all are later, the oldest one: the rules
    /// then say so.
    #[must_use]
    pub fn click_of(&self, platform: &str) -> Option<(Timestamp, &'a Touch)> {
        let is_click =
            |(_, touch): &(Timestamp, &Touch)| touch.evidence_of(platform) > Some(Evidence::Companion);
        let clicks = || self.lead.touches().filter(is_click);
        let before = clicks().filter(|(at, _)| *at < self.outcome.occurred_at);
        newest_click(platform, before).or_else(|| clicks().next())
    }

    /// The platforms see the outcome_id as the order id, in which they forbid personal data. Only what is an e-mail
    /// address beyond doubt is held back: numbers of deals look like telephone numbers.
    #[must_use]
    pub fn order_id(&self) -> Judgement<&'a str> {
        if holds_email_address(&self.outcome.outcome_id) {
            Judgement::Refuse(Reason::OrderIdNamesPerson)
        } else {
            Judgement::Deliverable(&self.outcome.outcome_id)
        }
    }
}

/// What is to become of an outcome whose lead is not there or must not be used, as it stands at `now`. One that waits for
/// its lead is looked at again after as long as it has waited, so that a thousand lost ones cost little; after 90 days no
/// platform takes it any more.
#[must_use]
pub fn judge_without_lead<P>(reason: Reason, told_at: Timestamp, now: Timestamp) -> Judgement<P> {
    match reason {
        Reason::LeadWaiting if !is_older_than(LOOK_BACK_DAYS_MAX, told_at, now) => {
            let waited_ms = now.ms_since(told_at);
            let wait_ms = waited_ms.clamp(LEAD_WAIT_MS_MIN, DELIVERY_BACK_OFF_MS_MAX);
            Judgement::Wait {
                until: now.plus_ms(wait_ms),
                reason,
            }
        }
        Reason::LeadUnreadable => Judgement::Hold(reason),
        _ => Judgement::Refuse(reason),
    }
}

/// What is dated in the future waits for its moment: no platform takes it before. Asked last, so that what will be refused
/// even then is refused at once.
#[must_use]
pub(crate) fn wait_for(moment: Timestamp, now: Timestamp) -> Judgement<()> {
    if moment > now {
        Judgement::Wait {
            until: moment,
            reason: Reason::ConversionInFuture,
        }
    } else {
        Judgement::Deliverable(())
    }
}

/// Whether more than so many days lie between two moments. Instants are compared, not calendar days; a boundary equal
/// to the limit belongs to the window.
pub(crate) fn is_older_than(days: u16, moment: Timestamp, now: Timestamp) -> bool {
    now.ms_since(moment) > i64::from(days) * DAY_MS
}

#[cfg(test)]
mod tests;
