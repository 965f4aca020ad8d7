//! How a person is named who wants to know what is kept, or to be forgotten: by a lead_id, an e-mail address or a phone
//! number. Address and number are hashed here, at the door, and go no further.

use attribution::lead::LeadRefusal;
use attribution::lead_id::LeadId;
use attribution::user_data::{Country, Email, Phone, PlatformHashes, UserHash};

use crate::finder::Finder;
use crate::refusal::Refusal;
use crate::request::Request;
use crate::settings::{SettingRefusal, Settings};

const LEAD_ID: &str = "lead_id is the id that was filled into the form.";
const EMAIL: &str = "email is an e-mail address, or its SHA-256 as it was sent with the lead.";
const PHONE: &str =
    "phone is a phone number with its plus and calling code, or its SHA-256 as it was sent with the lead.";
const COUNTRY: &str = "country is two letters, as in GB, for a phone number without its calling code.";
const ONE: &str =
    "Name the person by exactly one of lead_id, email and phone; country may stand beside phone.";

/// By what a person was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Person {
    /// By one lead.
    Lead(LeadId),
    /// By an e-mail address: every lead and outcome that carries one of its hashes.
    Email(Vec<Finder>),
    /// By a phone number.
    Phone(Vec<Finder>),
}

impl Person {
    /// The person whom the body of this request names.
    ///
    /// # Errors
    /// The first rule that the body breaks. Nothing of it is repeated.
    pub fn of(request: &Request) -> Result<Self, Refusal> {
        let mut settings = Settings::of(request)?;
        let lead_id = settings.text("lead_id", LEAD_ID)?;
        let email = settings.text("email", EMAIL)?;
        let phone = settings.text("phone", PHONE)?;
        let country = settings.text("country", COUNTRY)?;
        settings.finish(ONE)?;
        match (lead_id, email, phone) {
            (Some(lead_id), None, None) if country.is_none() => {
                let lead_id = LeadId::parse(&lead_id).map_err(LeadRefusal::LeadIdInvalid)?;
                Ok(Self::Lead(lead_id))
            }
            (None, Some(email), None) if country.is_none() => {
                let hashes = hashed(&email, |email| Ok(Email::parse(email)?.hashes())).map_err(
                    |error: attribution::user_data::EmailError| SettingRefusal::of("email", error.advice()),
                )?;
                Ok(Self::Email(
                    hashes.iter().map(|hash| Finder::email(hash)).collect(),
                ))
            }
            (None, None, Some(phone)) => {
                let country = country.as_deref().map(country_of).transpose()?;
                let hashes = hashed(&phone, |phone| Ok(Phone::parse(phone, country)?.hashes())).map_err(
                    |error: attribution::user_data::PhoneError| SettingRefusal::of("phone", error.advice()),
                )?;
                Ok(Self::Phone(
                    hashes.iter().map(|hash| Finder::phone(hash)).collect(),
                ))
            }
            _ => Err(SettingRefusal::of("", ONE).into()),
        }
    }

    /// By what kind of name the person was named; nothing of the name itself.
    #[must_use]
    pub fn asked_by(&self) -> &'static str {
        match self {
            Self::Lead(_) => "lead_id",
            Self::Email(_) => "email",
            Self::Phone(_) => "phone",
        }
    }

    /// What the person's leads and outcomes are found by; nothing where the lead itself is named.
    #[must_use]
    pub fn finders(&self) -> &[Finder] {
        match self {
            Self::Lead(_) => &[],
            Self::Email(finders) | Self::Phone(finders) => finders,
        }
    }
}

fn country_of(letters: &str) -> Result<Country, SettingRefusal> {
    Country::named(letters).ok_or(SettingRefusal::of("country", COUNTRY))
}

/// The hashes of a text that may be a hash already.
fn hashed<E>(text: &str, hash: impl Fn(&str) -> Result<PlatformHashes, E>) -> Result<Vec<String>, E> {
    if let Some(hash) = UserHash::parse(text.trim()) {
        return Ok(vec![hash.as_str().to_owned()]);
    }
    let hashes = hash(text)?;
    Ok(hashes.named().map(|(_, hash)| hash.as_str().to_owned()).collect())
}
