//! Where outcomes go: a conversion action of an ad platform, and how the platform gets them.

use attribution::api_action::ApiAction;
use attribution::feed_action::{ChangesFile, Dialect, oldest_outcome};
use attribution::google::click_rules::ClickRules;
use attribution::google::legacy_upload::ConversionAction;
use attribution::microsoft::refresh_token::is_time_to_renew;
use attribution::time_zone::TimeZone;
use attribution::timestamp::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

/// A feed's settings.
#[derive(Clone, Debug)]
pub struct Destination {
    /// Its id.
    pub id: String,
    /// The site whose outcomes it takes.
    pub site: String,
    /// Which kinds of outcome it takes.
    pub outcome_kinds: Vec<String>,
    /// Which file of conversions it is; `None` where an API is told of them.
    pub dialect: Option<Dialect>,
    /// Which file of changes stands beside it.
    pub changes: ChangesFile,
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
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
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
    #[serde(
        default,
        rename(serialize = "outcomes_since"),
        serialize_with = "write_moment",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) outcomes_since_ms: Option<i64>,
    #[serde(default, skip_serializing)]
    pub(crate) earlier_after_ms: Option<i64>,
    #[serde(default, skip_serializing)]
    pub(crate) refresh_token_at_ms: Option<i64>,
    #[serde(default, skip_serializing)]
    pub(crate) conversions_fetched_at_ms: Option<i64>,
    #[serde(default, skip_serializing)]
    pub(crate) adjustments_fetched_at_ms: Option<i64>,
    #[serde(default, skip_serializing)]
    pub(crate) taken_at_ms: Option<i64>,
}

/// A column of JSON is shown as what it says.
fn write_json<S: Serializer>(json: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let value: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    value.serialize(serializer)
}

fn write_optional_json<S: Serializer>(json: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    write_json(json.as_deref().unwrap_or_default(), serializer)
}

/// A column of milliseconds is shown as a moment.
fn write_moment<S: Serializer>(ms: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
    ms.map(Timestamp::from_ms).serialize(serializer)
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

    /// Has the outcomes looked for that were told before it, as far back as any platform takes them.
    pub(crate) fn look_for_earlier_outcomes(&mut self, now: Timestamp) {
        self.earlier_after_ms = self.outcomes_since_ms.map(|_| oldest_outcome(now).ms());
    }

    /// Whether such outcomes may be left.
    #[must_use]
    pub fn has_earlier_outcomes(&self) -> bool {
        self.earlier_after_ms.is_some()
    }

    /// Whether it is time for a newer refresh token though nothing is to be sent.
    #[must_use]
    pub fn is_time_to_renew_token(&self, now: Timestamp) -> bool {
        let given_at = self.refresh_token_at_ms.map(Timestamp::from_ms);
        given_at.is_some_and(|given_at| is_time_to_renew(given_at, now))
    }

    /// Whether it takes outcomes of this kind.
    #[must_use]
    pub fn takes(&self, kind: &str) -> bool {
        let kinds: Vec<String> = serde_json::from_str(&self.outcome_kinds).unwrap_or_default();
        kinds.iter().any(|other| other == kind)
    }

    /// When the platform last took something: a request, or the file of conversions.
    #[must_use]
    pub fn last_upload_at(&self) -> Option<Timestamp> {
        self.taken_at_ms
            .max(self.conversions_fetched_at_ms)
            .map(Timestamp::from_ms)
    }

    /// When the platform last fetched the file of conversions.
    #[must_use]
    pub fn conversions_fetched_at(&self) -> Option<Timestamp> {
        self.conversions_fetched_at_ms.map(Timestamp::from_ms)
    }

    /// When the platform last fetched the file of changes.
    #[must_use]
    pub fn adjustments_fetched_at(&self) -> Option<Timestamp> {
        self.adjustments_fetched_at_ms.map(Timestamp::from_ms)
    }

    /// The file of conversions that it is; `None` for an API, and where its platform has no such file.
    #[must_use]
    pub fn dialect(&self) -> Option<Dialect> {
        Dialect::named(&self.platform, self.dialect.as_deref()?)
    }

    /// Its files; `None` where it has none, or a setting cannot be used. Beside Google's API stands a file of
    /// retractions, which the API is not told of.
    #[must_use]
    pub fn files(&self) -> Option<Destination> {
        let dialect = self.dialect();
        let changes = match dialect {
            Some(dialect) => dialect.changes(),
            None if self.transport == "api" && self.platform == "google" => ChangesFile::GoogleRetractions,
            None => return None,
        };
        let default = ClickRules::default();
        let look_back_days = dialect.map_or(default.look_back_days, Dialect::look_back_days);
        Some(Destination {
            id: self.destination.clone(),
            dialect,
            changes,
            site: self.site.clone(),
            outcome_kinds: serde_json::from_str(&self.outcome_kinds).ok()?,
            action: ConversionAction {
                name: self.conversion_action.clone(),
                zone: TimeZone::named(&self.time_zone)?,
                rules: ClickRules {
                    look_back_days: self.lookback_days.unwrap_or(look_back_days),
                    wait_hours: self.click_wait_hours.unwrap_or(default.wait_hours),
                },
            },
        })
    }
}
