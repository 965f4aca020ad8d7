//! The file of changes, under Goals > Conversions > Uploads (<https://support.google.com/google-ads/answer/7686280>).
//! Conversions are named by their order id. The words are `RESTATE` and `RETRACT`, not those of the API, and all six
//! columns stay, also when they are empty.

use super::adjustment_rules;
use super::file_words::value_and_currency;
use super::legacy_upload::{ConversionAction, PARAMETERS};
use crate::adjustment::{Adjustment, Change};
use crate::judgement::Judgement;
use crate::outcome::Outcome;
use crate::timestamp::Timestamp;
use crate::upload_table::{NotWritten, UploadTable};

const HEADER: [&str; 6] = [
    "Order ID",
    "Conversion Name",
    "Adjustment Time",
    "Adjustment Type",
    "Adjusted Value",
    "Adjusted Value Currency",
];

/// A file with its header.
///
/// # Errors
/// Only when the writer itself fails.
pub fn new_file() -> Result<UploadTable, NotWritten> {
    UploadTable::new(PARAMETERS, &HEADER)
}

/// The row of a change of an outcome that Google has, as it stands at `now`, or why there is none.
#[must_use]
pub fn row(
    action: &ConversionAction,
    outcome: &Outcome,
    adjustment: &Adjustment,
    now: Timestamp,
) -> Judgement<Vec<String>> {
    adjustment_rules::judge(outcome.occurred_at, adjustment, now).map(|()| {
        let (kind, value) = match adjustment.change {
            Change::Restate(value) => ("RESTATE", Some(value)),
            Change::Retract => ("RETRACT", None),
        };
        let [value, currency] = value_and_currency(value);
        vec![
            outcome.outcome_id.clone(),
            action.name.clone(),
            action.zone.write_for_google_file(adjustment.changed_at),
            kind.to_owned(),
            value,
            currency,
        ]
    })
}
