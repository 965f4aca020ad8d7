//! The file that Microsoft fetches on a schedule
//! (<https://help.ads.microsoft.com/apex/index/3/en/56852>). Zone names there are Microsoft's own, so every time has an
//! offset.

use super::conversion::{Goal, MicrosoftConversion};
use crate::conversion::Conversion;
use crate::judgement::Judgement;
use crate::time_zone::TimeZone;
use crate::timestamp::Timestamp;
use crate::upload_table::{NotWritten, UploadTable};

/// Said once for rows without an offset of their own; every row here has one.
pub(super) const PARAMETERS: &str = "Parameters:TimeZone=+0000\n";

const HEADER: [&str; 7] = [
    "Microsoft Click ID",
    "Conversion Name",
    "Conversion Time",
    "Conversion Value",
    "Conversion Currency",
    "Hashed Email Address",
    "Hashed Phone Number",
];

/// A file with its header.
///
/// # Errors
/// Only when the writer itself fails.
pub fn new_file() -> Result<UploadTable, NotWritten> {
    UploadTable::new(PARAMETERS, &HEADER)
}

/// The row of an outcome as it stands at `now`, or why there is none.
#[must_use]
pub fn row(goal: &Goal, conversion: &Conversion<'_>, now: Timestamp) -> Judgement<Vec<String>> {
    MicrosoftConversion::find(conversion, goal, now).map(|found| {
        let value = found.outcome.value;
        vec![
            found.msclkid.unwrap_or_default().to_owned(),
            goal.name.clone(),
            TimeZone::UTC.write_for_google_file(found.outcome.occurred_at),
            value.map(|money| money.amount().to_string()).unwrap_or_default(),
            value.map(|money| money.currency().to_owned()).unwrap_or_default(),
            found.contact.email.unwrap_or_default().to_owned(),
            found.contact.phone.unwrap_or_default().to_owned(),
        ]
    })
}
