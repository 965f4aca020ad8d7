//! When Microsoft takes a conversion
//! (<https://learn.microsoft.com/advertising/campaign-management-service/offlineconversion>). Instants are compared; a
//! boundary equal to the limit is allowed.

use crate::adjustment::Adjustment;
use crate::conversion::{is_older_than, wait_for};
use crate::judgement::{Judgement, Reason};
use crate::timestamp::{HOUR_MS, Timestamp};

/// Days from the conversion to the upload (`ConversionTimeExceedsMaxLookback`).
pub const CONVERSION_WINDOW_DAYS: u16 = 90;

/// Days from the click to the conversion that a goal looks back when nobody has set it.
pub const LOOK_BACK_DAYS_DEFAULT: u16 = 30;

/// Hours after a click in which Microsoft does not know it yet.
pub const CLICK_WAIT_HOURS: i64 = 1;

/// Hours after a goal is made in which Microsoft takes nothing for it.
pub const GOAL_WAIT_HOURS: i64 = 2;

/// The rules of one goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoalRules {
    /// The goal's conversion window, in days.
    pub look_back_days: u16,
    /// When the goal was made, if anybody knows.
    pub created_at: Option<Timestamp>,
}

impl Default for GoalRules {
    fn default() -> Self {
        Self {
            look_back_days: LOOK_BACK_DAYS_DEFAULT,
            created_at: None,
        }
    }
}

impl GoalRules {
    /// Judges a conversion as it stands at `now`, or at its own moment where that is still to come. Where contact data alone names the person there is no click.
    #[must_use]
    pub fn judge(
        self,
        clicked_at: Option<Timestamp>,
        converted_at: Timestamp,
        now: Timestamp,
    ) -> Judgement<()> {
        if is_older_than(CONVERSION_WINDOW_DAYS, converted_at, now) {
            return Judgement::Refuse(Reason::ConversionTooOld);
        }
        if let Some(clicked_at) = clicked_at {
            if converted_at <= clicked_at {
                return Judgement::Refuse(Reason::ConversionBeforeClick);
            }
            if is_older_than(self.look_back_days, clicked_at, converted_at) {
                return Judgement::Refuse(Reason::OutsideLookBackOfAction);
            }
        }
        let known_at = clicked_at.map(|at| (at.plus_ms(CLICK_WAIT_HOURS * HOUR_MS), Reason::ClickTooRecent));
        let open_at = self
            .created_at
            .map(|at| (at.plus_ms(GOAL_WAIT_HOURS * HOUR_MS), Reason::ActionTooRecent));
        match known_at
            .into_iter()
            .chain(open_at)
            .max_by_key(|(until, _)| *until)
        {
            Some((until, reason)) if now.max(converted_at) < until => Judgement::Wait { until, reason },
            _ => wait_for(converted_at, now),
        }
    }
}

/// Judges the moment of a change, as it stands at `now`. It may be the conversion's own.
#[must_use]
pub fn judge_adjustment(converted_at: Timestamp, adjustment: &Adjustment, now: Timestamp) -> Judgement<()> {
    let changed_at = adjustment.changed_at;
    if changed_at < converted_at {
        Judgement::Refuse(Reason::AdjustmentBeforeConversion)
    } else if is_older_than(CONVERSION_WINDOW_DAYS, converted_at, now.max(changed_at)) {
        Judgement::Refuse(Reason::AdjustmentWindowClosed)
    } else {
        wait_for(changed_at, now)
    }
}
