//! Where outcomes go: a conversion action of an ad platform, and how the platform gets them.

use attribution::api_action::ApiAction;
use attribution::conversion::Conversion;
use attribution::google::click_rules::ClickRules;
use attribution::google::legacy_upload::{self, ConversionAction};
use attribution::google::{data_manager_file, enhanced_leads_upload};
use attribution::judgement::Judgement;
use attribution::microsoft::click_rules::GoalRules;
use attribution::microsoft::conversion::Goal;
use attribution::microsoft::upload_file;
use attribution::outcome::Outcome;
use attribution::stored_lead::StoredLead;
use attribution::time_zone::TimeZone;
use attribution::timestamp::Timestamp;
use attribution::upload_table::{NotWritten, UploadTable};
use serde::{Deserialize, Serialize, Serializer};

/// A feed's settings.
#[derive(Clone, Debug)]
pub struct Destination {
    /// The site whose outcomes it takes.
    pub site: String,
    /// Which kinds of outcome it takes.
    pub outcome_kinds: Vec<String>,
    /// Which file it is.
    pub dialect: Dialect,
    /// The conversion action, its zone and its windows.
    pub action: ConversionAction,
}

/// A file that a platform fetches.
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
    /// The dialect of a destination; `None` where its platform has no such file.
    #[must_use]
    pub fn of(row: &DestinationRow) -> Option<Self> {
        match (row.platform.as_str(), row.dialect.as_deref()?) {
            ("google", "legacy_upload") => Some(Self::LegacyUpload),
            ("google", "enhanced_leads") => Some(Self::EnhancedLeads),
            ("google", "data_manager") => Some(Self::DataManager),
            ("microsoft", "offline_conversions") => Some(Self::OfflineConversions),
            _ => None,
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

    /// The row of an outcome as it stands at `now`, or why there is none.
    #[must_use]
    pub fn row(
        self,
        action: &ConversionAction,
        outcome: &Outcome,
        lead: &StoredLead,
        now: Timestamp,
    ) -> Judgement<Vec<String>> {
        let google = || Conversion::new(outcome, lead, "google");
        match self {
            Self::LegacyUpload => legacy_upload::row(action, &google(), now),
            Self::EnhancedLeads => enhanced_leads_upload::row(action, &google(), now),
            // Whether the action counts every conversion only its owner knows; Google says so where it does not.
            Self::DataManager => data_manager_file::row(action, false, &google(), now),
            Self::OfflineConversions => {
                let goal = Goal {
                    name: action.name.clone(),
                    // Microsoft leaves the columns aside where the goal does not take them.
                    takes_contact: true,
                    rules: GoalRules {
                        look_back_days: action.rules.look_back_days,
                        created_at: None,
                    },
                };
                upload_file::row(&goal, &Conversion::new(outcome, lead, "microsoft"), now)
            }
        }
    }
}

/// User and password of a feed: what the platform shows to fetch it. Without them nobody is let in.
#[derive(Clone, Debug)]
pub struct Login {
    /// The user, as entered at the platform.
    pub user: String,
    /// Hex SHA-256 of the password.
    pub password_sha256: String,
}

/// A destination's row, as the store has it and as its settings are shown, without the password.
#[derive(Debug, Deserialize, Serialize)]
pub struct DestinationRow {
    pub(crate) destination: String,
    pub(crate) site: String,
    pub(crate) platform: String,
    pub(crate) transport: String,
    pub(crate) dialect: Option<String>,
    pub(crate) conversion_action: String,
    #[serde(serialize_with = "write_json")]
    pub(crate) outcome_kinds: String,
    pub(crate) feed_user: Option<String>,
    #[serde(skip_serializing)]
    pub(crate) feed_password_sha256: Option<String>,
    pub(crate) click_wait_hours: Option<u16>,
    pub(crate) lookback_days: Option<u16>,
    pub(crate) time_zone: String,
    #[serde(
        serialize_with = "write_optional_json",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) api: Option<String>,
}

/// A column of JSON is shown as what it says.
fn write_json<S: Serializer>(json: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let value: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    value.serialize(serializer)
}

fn write_optional_json<S: Serializer>(json: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    write_json(json.as_deref().unwrap_or_default(), serializer)
}

impl DestinationRow {
    /// The action at the platform's API; `None` for a feed, and where a setting cannot be used.
    #[must_use]
    pub fn api_action(&self) -> Option<ApiAction> {
        let (look_back_days, wait_hours) = (self.lookback_days, self.click_wait_hours);
        let (platform, name) = (&self.platform, &self.conversion_action);
        ApiAction::read_settings(platform, name, look_back_days, wait_hours, self.api.as_deref()?)
    }

    /// User and password, if the destination has them.
    #[must_use]
    pub fn login(&self) -> Option<Login> {
        let (user, password_sha256) = self.feed_user.clone().zip(self.feed_password_sha256.clone())?;
        Some(Login {
            user,
            password_sha256,
        })
    }

    /// The settings; `None` where one of them cannot be used.
    #[must_use]
    pub fn settings(self) -> Option<Destination> {
        let dialect = Dialect::of(&self)?;
        let look_back_days = match dialect {
            Dialect::OfflineConversions => GoalRules::default().look_back_days,
            _ => ClickRules::default().look_back_days,
        };
        let default = ClickRules::default();
        Some(Destination {
            dialect,
            site: self.site,
            outcome_kinds: serde_json::from_str(&self.outcome_kinds).ok()?,
            action: ConversionAction {
                name: self.conversion_action,
                zone: TimeZone::named(&self.time_zone)?,
                rules: ClickRules {
                    look_back_days: self.lookback_days.unwrap_or(look_back_days),
                    wait_hours: self.click_wait_hours.unwrap_or(default.wait_hours),
                },
            },
        })
    }
}
