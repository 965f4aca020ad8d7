//! The file that Google's Data Manager fetches
//! (<https://support.google.com/google-ads-data-manager/answer/14605515>): the column names stand in the first row, so
//! there is no line of parameters, and offsets have a colon. The person who connects the file says in Google Ads which
//! column is what; the names are those that Google maps by itself.

use super::conversion::{Carries, GoogleConversion, GoogleId};
use super::file_words::{answer, value_and_currency};
use super::legacy_upload::ConversionAction;
use crate::conversion::Conversion;
use crate::judgement::Judgement;
use crate::timestamp::Timestamp;
use crate::upload_table::{NotWritten, UploadTable};

const HEADER: [&str; 12] = [
    "Google Click ID",
    "GBRAID",
    "WBRAID",
    "Email",
    "Phone Number",
    "Conversion Name",
    "Conversion Time",
    "Conversion Value",
    "Conversion Currency",
    "Order ID",
    "Ad User Data",
    "Ad Personalization",
];

/// A file with its header.
///
/// # Errors
/// Only when the writer itself fails.
pub fn new_file() -> Result<UploadTable, NotWritten> {
    UploadTable::new("", &HEADER)
}

/// The row of an outcome as it stands at `now`, or why there is none.
#[must_use]
pub fn row(
    action: &ConversionAction,
    once_per_click: bool,
    conversion: &Conversion<'_>,
    now: Timestamp,
) -> Judgement<Vec<String>> {
    let carries = Carries::Everything { once_per_click };
    GoogleConversion::find(conversion, carries, action.rules, now).map(|found| {
        let outcome = found.outcome;
        let [value, currency] = value_and_currency(outcome.value);
        let (gclid, gbraid, wbraid) = match found.id {
            Some(GoogleId::Gclid(id)) => (id, "", ""),
            Some(GoogleId::Gbraid(id)) => ("", id, ""),
            Some(GoogleId::Wbraid(id)) => ("", "", id),
            None => ("", "", ""),
        };
        vec![
            gclid.to_owned(),
            gbraid.to_owned(),
            wbraid.to_owned(),
            found.contact.email.unwrap_or_default().to_owned(),
            found.contact.phone.unwrap_or_default().to_owned(),
            action.name.clone(),
            action.zone.write_for_data_manager_file(outcome.occurred_at),
            value,
            currency,
            outcome.outcome_id.clone(),
            answer(found.answers.ad_user_data),
            answer(found.answers.ad_personalization),
        ]
    })
}
