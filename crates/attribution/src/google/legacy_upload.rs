//! The file of Goals > Conversions > Uploads (<https://support.google.com/google-ads/answer/7014069>), which Google
//! fetches from the feed. The Data Manager's file is another dialect and must not be mixed with this one.

use std::collections::BTreeMap;

use super::click_rules::ClickRules;
use super::conversion::{Carries, GoogleConversion};
use crate::consent::Answer;
use crate::conversion::{Conversion, HashedContact};
use crate::judgement::{Judgement, Reason};
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

/// A file that is being written.
#[derive(Debug)]
pub struct LegacyUpload<'a> {
    action: &'a ConversionAction,
    writer: csv::Writer<Vec<u8>>,
    rows: usize,
    left_out: BTreeMap<Reason, usize>,
}

/// The file, and what is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadFile {
    /// The bytes that Google fetches. The header stands there even when nothing follows.
    pub csv: Vec<u8>,
    /// Conversions in the file.
    pub rows: usize,
    /// How many outcomes are left out, by reason.
    pub left_out: BTreeMap<Reason, usize>,
}

/// The writer failed, which writing to memory never does; the caller must answer without a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotWritten;

impl<'a> LegacyUpload<'a> {
    /// A file with its header.
    ///
    /// # Errors
    /// Only when the writer itself fails.
    pub fn new(action: &'a ConversionAction) -> Result<Self, NotWritten> {
        let mut writer = csv::Writer::from_writer(PARAMETERS.as_bytes().to_vec());
        writer.write_record(HEADER).map_err(|_| NotWritten)?;
        Ok(Self {
            action,
            writer,
            rows: 0,
            left_out: BTreeMap::new(),
        })
    }

    /// Judges an outcome as it stands at `now`: writes it when Google takes it, counts it when not.
    ///
    /// # Errors
    /// Only when the writer itself fails.
    pub fn add(
        &mut self,
        outcome: &Outcome,
        lead: &Result<StoredLead, Reason>,
        now: Timestamp,
    ) -> Result<(), NotWritten> {
        let judgement = match lead {
            Ok(lead) => {
                let conversion = Conversion {
                    outcome,
                    lead,
                    contact: HashedContact::default(),
                };
                GoogleConversion::find(&conversion, Carries::Gclid, self.action.rules, now)
            }
            Err(reason) => Judgement::Hold(*reason),
        };
        match judgement {
            Judgement::Deliverable(conversion) => {
                self.rows += 1;
                self.writer
                    .write_record(row(self.action, &conversion))
                    .map_err(|_| NotWritten)
            }
            Judgement::Wait { reason, .. } | Judgement::Hold(reason) | Judgement::Refuse(reason) => {
                *self.left_out.entry(reason).or_default() += 1;
                Ok(())
            }
        }
    }

    /// The finished file.
    ///
    /// # Errors
    /// Only when the writer itself fails.
    pub fn finish(self) -> Result<UploadFile, NotWritten> {
        let csv = self.writer.into_inner().map_err(|_| NotWritten)?;
        Ok(UploadFile {
            csv,
            rows: self.rows,
            left_out: self.left_out,
        })
    }
}

fn row(action: &ConversionAction, conversion: &GoogleConversion<'_>) -> [String; 8] {
    let outcome = conversion.outcome;
    [
        conversion.gclid().unwrap_or_default().to_owned(),
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
