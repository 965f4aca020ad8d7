//! Where outcomes go: a conversion action of an ad platform, and how the platform gets them.

use attribution::google::click_rules::ClickRules;
use attribution::google::legacy_upload::ConversionAction;
use attribution::time_zone::TimeZone;
use serde::{Deserialize, Serialize, Serializer};

/// One destination's settings. Platform, transport and dialect are what the schema allows: a feed of Google's legacy
/// upload.
#[derive(Clone, Debug)]
pub struct Destination {
    /// The site whose outcomes it takes.
    pub site: String,
    /// Which kinds of outcome it takes.
    pub outcome_kinds: Vec<String>,
    /// The conversion action, its zone and its windows.
    pub action: ConversionAction,
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
    pub(crate) dialect: String,
    pub(crate) conversion_action: String,
    #[serde(serialize_with = "write_json")]
    pub(crate) outcome_kinds: String,
    pub(crate) feed_user: Option<String>,
    #[serde(skip_serializing)]
    pub(crate) feed_password_sha256: Option<String>,
    pub(crate) click_wait_hours: Option<u16>,
    pub(crate) lookback_days: Option<u16>,
    pub(crate) time_zone: String,
}

/// A column of JSON is shown as what it says.
fn write_json<S: Serializer>(json: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let value: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    value.serialize(serializer)
}

impl DestinationRow {
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
        let default = ClickRules::default();
        Some(Destination {
            site: self.site,
            outcome_kinds: serde_json::from_str(&self.outcome_kinds).ok()?,
            action: ConversionAction {
                name: self.conversion_action,
                zone: TimeZone::named(&self.time_zone)?,
                rules: ClickRules {
                    look_back_days: self.lookback_days.unwrap_or(default.look_back_days),
                    wait_hours: self.click_wait_hours.unwrap_or(default.wait_hours),
                },
            },
        })
    }
}
