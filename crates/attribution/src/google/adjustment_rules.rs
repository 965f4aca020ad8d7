//! When Google takes a change of a conversion that it has.

use crate::adjustment::Adjustment;
use crate::conversion::is_older_than;
use crate::judgement::{Judgement, Reason};
use crate::timestamp::Timestamp;

/// Days from the conversion to the upload of its change (`CONVERSION_EXPIRED`,
/// <https://developers.google.com/google-ads/api/docs/conversions/upload-adjustments>).
pub const ADJUSTMENT_WINDOW_DAYS: u16 = 54;

/// Judges a change as it stands at `now`. A day of waiting, which Google asked for until 9 September 2024, is no rule
/// any more.
#[must_use]
pub fn judge(converted_at: Timestamp, adjustment: &Adjustment, now: Timestamp) -> Judgement<()> {
    if adjustment.changed_at > now {
        Judgement::Refuse(Reason::ConversionInFuture)
    } else if adjustment.changed_at <= converted_at {
        Judgement::Refuse(Reason::AdjustmentBeforeConversion)
    } else if is_older_than(ADJUSTMENT_WINDOW_DAYS, converted_at, now) {
        Judgement::Refuse(Reason::AdjustmentWindowClosed)
    } else {
        Judgement::Deliverable(())
    }
}
