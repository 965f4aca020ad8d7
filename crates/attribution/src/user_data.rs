//! A person's e-mail address and phone number, as an ad platform may know them: hashed, by each platform's own rule.
//!
//! One address has three different hashes. Google drops dots and `+tag` at its own two mail domains, Microsoft at every
//! domain and accents too, Meta nowhere; Google and Microsoft hash a phone number with its plus, Meta without. A hash
//! by another platform's rule matches nobody, and nothing ever says so.
//!
//! An address as a person wrote it becomes an [`Email`] or a [`Phone`], and those become [`PlatformHashes`]. Only the
//! hashes are kept and sent.

#[cfg(feature = "user_data")]
mod email;
#[cfg(feature = "user_data")]
mod phone;

#[cfg(feature = "user_data")]
pub use email::{Email, EmailError};
#[cfg(feature = "user_data")]
pub use phone::{Country, Phone, PhoneError};

/// Digits of a SHA-256 in hexadecimal.
const HASH_DIGITS: usize = 64;

/// A SHA-256 of a normalised address: 64 hexadecimal digits in lower case, as all three platforms take it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserHash(String);

impl UserHash {
    /// Reads what somebody else has hashed. Capitals become small, because platforms compare the text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_hash = text.len() == HASH_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hash.then(|| Self(text.to_ascii_lowercase()))
    }

    /// Hashes a text that is already normalised.
    #[cfg(feature = "user_data")]
    #[must_use]
    pub fn of(normalised: &str) -> Self {
        use sha2::{Digest as _, Sha256};
        Self(hex::encode(Sha256::digest(normalised.as_bytes())))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One address in the form of each platform; a platform whose rule leaves nothing of it has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlatformHashes {
    /// As Google wants it.
    pub google: Option<UserHash>,
    /// As Microsoft wants it.
    pub microsoft: Option<UserHash>,
    /// As Meta wants it.
    pub meta: Option<UserHash>,
}

impl PlatformHashes {
    /// Each hash by the platform's name, in the order in which they are written.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &UserHash)> {
        let all = [
            ("google", &self.google),
            ("microsoft", &self.microsoft),
            ("meta", &self.meta),
        ];
        all.into_iter()
            .filter_map(|(platform, hash)| Some((platform, hash.as_ref()?)))
    }

    /// Whether no platform has one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.named().next().is_none()
    }
}

/// What a lead tells of the person who sent the form, and only with consent to `ad_user_data`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserData {
    /// The e-mail address.
    pub email: PlatformHashes,
    /// The phone number.
    pub phone: PlatformHashes,
}

impl UserData {
    /// Whether it tells nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.email.is_empty() && self.phone.is_empty()
    }
}

#[cfg(all(test, feature = "user_data"))]
mod tests;
