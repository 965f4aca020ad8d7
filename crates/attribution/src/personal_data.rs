//! Text that tells who a person is: an e-mail address, a phone number. Links of newsletters and CRMs carry them into
//! addresses, ad platforms forbid them there (<https://support.google.com/analytics/answer/6366371>), and nobody asked
//! the visitor. So they are not kept, and a flag in their place says why something is missing.

use crate::urlencoded;

/// Stands in place of a value that holds an e-mail address.
pub const EMAIL_REMOVED: &str = "(e-mail address removed)";

/// Stands in place of a value that is a phone number.
pub const PHONE_REMOVED: &str = "(phone number removed)";

/// Whether an e-mail address stands anywhere in the text: a letter or digit, an at sign, and a host in which a name
/// begins with two letters behind a dot, so that `2.50`, `4.17.21` and `1.5m` are no host. The at sign may still be
/// escaped, as in a path, or where a link was encoded twice.
#[must_use]
pub fn holds_email_address(text: &str) -> bool {
    let (mut before, mut previous) = (b' ', b' ');
    let mut is_host = false;
    for byte in urlencoded::decode(text).bytes() {
        let is_now_letter = is_letter(byte);
        if is_host && before == b'.' && is_letter(previous) && is_now_letter {
            return true;
        }
        is_host = match byte {
            b'@' => {
                previous < b' '
                    || previous.is_ascii_digit()
                    || is_letter(previous)
                    || matches!(previous, b'_' | b'-')
            }
            b'.' | b'-' | b'0'..=b'9' => is_host,
            _ => is_host && is_now_letter,
        };
        before = previous;
        previous = byte;
    }
    false
}

/// Letters, and every part of a character beyond ASCII.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || !byte.is_ascii()
}

/// Whether the text as a whole is a phone number, written as people write one. Digits alone are none, because campaign
/// ids, dates and amounts are digits too. What tells a number of at most 15 digits
/// (<https://www.itu.int/rec/T-REC-E.164>) apart is
///
/// - a plus before at least 8 digits, or before at least 10 the blank that a query makes of a plus,
/// - brackets first, as in `(212) 555-0123`, where 8 digits would be a date,
/// - one zero and an area of three digits or more, `0170 1234567`, or five pairs, `06 12 34 56 78`,
/// - three, three and four digits at the end, `212-555-0123`.
#[must_use]
pub fn is_phone_number(text: &str) -> bool {
    let mut digits = 0;
    let mut area = 0;
    // The lengths of the groups of digits, one hexadecimal digit each.
    let mut shape = 0_u64;
    for (place, byte) in text.bytes().enumerate() {
        match byte {
            // So the shape never has more than 15 groups, which is what it can hold.
            b'0'..=b'9' if digits < 15 => {
                digits += 1;
                shape += 1;
                if shape < 0x10 {
                    area = shape;
                }
            }
            b' ' | b'-' | b'.' | b'/' | b'(' | b')' => {
                if shape & 0xf > 0 {
                    shape <<= 4;
                }
            }
            b'+' if place == 0 => {}
            _ => return false,
        }
    }
    let digits_min = match text.as_bytes() {
        [b'+', ..] => 8,
        [b' ', ..] => 10,
        [b'(', ..] => 9,
        [b'0', b'1'..=b'9', ..] if shape == 0x22222 || shape > 0x10 && area >= 3 => 9,
        _ if shape & 0xfff == 0x334 => 10,
        _ => return false,
    };
    digits >= digits_min
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_texts_hold_an_e_mail_address() {
        for text in [
            "ann@example.com",
            "Ann.Lee+news@mail.example.co.uk",
            "newsletter-ann_lee@example.com-2026",
            "to ann@example.com.",
            "<ann@example.com>",
            "mailto:ann@example.com",
            "ann%40example.com",
            "/users/ann%40example.com/edit",
            "ann%2Bnews%40example.com",
            "info@4you.de",
            "a@mail.a1.net",
            "jörg@müller.de",
            "@@ann@example.com",
            "a@b ann@example.com",
            "aaa@bbb@example.com",
        ] {
            assert!(holds_email_address(text), "{text}");
        }
        for text in [
            "",
            "@",
            "@example.com",
            "/@ann.lee/story",
            "follow @ann.lee",
            "follow%20@ann.lee",
            "ann@example",
            "ann@",
            "ann@ example.com",
            "3@2.50",
            "lodash@4.17.21",
            "sum@1.5m",
            "/maps/@48.137,11.575,15z",
            "ann%4example.com",
            "summer sale 50%",
            "Cj0KCQ-_.@",
        ] {
            assert!(!holds_email_address(text), "{text}");
        }
    }

    #[test]
    fn which_texts_are_a_phone_number() {
        for text in [
            "+491701234567",
            "+49 170 1234567",
            "+1 (212) 555-0123",
            "+1-212-555-0123",
            "+353 1 234 5678",
            // As a query reads `+49…`.
            " 491701234567",
            " 49 170 1234567",
            "(212) 555-0123",
            "(030) 123456",
            "0170 1234567",
            "0170/1234567",
            "030-12345678",
            "06 12 34 56 78",
            "212-555-0123",
            "212.555.0123",
            "1-212-555-0123",
        ] {
            assert!(is_phone_number(text), "{text}");
        }
        for text in [
            "",
            " ",
            "+",
            "()",
            // Campaign ids and other plain numbers.
            "21890163799",
            "120565755",
            "18812448934",
            "0170123456789",
            "1234567890123456789",
            "+12345678901234567890",
            "999999999999999 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9999999",
            "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 ",
            "1795165200",
            // Dates and times.
            "2026-11-24",
            "20261124",
            " 2026-11-24",
            "24.11.2026",
            "01/12/2026",
            "(2026-11-24)",
            "2026-11-24 12:30",
            "01-12-2026 10",
            // Amounts, sizes, versions, addresses of machines.
            "1.299.000",
            "1 299 000.00",
            "+50",
            "300x250",
            "300-250",
            "4.17.21",
            "192.168.0.1",
            "010.000.000.001.5555",
            "001-20261124",
            // Words.
            " shoes",
            "summer 2026",
            "call +49 170 1234567",
            "(phone number removed)",
        ] {
            assert!(!is_phone_number(text), "{text}");
        }
    }

    #[test]
    fn a_flag_is_no_personal_data() {
        for flag in [EMAIL_REMOVED, PHONE_REMOVED] {
            assert!(!holds_email_address(flag) && !is_phone_number(flag), "{flag}");
        }
    }
}
