//! Phone numbers as the platforms compare them: E.164, digits with the country's calling code
//! (<https://www.itu.int/rec/T-REC-E.164>).
//!
//! A number without its country is never completed by a guess: Google's own helper makes `+8005550100` of an American
//! number without `1`, which belongs to nobody. Where the site names a country, its rule says how a number is written at
//! home. The rules are one line for each country, taken from libphonenumber 9.0.33, because the library itself would cost
//! a visitor hundreds of kilobytes; `tests/phone_numbers.rs` holds them to the library.

use std::fmt;

use super::{PlatformHashes, UserHash};
use crate::limits::{PHONE_DIGITS_MAX, PHONE_DIGITS_MIN};

/// For each country a line: its two letters, its calling code, the digits that stand before a number at home only (or
/// `-`), the lengths that fixed, mobile and internet numbers have without these, and the length up to which a number
/// may lack its area: what libphonenumber calls local, and every length but the longest where there are more than two.
/// Belarus has the `80` that people write there.
const COUNTRIES: &str = include_str!("countries.txt");

/// Why a text is no phone number. Never carries the text, which is a visitor's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneError {
    /// Nothing but blanks.
    Empty,
    /// Something that is not part of a number, such as an extension.
    Character,
    /// No plus or `00` before the calling code, and no country that could complete the number.
    CountryMissing,
    /// The country has no numbers of this length, or the number lacks its area.
    Length,
}

impl PhoneError {
    /// What a person can do about it.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Empty => "The phone number is empty. Leave it out where none is known.",
            Self::Character => "A phone number has digits only. Send it without extension and words.",
            Self::CountryMissing => {
                "The phone number lacks its country. Send it with a plus and the calling code, as in +441134960987."
            }
            Self::Length => {
                "The phone number has too few or too many digits. Send it whole, as in +441134960987."
            }
        }
    }
}

/// A country, and how its numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    calling_code: &'static str,
    /// `0` in most countries; empty where nothing stands before a number.
    trunk: &'static str,
    lengths: &'static str,
    local_length_max: usize,
}

impl Country {
    /// The country of these two letters (<https://www.iso.org/iso-3166-country-codes.html>), in capitals or not.
    #[must_use]
    pub fn named(letters: &str) -> Option<Self> {
        let letters = letters.trim();
        COUNTRIES
            .lines()
            .find(|line| {
                letters.len() == 2
                    && line
                        .get(..2)
                        .is_some_and(|name| name.eq_ignore_ascii_case(letters))
            })
            .and_then(Self::of_line)
    }

    /// A country whose calling code these digits begin with. Where several share one, as in North America, they share
    /// what stands before a number too.
    fn of_digits(digits: &str) -> Option<Self> {
        COUNTRIES
            .lines()
            .filter_map(Self::of_line)
            .find(|country| digits.starts_with(country.calling_code))
    }

    fn of_line(line: &'static str) -> Option<Self> {
        let mut words = line.split(' ').skip(1);
        Some(Self {
            calling_code: words.next()?,
            trunk: words.next()?.trim_matches('-'),
            lengths: words.next()?,
            local_length_max: words.next()?.parse().ok()?,
        })
    }

    fn has_length(self, digits: &str) -> bool {
        let mut lengths = self.lengths.split(',');
        lengths.any(|length| length.parse() == Ok(digits.len()))
    }

    /// The number that these digits mean at home, without what stands before it. Where that is missing although the
    /// country has it, the digits are a whole number only if a number without its area cannot be as long.
    fn at_home(self, digits: &str) -> Option<&str> {
        let is_whole = self.trunk.is_empty() || digits.len() > self.local_length_max;
        let after_trunk = digits
            .strip_prefix(self.trunk)
            .filter(|number| !self.trunk.is_empty() && self.has_length(number));
        after_trunk.or((is_whole && self.has_length(digits)).then_some(digits))
    }
}

/// A phone number with its country.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone {
    /// Calling code and number.
    digits: String,
}

impl Phone {
    /// Reads what a person or a CRM wrote. `country` is where a number without calling code belongs, if the site says so.
    ///
    /// # Errors
    /// Says which rule the text breaks.
    pub fn parse(text: &str, country: Option<Country>) -> Result<Self, PhoneError> {
        let (has_plus, digits) = digits_of(text)?;
        let abroad = if has_plus {
            Some(digits.as_str())
        } else {
            digits.strip_prefix("00")
        };
        let digits = match (abroad, country) {
            (Some(digits), _) => without_trunk(digits),
            (None, Some(country)) => {
                let number = country.at_home(&digits).ok_or(PhoneError::Length)?;
                [country.calling_code, number].concat()
            }
            (None, None) => return Err(PhoneError::CountryMissing),
        };
        let is_long_enough = (PHONE_DIGITS_MIN..=PHONE_DIGITS_MAX).contains(&digits.len());
        // No calling code begins with a zero.
        if !is_long_enough || digits.starts_with('0') {
            return Err(PhoneError::Length);
        }
        Ok(Self { digits })
    }

    /// The form of Google and of Microsoft: a plus and the digits
    /// (<https://developers.google.com/data-manager/api/devguides/concepts/formatting>,
    /// <https://help.ads.microsoft.com/#apex/ads/en/60178/1>).
    #[must_use]
    pub fn e164(&self) -> String {
        ["+", &self.digits].concat()
    }

    /// Meta's form: the digits
    /// (<https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/customer-information-parameters>).
    #[must_use]
    pub fn meta(&self) -> &str {
        &self.digits
    }

    /// The hash for each platform.
    #[must_use]
    pub fn hashes(&self) -> PlatformHashes {
        let e164 = UserHash::of(&self.e164());
        PlatformHashes {
            google: Some(e164.clone()),
            microsoft: Some(e164),
            meta: Some(UserHash::of(&self.digits)),
        }
    }
}

/// No visitor data in a log line.
impl fmt::Debug for Phone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Phone(…)")
    }
}

/// Whether a plus stands first, and the digits. What people and spreadsheets put between digits goes.
fn digits_of(text: &str) -> Result<(bool, String), PhoneError> {
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || is_invisible(letter));
    let (has_plus, rest) = match text.strip_prefix(['+', '＋']) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut digits = String::new();
    for letter in rest.chars() {
        match letter {
            '0'..='9' => digits.push(letter),
            '-' | '.' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {}
            _ if letter.is_whitespace() || is_invisible(letter) => {}
            _ => return Err(PhoneError::Character),
        }
    }
    match digits.len() {
        0 if text.is_empty() => Err(PhoneError::Empty),
        0 => Err(PhoneError::Character),
        _ => Ok((has_plus, digits)),
    }
}

/// Marks of writing direction and the like, which come along when a number is copied.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// `+44 (0)113 496 0987` is written often, and means `+441134960987`; in Italy the zero is part of the number.
fn without_trunk(digits: &str) -> String {
    let trunk_too = Country::of_digits(digits).filter(|country| country.trunk == "0");
    match trunk_too.and_then(|country| Some((country, digits.strip_prefix(country.calling_code)?))) {
        Some((country, number)) => {
            let number = number.strip_prefix(country.trunk).unwrap_or(number);
            [country.calling_code, number].concat()
        }
        None => digits.to_owned(),
    }
}
