//! The file of enhanced conversions for leads, under Goals > Conversions > Uploads: each row names a person by hashed
//! contact data, and the click where there is one. The columns are those that exporters agree on; the official template
//! could not be read (<https://support.google.com/google-ads/answer/7014069>).

use super::conversion::{Carries, GoogleConversion};
use super::file_words::{answer, value_and_currency};
use super::legacy_upload::{ConversionAction, PARAMETERS};
use crate::conversion::Conversion;
use crate::judgement::Judgement;
use crate::timestamp::Timestamp;
use crate::upload_table::{NotWritten, UploadTable};

const HEADER: [&str; 10] = [
    "Email",
    "Phone Number",
    "Conversion Name",
    "Conversion Time",
    "Conversion Value",
    "Conversion Currency",
    "Ad User Data",
    "Ad Personalization",
    "Order ID",
    "Google Click ID",
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
pub fn row(action: &ConversionAction, conversion: &Conversion<'_>, now: Timestamp) -> Judgement<Vec<String>> {
    GoogleConversion::find(conversion, Carries::UserData, action.rules, now).map(|found| {
        let outcome = found.outcome;
        let [value, currency] = value_and_currency(outcome.value);
        vec![
            found.contact.email.unwrap_or_default().to_owned(),
            found.contact.phone.unwrap_or_default().to_owned(),
            action.name.clone(),
            action.zone.write_for_google_file(outcome.occurred_at),
            value,
            currency,
            answer(found.answers.ad_user_data),
            answer(found.answers.ad_personalization),
            outcome.outcome_id.clone(),
            found.gclid().unwrap_or_default().to_owned(),
        ]
    })
}
