//! The lead's own id: 80 random bits that a person can read over the telephone and a CRM can fold or truncate
//! without anybody missing it.

use crate::digits::push_digit;

/// Crockford's alphabet (<https://www.crockford.com/base32.html>): no I, L, O, U.
const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters of the id itself; one check character follows.
const VALUES: usize = 16;

/// 16 characters and a check character, in capitals, such as `7K3M9QXA2F4HJK5NR`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeadId(String);

/// Why a text is no lead id. Never carries the text, which may be a visitor's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadIdError {
    /// Not 17 characters after blanks and dashes are dropped.
    Length,
    /// A character that the alphabet does not have.
    Character,
    /// The check character does not fit: a character was changed or two were swapped.
    Check,
}

impl LeadIdError {
    /// The name of the rule, for machines. A wrong check character is told apart, because its cure is another: the id
    /// was copied wrongly.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Check => "lead_id_check_failed",
            Self::Length | Self::Character => "lead_id_invalid",
        }
    }

    /// What a person can do about it.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Length => "A lead_id has 17 characters. Was it cut by a field that is too short?",
            Self::Character => "A lead_id has only digits and the letters A to Z without I, L, O and U.",
            Self::Check => {
                "The check character does not fit: a character of this lead_id was changed. Copy it again."
            }
        }
    }
}

impl LeadId {
    /// A fresh id from 80 random bits of the caller, the lower 40 of each number.
    #[must_use]
    pub fn from_random(random: [u64; 2]) -> Self {
        let places = (0..VALUES / 2).rev();
        let values = random.map(|bits| places.clone().map(move |place| (bits >> (place * 5) & 31) as u8));
        Self::of_values(values.into_iter().flatten())
    }

    /// A fresh id from 16 random bytes of the caller, of each the lowest five bits; `None` where there are fewer, because a
    /// guessable id would let one lead pass for another.
    #[must_use]
    pub fn from_random_bytes(random: &[u8]) -> Option<Self> {
        Some(Self::of_values(
            random.get(..VALUES)?.iter().map(|byte| byte & 31),
        ))
    }

    fn of_values(values: impl Iterator<Item = u8>) -> Self {
        let mut text = String::new();
        let mut check = 0;
        for value in values {
            check = next_check(check, value);
            push_digit(&mut text, ALPHABET, value);
        }
        push_digit(&mut text, ALPHABET, check);
        Self(text)
    }

    /// Reads an id as people and CRMs write it: folds case, drops blanks and dashes, takes O for 0 and I, L for 1.
    ///
    /// # Errors
    /// Says whether the length, a character or the check is wrong.
    pub fn parse(text: &str) -> Result<Self, LeadIdError> {
        let mut canonical = String::with_capacity(VALUES + 1);
        let mut check = 0;
        for letter in text
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != '-')
        {
            let value = value(letter).ok_or(LeadIdError::Character)?;
            if canonical.len() > VALUES {
                return Err(LeadIdError::Length);
            }
            if canonical.len() == VALUES && value != check {
                return Err(LeadIdError::Check);
            }
            check = next_check(check, value);
            push_digit(&mut canonical, ALPHABET, value);
        }
        if canonical.len() == VALUES + 1 {
            Ok(Self(canonical))
        } else {
            Err(LeadIdError::Length)
        }
    }

    /// The id in its one canonical form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One step of a Reed-Solomon parity symbol over GF(32), polynomial x⁵+x²+1: every single wrong character and
/// every swap of two is noticed.
fn next_check(check: u8, value: u8) -> u8 {
    let shifted = (check ^ value) << 1;
    if shifted & 32 == 0 {
        shifted
    } else {
        shifted ^ 0b10_0101
    }
}

fn value(letter: char) -> Option<u8> {
    let folded = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let position = ALPHABET.chars().position(|digit| digit == folded)?;
    u8::try_from(position).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_check_characters() {
        for id in ["00000000000000012", "7K3M9QXA2F4HJK5NR"] {
            assert_eq!(LeadId::parse(id).as_ref().map(LeadId::as_str), Ok(id));
        }
    }

    #[test]
    fn random_bits_are_written_in_order_and_read_back() {
        let id = LeadId::from_random([0, 1]);
        assert_eq!(id.as_str(), "00000000000000012");
        let id = LeadId::from_random([u64::MAX; 2]);
        assert_eq!(id.as_str().get(..16), Some("ZZZZZZZZZZZZZZZZ"));
        assert_eq!(LeadId::parse(id.as_str()), Ok(id));
        let id = LeadId::from_random_bytes(b"0123456789ABCDEFG").expect("enough bytes");
        assert_eq!(id.as_str().get(..16), Some("GHJKMNPQRS123456"));
        assert_eq!(LeadId::parse(id.as_str()), Ok(id));
        assert_eq!(LeadId::from_random_bytes(&[1; 15]), None);
    }

    #[test]
    fn forgives_what_people_and_crms_do() {
        for text in [
            "7k3m-9qxa-2f4h-jk5n-r",
            " 7K3M 9QXA 2F4H JK5N R\n",
            "7K3M9QXA2F4HJK5NR",
        ] {
            assert_eq!(
                LeadId::parse(text).as_ref().map(LeadId::as_str),
                Ok("7K3M9QXA2F4HJK5NR"),
                "{text:?}"
            );
        }
        assert_eq!(
            LeadId::parse("OOOOOOOOOOOOOOOI2").as_ref().map(LeadId::as_str),
            Ok("00000000000000012")
        );
    }

    #[test]
    fn err_says_what_is_wrong() {
        let table = [
            ("", LeadIdError::Length),
            ("7K3M9QXA2F4HJK5N", LeadIdError::Length),
            ("7K3M9QXA2F4HJK5NRR", LeadIdError::Length),
            ("7K3M9QXA2F4HJK5NU", LeadIdError::Character),
            ("7K3M9QXA2F4HJK5Né", LeadIdError::Character),
            ("7K3M9QXA2F4HJK5NS", LeadIdError::Check),
        ];
        for (text, error) in table {
            assert_eq!(LeadId::parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn every_single_change_and_every_swap_is_noticed() {
        let id: Vec<char> = "7K3M9QXA2F4HJK5NR".chars().collect();
        for position in 0..id.len() {
            for digit in ALPHABET.chars() {
                let mut wrong = id.clone();
                wrong[position] = digit;
                if wrong != id {
                    assert!(
                        LeadId::parse(&wrong.iter().collect::<String>()).is_err(),
                        "{wrong:?}"
                    );
                }
            }
            for other in 0..position {
                let mut wrong = id.clone();
                wrong.swap(position, other);
                if wrong != id {
                    assert!(
                        LeadId::parse(&wrong.iter().collect::<String>()).is_err(),
                        "{wrong:?}"
                    );
                }
            }
        }
    }
}
