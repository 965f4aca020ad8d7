//! When Google takes a conversion. Instants are compared, not calendar days; a boundary equal to the limit is allowed.

use crate::timestamp::{DAY_MS, HOUR_MS, Timestamp};

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
    /// Hashed e-mail or telephone alone; nobody here knows the click.
    UserData,
}

/// What the rules say of one conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Google takes it now.
    Deliverable,
    /// Google takes it later.
    Waiting {
        /// The first moment at which it may be sent.
        until: Timestamp,
    },
    /// Google would refuse it.
    Refused {
        /// By which rule.
        reason: WindowRefusal,
    },
}

/// The rule that a conversion breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WindowRefusal {
    /// It lies in the future.
    ConversionInFuture,
    /// It is not after the click (`CONVERSION_PRECEDES_EVENT`).
    ConversionBeforeClick,
    /// The click is older than [`CLICK_WINDOW_DAYS`].
    ClickWindowClosed,
    /// The conversion came later after the click than the action looks back (`EXPIRED_EVENT`).
    OutsideLookBackOfAction,
    /// The conversion is older than [`USER_DATA_WINDOW_DAYS`].
    UserDataWindowClosed,
}

impl WindowRefusal {
    /// The name of the rule, for machines.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ConversionInFuture => "conversion_in_future",
            Self::ConversionBeforeClick => "conversion_before_click",
            Self::ClickWindowClosed => "click_window_closed",
            Self::OutsideLookBackOfAction => "outside_lookback_of_action",
            Self::UserDataWindowClosed => "user_data_window_closed",
        }
    }
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
    /// Judges a conversion as it stands at `now`.
    #[must_use]
    pub fn judge(self, found_by: FoundBy, converted_at: Timestamp, now: Timestamp) -> Verdict {
        let refused = |reason| Verdict::Refused { reason };
        if converted_at > now {
            return refused(WindowRefusal::ConversionInFuture);
        }
        match found_by {
            FoundBy::ClickId { clicked_at } => self.judge_click(clicked_at, converted_at, now),
            // The last click is not after the conversion, so the conversion's age is the longest that is certain.
            FoundBy::UserData if older_than(USER_DATA_WINDOW_DAYS, converted_at, now) => {
                refused(WindowRefusal::UserDataWindowClosed)
            }
            FoundBy::UserData => Verdict::Deliverable,
        }
    }

    fn judge_click(self, clicked_at: Timestamp, converted_at: Timestamp, now: Timestamp) -> Verdict {
        let refused = |reason| Verdict::Refused { reason };
        let known_to_google_at = clicked_at.plus_ms(i64::from(self.wait_hours) * HOUR_MS);
        if converted_at <= clicked_at {
            refused(WindowRefusal::ConversionBeforeClick)
        } else if older_than(CLICK_WINDOW_DAYS, clicked_at, now) {
            refused(WindowRefusal::ClickWindowClosed)
        } else if older_than(self.look_back_days, clicked_at, converted_at) {
            refused(WindowRefusal::OutsideLookBackOfAction)
        } else if now < known_to_google_at {
            Verdict::Waiting {
                until: known_to_google_at,
            }
        } else {
            Verdict::Deliverable
        }
    }
}

fn older_than(days: u16, moment: Timestamp, now: Timestamp) -> bool {
    now.ms_since(moment) > i64::from(days) * DAY_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLICK: Timestamp = Timestamp::EPOCH;

    fn judge(rules: ClickRules, converted_after_ms: i64, now_after_ms: i64) -> Verdict {
        let (converted_at, now) = (CLICK.plus_ms(converted_after_ms), CLICK.plus_ms(now_after_ms));
        rules.judge(FoundBy::ClickId { clicked_at: CLICK }, converted_at, now)
    }

    #[test]
    fn a_boundary_belongs_to_the_window_and_a_millisecond_more_does_not() {
        let rules = ClickRules {
            look_back_days: 30,
            wait_hours: 6,
        };
        let refused = |reason| Verdict::Refused { reason };
        let until = CLICK.plus_ms(6 * HOUR_MS);
        let table = [
            (1, 90 * DAY_MS, Verdict::Deliverable),
            (1, 90 * DAY_MS + 1, refused(WindowRefusal::ClickWindowClosed)),
            (30 * DAY_MS, 40 * DAY_MS, Verdict::Deliverable),
            (
                30 * DAY_MS + 1,
                40 * DAY_MS,
                refused(WindowRefusal::OutsideLookBackOfAction),
            ),
            (1, 6 * HOUR_MS, Verdict::Deliverable),
            (1, 6 * HOUR_MS - 1, Verdict::Waiting { until }),
            (6 * HOUR_MS, 6 * HOUR_MS, Verdict::Deliverable),
            (
                7 * HOUR_MS,
                7 * HOUR_MS - 1,
                refused(WindowRefusal::ConversionInFuture),
            ),
            (0, DAY_MS, refused(WindowRefusal::ConversionBeforeClick)),
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
    fn no_wait_is_a_setting() {
        let rules = ClickRules {
            wait_hours: 0,
            ..ClickRules::default()
        };
        assert_eq!(judge(rules, 1, 1), Verdict::Deliverable);
    }
}
