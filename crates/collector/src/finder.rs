//! What a lead is found by when nobody knows its lead_id: a click id, a hashed e-mail address, a hashed phone number.

use attribution::outcome::Reference;
use attribution::stored_lead::StoredLead;
use serde::Serialize;

use crate::authority::sha256_hex;

/// Hex digits of a finder. 64 bits: among a million leads of a site, two are mixed up once in ten million sites.
const DIGITS: usize = 16;

/// A short, equally long text for anything that names a lead, so that the table of all leads stays narrow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Finder(String);

impl Finder {
    /// A click id by the name of its parameter, such as `gclid`, and its value, byte for byte.
    #[must_use]
    pub fn click_id(parameter: &str, value: &str) -> Self {
        Self::of(parameter, value)
    }

    /// An e-mail address as one platform hashes it, in hex.
    #[must_use]
    pub fn email(hash: &str) -> Self {
        Self::of("email", hash)
    }

    /// A phone number as one platform hashes it, in hex.
    #[must_use]
    pub fn phone(hash: &str) -> Self {
        Self::of("phone", hash)
    }

    /// What an outcome's lead is found by; nothing where the outcome names it by the lead_id itself.
    #[must_use]
    pub fn of_reference(reference: &Reference) -> Option<Self> {
        match reference {
            Reference::Lead(_) => None,
            Reference::Click(id) => Some(Self::click_id(id.parameter().name(), id.value())),
            Reference::Email(hash) => Some(Self::email(hash.as_str())),
            Reference::Phone(hash) => Some(Self::phone(hash.as_str())),
        }
    }

    fn of(kind: &str, value: &str) -> Self {
        Self(
            sha256_hex(&format!("{kind}:{value}"))
                .chars()
                .take(DIGITS)
                .collect(),
        )
    }

    /// Everything that this lead is found by, each once. Companions such as `gad_source` stand on thousands of clicks,
    /// so they name none.
    #[must_use]
    pub fn all_of(lead: &StoredLead) -> Vec<Self> {
        let touches = &lead.lead().value().touches;
        let ids = touches.iter().flat_map(|touch| touch.landing.ids());
        let ids = ids.filter(|id| !id.parameter().is_companion());
        let user = &lead.lead().value().user;
        let emails = user.email.named().map(|(_, hash)| Self::email(hash.as_str()));
        let phones = user.phone.named().map(|(_, hash)| Self::phone(hash.as_str()));
        let mut finders: Vec<Self> = ids
            .map(|id| Self::click_id(id.parameter().name(), id.value()))
            .chain(emails)
            .chain(phones)
            .collect();
        // The hashes of most addresses are the same for all platforms.
        finders.sort();
        finders.dedup();
        finders
    }
}

impl AsRef<str> for Finder {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
