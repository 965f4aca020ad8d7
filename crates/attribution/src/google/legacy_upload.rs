//! The file of Goals > Conversions > Uploads (<https://support.google.com/google-ads/answer/7014069>), which Google
//! fetches from the feed. The Data Manager's file is another dialect and must not be mixed with this one.

use std::collections::BTreeMap;

use super::click_rules::ClickRules;
use super::conversion::{ClickConversion, LeftOut};
use crate::consent::Answer;
use crate::outcome::Outcome;
use crate::stored_lead::StoredLead;
use crate::time_zone::TimeZone;
use crate::timestamp::Timestamp;

/// Said once for rows without an offset of their own. Every row here has one, so that not even the repeated hour of
/// autumn is ambiguous.
const PARAMETERS: &str = "Parameters:TimeZone=+0000\n";

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

/// The conversion action that the file is for.
#[derive(Clone, Debug)]
pub struct ConversionAction {
    /// Its name in Google Ads, exactly.
    pub name: String,
    /// Where the clocks hang that the times are written by.
    pub zone: TimeZone,
    /// Its windows.
    pub rules: ClickRules,
}

/// The file, and what is not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LegacyUpload {
    /// The bytes that Google fetches. The header stands there even when nothing follows.
    pub csv: Vec<u8>,
    /// Conversions in the file.
    pub rows: usize,
    /// How many outcomes are left out, by reason.
    pub left_out: BTreeMap<LeftOut, usize>,
}

/// The file could not be written: the writer ran out of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotWritten;

impl LegacyUpload {
    /// Judges each outcome as it stands at `now` and writes those that Google takes.
    ///
    /// # Errors
    /// Only when the writer itself fails.
    pub fn write(
        action: &ConversionAction,
        outcomes: &[(Outcome, Option<StoredLead>)],
        now: Timestamp,
    ) -> Result<Self, NotWritten> {
        let mut upload = Self::default();
        let mut writer = csv::Writer::from_writer(PARAMETERS.as_bytes().to_vec());
        writer.write_record(HEADER).map_err(|_| NotWritten)?;
        for (outcome, lead) in outcomes {
            match ClickConversion::find(outcome, lead.as_ref(), action.rules, now) {
                Ok(conversion) => {
                    writer
                        .write_record(row(action, &conversion))
                        .map_err(|_| NotWritten)?;
                    upload.rows += 1;
                }
                Err(reason) => *upload.left_out.entry(reason).or_default() += 1,
            }
        }
        upload.csv = writer.into_inner().map_err(|_| NotWritten)?;
        Ok(upload)
    }
}

fn row(action: &ConversionAction, conversion: &ClickConversion<'_>) -> [String; 8] {
    let outcome = conversion.outcome;
    [
        conversion.gclid.to_owned(),
        action.name.clone(),
        action.zone.write_for_google_file(outcome.occurred_at),
        outcome
            .value
            .map(|money| money.amount().to_string())
            .unwrap_or_default(),
        outcome
            .value
            .map(|money| money.currency().to_owned())
            .unwrap_or_default(),
        outcome.outcome_id.clone(),
        answer(conversion.answers.ad_user_data).to_owned(),
        answer(conversion.answers.ad_personalization).to_owned(),
    ]
}

fn answer(answer: Option<Answer>) -> &'static str {
    match answer {
        Some(Answer::Granted) => "Granted",
        Some(Answer::Denied) => "Denied",
        None => "",
    }
}
