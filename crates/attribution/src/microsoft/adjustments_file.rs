//! The file of changes that Microsoft fetches (<https://help.ads.microsoft.com/apex/index/3/en/56852>). It names a
//! conversion by its click id, name and time, so what was found by hashed contact data alone cannot be changed this way.

use super::adjustment_rules::adjustment_type;
use super::conversion::Goal;
use super::upload_file::PARAMETERS;
use crate::adjustment::Adjustment;
use crate::conversion::Conversion;
use crate::judgement::{Judgement, Reason};
use crate::time_zone::TimeZone;
use crate::timestamp::Timestamp;
use crate::upload_table::{NotWritten, UploadTable};

const HEADER: [&str; 7] = [
    "Microsoft Click ID",
    "Conversion Name",
    "Conversion Time",
    "Adjustment Value",
    "Adjustment Currency",
    "Adjustment Type",
    "Adjustment Time",
];

/// A file with its header.
///
/// # Errors
/// Only when the writer itself fails.
pub fn new_file() -> Result<UploadTable, NotWritten> {
    UploadTable::new(PARAMETERS, &HEADER)
}

/// The row of a change of an outcome that Microsoft has, as it stands at `now`, or why there is none.
#[must_use]
pub fn row(
    goal: &Goal,
    conversion: &Conversion<'_>,
    adjustment: &Adjustment,
    now: Timestamp,
) -> Judgement<Vec<String>> {
    let found = goal.identify_changed(conversion, adjustment, now);
    found.and_then(|found| {
        let Some(msclkid) = found.msclkid else {
            return Judgement::Refuse(Reason::NoMicrosoftClick);
        };
        let value = adjustment.change.value();
        Judgement::Deliverable(vec![
            msclkid.to_owned(),
            goal.name.clone(),
            TimeZone::UTC.write_for_google_file(found.outcome.occurred_at),
            value.map(|money| money.amount().to_string()).unwrap_or_default(),
            value.map(|money| money.currency().to_owned()).unwrap_or_default(),
            adjustment_type(adjustment.change).to_owned(),
            TimeZone::UTC.write_for_google_file(adjustment.changed_at),
        ])
    })
}
