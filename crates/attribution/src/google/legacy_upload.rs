//! The file of Goals > Conversions > Uploads (<https://support.google.com/google-ads/answer/7014069>), which Google
//! fetches from the feed. The Data Manager's file is another dialect and must not be mixed with this one.

use super::click_rules::ClickRules;
use super::conversion::{Carries, GoogleConversion};
use super::file_words::{answer, value_and_currency};
use crate::conversion::Conversion;
use crate::judgement::Judgement;
use crate::time_zone::TimeZone;
use crate::timestamp::Timestamp;
use crate::upload_table::{NotWritten, UploadTable};

/// Said once for rows without an offset of their own. Every row here has one, so that not even the repeated hour of
/// autumn is ambiguous.
pub(super) const PARAMETERS: &str = "Parameters:TimeZone=+0000\n";

/// The template's columns. A further column would make Google refuse the file.
const HEADER: [&str; 8] = [
    "Google Click ID",
    "Conversion Name",
    "Conversion Time",
    "Conversion Value",
    "Conversion Currency",
    "Order ID",
    "Ad User Data",
    "Ad Personalization",
];

/// The conversion action that a file is for.
#[derive(Clone, Debug)]
pub struct ConversionAction {
    /// Its name in Google Ads, exactly.
    pub name: String,
    /// Where the clocks hang that the times are written by.
    pub zone: TimeZone,
    /// Its windows.
    pub rules: ClickRules,
}

/// A file with its header.
///
/// # Errors
/// Only when the writer itself fails.
pub fn new_file() -> Result<UploadTable, NotWritten> {
    UploadTable::new(PARAMETERS, &HEADER)
}

/// The row of an outcome as it stands at `now`, or why there is none.
#[must_use]
pub fn row(action: &ConversionAction, conversion: &Conversion<'_>, now: Timestamp) -> Judgement<Vec<String>> {
    GoogleConversion::find(conversion, Carries::Gclid, action.rules, now).map(|found| {
        let outcome = found.outcome;
        let [value, currency] = value_and_currency(outcome.value);
        vec![
            found.gclid().unwrap_or_default().to_owned(),
            action.name.clone(),
            action.zone.write_for_google_file(outcome.occurred_at),
            value,
            currency,
            outcome.outcome_id.clone(),
            answer(found.answers.ad_user_data),
            answer(found.answers.ad_personalization),
        ]
    })
}
