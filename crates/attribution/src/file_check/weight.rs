//! How much a finding weighs: whether the platform refuses a line by a rule that it has published.

use serde::Serialize;

use crate::click_id::ClickIdParameter;
use crate::click_id_check::ClickIdWarning;
use crate::google::conversion::is_base64url;
use crate::microsoft::conversion::is_msclkid;

/// How sure it is that the platform refuses a line, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// The platform refuses it by a rule that it has published.
    Refused,
    /// The platform takes it later.
    Later,
    /// It looks wrong; whether the platform refuses it is not published.
    Doubtful,
}

impl Weight {
    /// One word for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Later => "later",
            Self::Doubtful => "doubtful",
        }
    }

    /// Of what is wrong with a click id. Ids are not documented but for their characters, so only these are beyond doubt.
    pub(crate) fn of_id(parameter: ClickIdParameter, id: &str, warning: ClickIdWarning) -> Self {
        let can_be_one = match parameter.name() {
            "gclid" | "gbraid" | "wbraid" => is_base64url(id),
            "msclkid" => is_msclkid(id),
            _ => !matches!(warning, ClickIdWarning::Empty | ClickIdWarning::TemplateUnfilled),
        };
        if can_be_one && !id.is_empty() {
            Self::Doubtful
        } else {
            Self::Refused
        }
    }
}
