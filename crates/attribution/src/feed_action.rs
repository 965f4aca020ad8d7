//! A conversion action at the end of a file that its platform fetches: one face for all files, so that whoever serves them
//! needs no rule of any of them.

use crate::adjustment::{Adjustment, Change};
use crate::conversion::{Conversion, judge_without_lead};
use crate::google::click_rules::ClickRules;
use crate::google::legacy_upload::{self, ConversionAction};
use crate::google::{adjustments_upload, data_manager_file, enhanced_leads_upload};
use crate::judgement::{Judgement, Reason};
use crate::limits::LOOK_BACK_DAYS_MAX;
use crate::microsoft::click_rules::GoalRules;
use crate::microsoft::conversion::Goal;
use crate::microsoft::{adjustments_file, upload_file};
use crate::outcome::Outcome;
use crate::stored_lead::StoredLead;
use crate::timestamp::{DAY_MS, Timestamp};
use crate::upload_table::{NotWritten, UploadTable};

/// A file of conversions that a platform fetches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Google's, of Goals > Conversions > Uploads.
    LegacyUpload,
    /// The same, of people named by hashed contact data.
    EnhancedLeads,
    /// That of Google's Data Manager.
    DataManager,
    /// Microsoft's.
    OfflineConversions,
}

impl Dialect {
    /// The dialect of a platform by its name in the settings; `None` where the platform has no such file.
    #[must_use]
    pub fn named(platform: &str, name: &str) -> Option<Self> {
        match (platform, name) {
            ("google", "legacy_upload") => Some(Self::LegacyUpload),
            ("google", "enhanced_leads") => Some(Self::EnhancedLeads),
            ("google", "data_manager") => Some(Self::DataManager),
            ("microsoft", "offline_conversions") => Some(Self::OfflineConversions),
            _ => None,
        }
    }

    /// The days from a click to its conversion that count where nobody has set them.
    #[must_use]
    pub fn look_back_days(self) -> u16 {
        match self {
            Self::OfflineConversions => GoalRules::default().look_back_days,
            _ => ClickRules::default().look_back_days,
        }
    }

    /// The file with its header.
    ///
    /// # Errors
    /// Only when the writer itself fails.
    pub fn new_file(self) -> Result<UploadTable, NotWritten> {
        match self {
            Self::LegacyUpload => legacy_upload::new_file(),
            Self::EnhancedLeads => enhanced_leads_upload::new_file(),
            Self::DataManager => data_manager_file::new_file(),
            Self::OfflineConversions => upload_file::new_file(),
        }
    }

    /// Whether the file itself brings the new value of a conversion that it brought before: the Data Manager takes a
    /// second event of one transaction id as a change of the first
    /// (<https://developers.google.com/data-manager/api/devguides/events/google-ads/conversion-adjustments>). All other
    /// files are of conversions that the platform does not have yet.
    #[must_use]
    pub fn brings_new_values(self) -> bool {
        self == Self::DataManager
    }

    /// Which changes the file beside it brings.
    #[must_use]
    pub fn changes(self) -> ChangesFile {
        match self {
            Self::LegacyUpload | Self::EnhancedLeads => ChangesFile::Google,
            Self::DataManager => ChangesFile::GoogleRetractions,
            Self::OfflineConversions => ChangesFile::Microsoft,
        }
    }

    /// What is to become of a change of an outcome that was fetched, whichever of the two files brings it. `None` where
    /// the conversion was fetched with it.
    #[must_use]
    pub fn judge_change(
        self,
        action: &ConversionAction,
        changed: &ChangedOutcome<'_>,
        place: usize,
        now: Timestamp,
    ) -> Option<Judgement<()>> {
        let told = changed.changes.get(place)?;
        let delivered_at = changed.delivered_at?;
        if told.received_at < delivered_at {
            return None;
        }
        let is_new_value = matches!(told.adjustment.change, Change::Restate(_));
        Some(match self.changes().row(action, changed, place, now) {
            Judgement::Refuse(Reason::ChangeInConversion) if self.brings_new_values() && is_new_value => {
                if changed.last_word() == Some(place) {
                    Judgement::Deliverable(())
                } else {
                    Judgement::Refuse(Reason::ChangeOvertaken)
                }
            }
            judgement => judgement.map(|_| ()),
        })
    }

