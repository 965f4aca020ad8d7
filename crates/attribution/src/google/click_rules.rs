//! When Google takes a conversion. Instants are compared, not calendar days; a boundary equal to the limit is allowed.

use crate::conversion::{is_older_than, wait_for};
use crate::judgement::{Judgement, Reason};
use crate::timestamp::{HOUR_MS, Timestamp};

/// Days from the click to the upload (<https://support.google.com/google-ads/answer/15081888>).
pub const CLICK_WINDOW_DAYS: u16 = 90;

/// Days from the last click to the upload where only hashed user data names the person
/// (<https://support.google.com/google-ads/answer/15081888>).
pub const USER_DATA_WINDOW_DAYS: u16 = 63;

/// Hours after a click in which Google does not know it yet (`TOO_RECENT_EVENT`,
/// <https://developers.google.com/google-ads/api/docs/conversions/upload-offline>).
pub const CLICK_WAIT_HOURS: u16 = 6;

/// The rules of one conversion action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClickRules {
    /// The action's click-through look-back: days from the click to the conversion.
    pub look_back_days: u16,
    /// Hours to wait after a click before its conversions are uploaded.
    pub wait_hours: u16,
}

/// By what Google finds the click of a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundBy {
    /// A click id, and when it was clicked.
    ClickId {
        /// When.
        clicked_at: Timestamp,
    },
    /// Hashed e-mail or telephone alone.
    UserData {
        /// The newest click that is known, if any is.
        clicked_at: Option<Timestamp>,
    },
}

impl Default for ClickRules {
    fn default() -> Self {
        Self {
            look_back_days: CLICK_WINDOW_DAYS,
            wait_hours: CLICK_WAIT_HOURS,
        }
    }
}

impl ClickRules {
    /// Judges a conversion as it stands at `now`, or at its own moment where that is still to come.
    #[must_use]
    pub fn judge(self, found_by: FoundBy, converted_at: Timestamp, now: Timestamp) -> Judgement<()> {
        let judgement = self.judge_windows(found_by, converted_at, now.max(converted_at));
        judgement.and_then(|()| wait_for(converted_at, now))
    }

    fn judge_windows(self, found_by: FoundBy, converted_at: Timestamp, now: Timestamp) -> Judgement<()> {
        match found_by {
            FoundBy::ClickId { clicked_at } => self.judge_click(clicked_at, converted_at, now),
            // Where nobody knows the click, or only a later one, it is not after the conversion, so the conversion's age
            // is the longest that is certain.
            FoundBy::UserData { clicked_at } => {
                let last_click_at = clicked_at.map_or(converted_at, |at| at.min(converted_at));
                if is_older_than(USER_DATA_WINDOW_DAYS, last_click_at, now) {
                    Judgement::Refuse(Reason::UserDataWindowClosed)
                } else {
                    Judgement::Deliverable(())
                }
            }
        }
    }

    fn judge_click(self, clicked_at: Timestamp, converted_at: Timestamp, now: Timestamp) -> Judgement<()> {
        let known_to_google_at = clicked_at.plus_ms(i64::from(self.wait_hours) * HOUR_MS);
        if converted_at <= clicked_at {
            Judgement::Refuse(Reason::ConversionBeforeClick)
        } else if is_older_than(CLICK_WINDOW_DAYS, clicked_at, now) {
            Judgement::Refuse(Reason::ClickWindowClosed)
        } else if is_older_than(self.look_back_days, clicked_at, converted_at) {
            Judgement::Refuse(Reason::OutsideLookBackOfAction)
        } else if now < known_to_google_at {
            Judgement::Wait {
                until: known_to_google_at,
                reason: Reason::ClickTooRecent,
            }
        } else {
            Judgement::Deliverable(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timestamp::DAY_MS;

    const CLICK: Timestamp = Timestamp::EPOCH;

    fn judge(rules: ClickRules, converted_after_ms: i64, now_after_ms: i64) -> Judgement<()> {
        let (converted_at, now) = (CLICK.plus_ms(converted_after_ms), CLICK.plus_ms(now_after_ms));
        rules.judge(FoundBy::ClickId { clicked_at: CLICK }, converted_at, now)
    }

    #[test]
    fn a_boundary_belongs_to_the_window_and_a_millisecond_more_does_not() {
        let rules = ClickRules {
            look_back_days: 30,
            wait_hours: 6,
        };
        let refused = Judgement::Refuse;
        let until = CLICK.plus_ms(6 * HOUR_MS);
        let table = [
            (1, 90 * DAY_MS, Judgement::Deliverable(())),
            (1, 90 * DAY_MS + 1, refused(Reason::ClickWindowClosed)),
            (30 * DAY_MS, 40 * DAY_MS, Judgement::Deliverable(())),
            (
                30 * DAY_MS + 1,
                40 * DAY_MS,
                refused(Reason::OutsideLookBackOfAction),
            ),
            (1, 6 * HOUR_MS, Judgement::Deliverable(())),
            (
                1,
                6 * HOUR_MS - 1,
                Judgement::Wait {
                    until,
                    reason: Reason::ClickTooRecent,
                },
            ),
            (6 * HOUR_MS, 6 * HOUR_MS, Judgement::Deliverable(())),
            (
                7 * HOUR_MS,
                7 * HOUR_MS - 1,
                Judgement::Wait {
                    until: CLICK.plus_ms(7 * HOUR_MS),
                    reason: Reason::ConversionInFuture,
                },
            ),
            // It waits for whichever comes later, and for nothing where it will be too late by then.
            (
                5 * HOUR_MS,
                HOUR_MS,
                Judgement::Wait {
                    until,
                    reason: Reason::ClickTooRecent,
                },
            ),
            (90 * DAY_MS + 1, DAY_MS, refused(Reason::ClickWindowClosed)),
            (30 * DAY_MS + 1, DAY_MS, refused(Reason::OutsideLookBackOfAction)),
            (0, DAY_MS, refused(Reason::ConversionBeforeClick)),
        ];
        for (converted, now, expected) in table {
            assert_eq!(
                judge(rules, converted, now),
                expected,
                "converted {converted}, now {now}"
            );
        }
    }

    #[test]
    fn a_click_after_the_conversion_does_not_make_contact_data_younger() {
        let now = CLICK.plus_ms(63 * DAY_MS + 1);
        for clicked_at in [None, Some(CLICK), Some(CLICK.plus_ms(DAY_MS))] {
            let judgement = ClickRules::default().judge(FoundBy::UserData { clicked_at }, CLICK, now);
            assert_eq!(
                judgement,
                Judgement::Refuse(Reason::UserDataWindowClosed),
                "{clicked_at:?}"
            );
        }
    }

    #[test]
    fn no_wait_is_a_setting() {
        let rules = ClickRules {
            wait_hours: 0,
            ..ClickRules::default()
        };
        assert_eq!(judge(rules, 1, 1), Judgement::Deliverable(()));
    }
}
