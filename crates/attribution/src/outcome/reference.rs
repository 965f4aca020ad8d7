//! How an outcome names its lead.

use crate::click_id::{ClickId, ClickIdParameter};
use crate::lead_id::LeadId;
use crate::outcome::OutcomeRefusal;
use crate::user_data::{Email, EmailError, Phone, PhoneError, UserHash};

/// What an outcome names its lead by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// The id that was filled into the form.
    Lead(LeadId),
    /// A click id that one of the lead's touches has.
    Click(ClickId),
    /// An e-mail address, hashed by Google's rule. The address itself is never kept.
    Email(UserHash),
    /// A telephone number, hashed by Google's rule. The number itself is never kept.
    Phone(UserHash),
}

impl Reference {
    /// By a lead_id as people and CRMs write it.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn lead(text: &str) -> Result<Self, OutcomeRefusal> {
        LeadId::parse(text)
            .map(Self::Lead)
            .map_err(OutcomeRefusal::LeadIdInvalid)
    }

    /// By a click id, byte for byte but for the blanks that copying adds around it.
    ///
    /// # Errors
    /// [`OutcomeRefusal::ClickIdInvalid`] where no landing could have had it.
    pub fn click(parameter: ClickIdParameter, text: &str) -> Result<Self, OutcomeRefusal> {
        ClickId::parse(parameter, text.trim())
            .map(Self::Click)
            .ok_or(OutcomeRefusal::ClickIdInvalid)
    }

    /// By an e-mail address, or by the SHA-256 that somebody made of it.
    ///
    /// # Errors
    /// [`OutcomeRefusal::EmailInvalid`] where it is neither.
    pub fn email(text: &str) -> Result<Self, OutcomeRefusal> {
        if let Some(hash) = UserHash::parse(text.trim()) {
            return Ok(Self::Email(hash));
        }
        let email = Email::parse(text).map_err(OutcomeRefusal::EmailInvalid)?;
        let hash = email.hashes().google;
        hash.map(Self::Email)
            .ok_or(OutcomeRefusal::EmailInvalid(EmailError::NotAnAddress))
    }

    /// By a telephone number with its country's code, or by the SHA-256 that somebody made of it.
    ///
    /// # Errors
    /// [`OutcomeRefusal::PhoneInvalid`] where it is neither. A number without its country's code may belong to
    /// anybody.
    pub fn phone(text: &str) -> Result<Self, OutcomeRefusal> {
        if let Some(hash) = UserHash::parse(text.trim()) {
            return Ok(Self::Phone(hash));
        }
        let phone = Phone::parse(text, None).map_err(OutcomeRefusal::PhoneInvalid)?;
        let hash = phone.hashes().google;
        hash.map(Self::Phone)
            .ok_or(OutcomeRefusal::PhoneInvalid(PhoneError::Empty))
    }

    /// The name of what the lead is named by, as in the row: `lead_id`, `gclid`, `email`, …
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Lead(_) => "lead_id",
            Self::Click(id) => id.parameter().name(),
            Self::Email(_) => "email",
            Self::Phone(_) => "phone",
        }
    }

    /// The lead's id, where that is what names it.
    #[must_use]
    pub fn lead_id(&self) -> Option<&LeadId> {
        match self {
            Self::Lead(lead_id) => Some(lead_id),
            Self::Click(_) | Self::Email(_) | Self::Phone(_) => None,
        }
    }

    /// Name and value in one text, as the store keeps it: `gclid:Cj0…`.
    #[must_use]
    pub fn to_text(&self) -> String {
        let value = match self {
            Self::Lead(lead_id) => lead_id.as_str(),
            Self::Click(id) => id.value(),
            Self::Email(hash) | Self::Phone(hash) => hash.as_str(),
        };
        format!("{}:{value}", self.name())
    }

    /// Reads what [`Self::to_text`] wrote; `None` where it did not.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let (name, value) = text.split_once(':')?;
        match name {
            "lead_id" => LeadId::parse(value).ok().map(Self::Lead),
            "email" => UserHash::parse(value).map(Self::Email),
            "phone" => UserHash::parse(value).map(Self::Phone),
            _ => ClickId::parse(ClickIdParameter::named(name)?, value).map(Self::Click),
        }
    }
}