    /// The row of an outcome as it stands at `now`, or why there is none. `told_at` is when the outcome was told.
    #[must_use]
    pub fn row(
        self,
        action: &ConversionAction,
        outcome: &Outcome,
        lead: &Result<StoredLead, Reason>,
        told_at: Timestamp,
        now: Timestamp,
    ) -> Judgement<Vec<String>> {
        if outcome.occurred_at < oldest_outcome(now) {
            return Judgement::Refuse(Reason::ConversionTooOld);
        }
        let lead = match lead {
            Ok(lead) => lead,
            Err(reason) => return judge_without_lead(*reason, told_at, now),
        };
        let google = || Conversion::new(outcome, lead, "google");
        match self {
            Self::LegacyUpload => legacy_upload::row(action, &google(), now),
            Self::EnhancedLeads => enhanced_leads_upload::row(action, &google(), now),
            // Whether the action counts every conversion only its owner knows; Google says so where it does not.
            Self::DataManager => data_manager_file::row(action, false, &google(), now),
            Self::OfflineConversions => {
                upload_file::row(&goal(action), &Conversion::new(outcome, lead, "microsoft"), now)
            }
        }
    }
}

/// The oldest outcome that any file takes: a conversion comes after its click, so what is older than the longest window
/// can never be delivered again.
#[must_use]
pub fn oldest_outcome(now: Timestamp) -> Timestamp {
    now.plus_ms(-i64::from(LOOK_BACK_DAYS_MAX) * DAY_MS)
}

/// A later word on an outcome, and when the collector heard it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToldChange {
    /// What changes.
    pub adjustment: Adjustment,
    /// When it was told.
    pub received_at: Timestamp,
}

/// An outcome that changed, as a file of changes needs it.
#[derive(Clone, Copy, Debug)]
pub struct ChangedOutcome<'a> {
    /// The outcome.
    pub outcome: &'a Outcome,
    /// Its lead, or why it must not be used.
    pub lead: &'a Result<StoredLead, Reason>,
    /// Everything that was told of it later.
    pub changes: &'a [ToldChange],
    /// When the platform was first given the outcome itself, as far as it was.
    pub delivered_at: Option<Timestamp>,
}

impl ChangedOutcome<'_> {
    fn last_word(&self) -> Option<usize> {
        let adjustments: Vec<Adjustment> = self.changes.iter().map(|told| told.adjustment).collect();
        Adjustment::last_word(&adjustments)
    }
}

/// A file of changes that a platform fetches beside its conversions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangesFile {
    /// Google's, of Goals > Conversions > Uploads.
    Google,
    /// The same, of retractions alone, beside the Data Manager: it takes new values itself, and how it takes an outcome
    /// back is not published.
    GoogleRetractions,
    /// Microsoft's.
    Microsoft,
}

impl ChangesFile {
    /// The file with its header.
    ///
    /// # Errors
    /// Only when the writer itself fails.
    pub fn new_file(self) -> Result<UploadTable, NotWritten> {
        match self {
            Self::Google | Self::GoogleRetractions => adjustments_upload::new_file(),
            Self::Microsoft => adjustments_file::new_file(),
        }
    }

    /// The row of the change at this place as it stands at `now`, or why there is none. A change waits for nothing but
    /// its outcome: what was told before the outcome was sent is in the outcome.
    #[must_use]
    pub fn row(
        self,
        action: &ConversionAction,
        changed: &ChangedOutcome<'_>,
        place: usize,
        now: Timestamp,
    ) -> Judgement<Vec<String>> {
        let (Some(delivered_at), Some(told)) = (changed.delivered_at, changed.changes.get(place)) else {
            return Judgement::Refuse(Reason::OriginalNotDelivered);
        };
        let is_new_value = matches!(told.adjustment.change, Change::Restate(_));
        if told.received_at < delivered_at || (self == Self::GoogleRetractions && is_new_value) {
            return Judgement::Refuse(Reason::ChangeInConversion);
        }
        if changed.last_word() != Some(place) {
            return Judgement::Refuse(Reason::ChangeOvertaken);
        }
        match (self, changed.lead) {
            (Self::Google | Self::GoogleRetractions, _) => {
                adjustments_upload::row(action, changed.outcome, &told.adjustment, now)
            }
            (Self::Microsoft, Ok(lead)) => {
                let conversion = Conversion::new(changed.outcome, lead, "microsoft");
                adjustments_file::row(&goal(action), &conversion, &told.adjustment, now)
            }
            (Self::Microsoft, Err(reason)) => Judgement::Refuse(*reason),
        }
    }
}

fn goal(action: &ConversionAction) -> Goal {
    Goal {
        name: action.name.clone(),
        // Microsoft leaves the columns aside where the goal does not take them.
        takes_contact: true,
        rules: GoalRules {
            look_back_days: action.rules.look_back_days,
            created_at: None,
        },
    }
}
