//! When Microsoft takes a change of a conversion that it has
//! (<https://learn.microsoft.com/advertising/campaign-management-service/offlineconversionadjustment>). The change names
//! the very key of the conversion: click id, name and time.

use super::click_rules::judge_adjustment;
use super::conversion::{Goal, MicrosoftConversion, is_in_range};
use crate::adjustment::{Adjustment, Change};
use crate::conversion::Conversion;
use crate::judgement::{Judgement, Reason};
use crate::timestamp::Timestamp;

/// `Restate` or `Retract`, in the API and in the file.
pub(super) fn adjustment_type(change: Change) -> &'static str {
    match change {
        Change::Restate(_) => "Restate",
        Change::Retract => "Retract",
    }
}

impl Goal {
    /// The conversion that is to be changed, where Microsoft takes the change as it stands at `now`.
    pub(super) fn identify_changed<'a>(
        &self,
        conversion: &Conversion<'a>,
        adjustment: &Adjustment,
        now: Timestamp,
    ) -> Judgement<MicrosoftConversion<'a>> {
        judge_adjustment(conversion.outcome.occurred_at, adjustment, now).and_then(|()| {
            if adjustment.change.value().is_some_and(|value| !is_in_range(value)) {
                return Judgement::Refuse(Reason::ValueOutOfRange);
            }
            MicrosoftConversion::identify(conversion, self)
        })
    }
}
