//! E-mail addresses as the platforms compare them.

use std::fmt;

use unicode_normalization::char::decompose_canonical;

use super::{PlatformHashes, UserHash};
use crate::limits::EMAIL_BYTES_MAX;

/// The two domains at which Google drops what its mail ignores.
const GOOGLE_MAIL: [&str; 2] = ["gmail.com", "googlemail.com"];

/// Accents, apart from the letters that carry them: the block of combining diacritical marks
/// (<https://www.unicode.org/charts/PDF/U0300.pdf>).
const ACCENTS: std::ops::RangeInclusive<char> = '\u{300}'..='\u{36F}';

/// Why a text is no e-mail address. Never carries the text, which is a visitor's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailError {
    /// Nothing but blanks.
    Empty,
    /// Longer than any address.
    TooLong,
    /// A blank inside. Google's guide trims it, Google's own helpers raise an error: more often it parts two addresses.
    Blank,
    /// Not exactly one at sign with something before it, and a domain with a dot inside after it; or something around it.
    NotAnAddress,
}

impl EmailError {
    /// What a person can do about it.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Empty => "The e-mail address is empty. Leave it out where none is known.",
            Self::TooLong => "An e-mail address has at most 254 characters.",
            Self::Blank => {
                "The e-mail address has a blank inside. Are these two addresses? Send one of them."
            }
            Self::NotAnAddress => {
                "This is no e-mail address. Send one, as in name@example.com, or its SHA-256."
            }
        }
    }
}

/// An e-mail address, trimmed and in lower case, as every platform wants it to begin with.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    local: String,
    domain: String,
}

impl Email {
    /// Reads what a person or a CRM wrote.
    ///
    /// # Errors
    /// Says which rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(EmailError::Empty);
        }
        if text.len() > EMAIL_BYTES_MAX {
            return Err(EmailError::TooLong);
        }
        if text.contains(char::is_whitespace) {
            return Err(EmailError::Blank);
        }
        let lower = text.to_lowercase();
        let (local, domain) = lower.split_once('@').ok_or(EmailError::NotAnAddress)?;
        let has_dot_inside = domain
            .split_once('.')
            .is_some_and(|(name, rest)| !name.is_empty() && !rest.is_empty() && !domain.ends_with('.'));
        if local.is_empty() || domain.contains('@') || !has_dot_inside || lower.contains(is_around_address) {
            return Err(EmailError::NotAnAddress);
        }
        Ok(Self {
            local: local.to_owned(),
            domain: domain.to_owned(),
        })
    }

    /// Google's form: without dots and `+tag` at Google's own domains, which otherwise stay as they are
    /// (<https://developers.google.com/data-manager/api/devguides/concepts/formatting>). `None` where nothing is left.
    #[must_use]
    pub fn google(&self) -> Option<String> {
        if GOOGLE_MAIL.contains(&self.domain.as_str()) {
            joined(&bare(&self.local), &self.domain)
        } else {
            joined(&self.local, &self.domain)
        }
    }

    /// Microsoft's form: without dots and `+tag` at every domain, and without accents
    /// (<https://help.ads.microsoft.com/#apex/ads/en/60178/1>). `None` where nothing is left.
    #[must_use]
    pub fn microsoft(&self) -> Option<String> {
        joined(
            &without_accents(&bare(&self.local)),
            &without_accents(&self.domain),
        )
    }

    /// Meta's form: dots and `+tag` stay at every domain
    /// (<https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/customer-information-parameters>).
    #[must_use]
    pub fn meta(&self) -> String {
        [&self.local, "@", &self.domain].concat()
    }

    /// The hash for each platform.
    #[must_use]
    pub fn hashes(&self) -> PlatformHashes {
        PlatformHashes {
            google: self.google().map(|text| UserHash::of(&text)),
            microsoft: self.microsoft().map(|text| UserHash::of(&text)),
            meta: Some(UserHash::of(&self.meta())),
        }
    }
}

/// No visitor data in a log line.
impl fmt::Debug for Email {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Email(…)")
    }
}

/// What stands around an address where it was copied with something more, as in `<ann@example.com>,` and `mailto:…`, and in
/// none itself (<https://www.rfc-editor.org/rfc/rfc5322#section-3.2.3>); its hash would be nobody's.
fn is_around_address(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '<' | '>' | '(' | ')' | '[' | ']' | ':' | ';' | ',' | '\\' | '"'
        )
}

fn joined(local: &str, domain: &str) -> Option<String> {
    (!local.is_empty()).then(|| [local, "@", domain].concat())
}

/// What stands before the plus, without dots.
fn bare(local: &str) -> String {
    local.split('+').next().unwrap_or_default().replace('.', "")
}

fn without_accents(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        decompose_canonical(letter, |part| {
            if !ACCENTS.contains(&part) {
                plain.push(part);
            }
        });
    }
    plain
}
