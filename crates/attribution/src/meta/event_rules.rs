//! How old an event may be for Meta
//! (<https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/server-event>). One event that is too
//! old refuses its whole request, so events near the limit travel apart from the others.

use serde::{Deserialize, Serialize};

use crate::conversion::{is_older_than, wait_for};
use crate::judgement::{Judgement, Reason};
use crate::limits::META_EVENTS_PER_REQUEST_MAX;
use crate::timestamp::{DAY_MS, HOUR_MS, Timestamp};

/// Days from an event to its upload.
pub const EVENT_WINDOW_DAYS: u16 = 7;

/// The same for a purchase in a store.
pub const STORE_WINDOW_DAYS: u16 = 62;

/// Hours after an event within which another of the same name and id is a repetition
/// (<https://developers.facebook.com/docs/marketing-api/conversions-api/deduplicate-pixel-and-server-events>).
pub const REPETITION_HOURS: i64 = 48;

/// Days for the same in a store.
pub const STORE_REPETITION_DAYS: i64 = 7;

/// Where an event happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionSource {
    /// On the website.
    Website,
    /// In an app.
    App,
    /// On the telephone.
    PhoneCall,
    /// In a chat.
    Chat,
    /// By e-mail.
    Email,
    /// In a store.
    PhysicalStore,
    /// In a system of the seller's, such as a CRM.
    SystemGenerated,
    /// In a messenger.
    BusinessMessaging,
    /// Elsewhere.
    Other,
}

impl ActionSource {
    /// Days from such an event to its upload.
    #[must_use]
    pub fn window_days(self) -> u16 {
        match self {
            Self::PhysicalStore => STORE_WINDOW_DAYS,
            _ => EVENT_WINDOW_DAYS,
        }
    }

    /// Judges whether an event that may have arrived can be sent once more without counting twice.
    #[must_use]
    pub fn judge_repetition(self, first_sent_at: Timestamp, now: Timestamp) -> Judgement<()> {
        let window_ms = match self {
            Self::PhysicalStore => STORE_REPETITION_DAYS * DAY_MS,
            _ => REPETITION_HOURS * HOUR_MS,
        };
        if now.ms_since(first_sent_at) > window_ms {
            Judgement::Hold(Reason::RepetitionWindowClosed)
        } else {
            Judgement::Deliverable(())
        }
    }

    /// Judges an event as it stands at `now`. A boundary equal to the limit is allowed.
    #[must_use]
    pub fn judge(self, occurred_at: Timestamp, now: Timestamp) -> Judgement<()> {
        self.judge_age(occurred_at, now)
            .and_then(|()| wait_for(occurred_at, now))
    }

    /// Judges whether an event is too old at `now`.
    pub(super) fn judge_age(self, occurred_at: Timestamp, now: Timestamp) -> Judgement<()> {
        if is_older_than(self.window_days(), occurred_at, now) {
            Judgement::Refuse(Reason::ConversionTooOld)
        } else {
            Judgement::Deliverable(())
        }
    }

    /// Parts events, given by their times, into requests. What comes within a day of the limit goes apart, for our
    /// clock and Meta's may differ, and a queue takes time; so it can refuse nobody but its own kind.
    ///
    /// Gives the places of the events in the list, the younger ones first.
    #[must_use]
    pub fn age_groups(self, occurred_at: &[Timestamp], now: Timestamp) -> Vec<Vec<usize>> {
        let near_limit_ms = (i64::from(self.window_days()) - 1) * DAY_MS;
        let is_near_limit = |place: &usize| {
            let at = occurred_at.get(*place).copied().unwrap_or(now);
            now.ms_since(at) > near_limit_ms
        };
        let (old, young): (Vec<usize>, Vec<usize>) = (0..occurred_at.len()).partition(is_near_limit);
        let chunks = |places: Vec<usize>| {
            let chunks = places.chunks(META_EVENTS_PER_REQUEST_MAX).map(<[usize]>::to_vec);
            chunks.collect::<Vec<_>>()
        };
        [chunks(young), chunks(old)].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timestamp::HOUR_MS;

    #[test]
    fn an_event_near_the_limit_goes_apart() {
        let now = Timestamp::EPOCH.plus_ms(100 * DAY_MS);
        let hours_ago = |hours: i64| now.plus_ms(-hours * HOUR_MS);
        let events = [hours_ago(1), hours_ago(167), hours_ago(144), hours_ago(145)];
        let groups = ActionSource::Website.age_groups(&events, now);
        assert_eq!(groups, [vec![0, 2], vec![1, 3]]);
        let groups = ActionSource::PhysicalStore.age_groups(&events, now);
        assert_eq!(groups, [vec![0, 1, 2, 3]]);
        assert!(ActionSource::Website.age_groups(&[], now).is_empty());
    }

    #[test]
    fn no_request_holds_more_than_meta_takes() {
        let now = Timestamp::EPOCH.plus_ms(100 * DAY_MS);
        let groups = ActionSource::Website.age_groups(&vec![now; 2_500], now);
        let sizes: Vec<_> = groups.iter().map(Vec::len).collect();
        assert_eq!(sizes, [1_000, 1_000, 500]);
    }
}
