//! When Google takes a change of a conversion that it has.

use crate::adjustment::Adjustment;
use crate::conversion::{is_older_than, wait_for};
use crate::judgement::{Judgement, Reason};
use crate::timestamp::Timestamp;

/// Days from the conversion to the upload of its change (`CONVERSION_EXPIRED`,
/// <https://developers.google.com/google-ads/api/docs/conversions/upload-adjustments>).
pub const ADJUSTMENT_WINDOW_DAYS: u16 = 54;

/// Judges a change as it stands at `now`. A day of waiting, which Google asked for until 9 September 2024, is no rule
/// any more.
#[must_use]
pub fn judge(converted_at: Timestamp, adjustment: &Adjustment, now: Timestamp) -> Judgement<()> {
    let changed_at = adjustment.changed_at;
    if changed_at <= converted_at {
        Judgement::Refuse(Reason::AdjustmentBeforeConversion)
    } else if is_older_than(ADJUSTMENT_WINDOW_DAYS, converted_at, now.max(changed_at)) {
        Judgement::Refuse(Reason::AdjustmentWindowClosed)
    } else {
        wait_for(changed_at, now)
    }
}
