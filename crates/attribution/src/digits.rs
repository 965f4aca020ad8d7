//! Writes numbers. `core::fmt` would cost the browser script kilobytes.

/// The digits of hexadecimal JSON escapes and of base 36.
pub(crate) const LOWER_CASE: &str = "0123456789abcdefghijklmnopqrstuvwxyz";

/// As many as the last moment of all has in base 36; they never overflow.
const DIGITS_MAX: usize = 10;

/// The digits that <https://url.spec.whatwg.org/#percent-encode> asks for.
pub(crate) const UPPER_CASE: &str = "0123456789ABCDEF";

/// Writes one digit: the character at this place of the alphabet.
#[inline(never)]
pub(crate) fn push_digit(text: &mut String, alphabet: &str, value: u8) {
    let place = usize::from(value);
    text.push_str(alphabet.get(place..=place).unwrap_or_default());
}

/// Writes a number in a base of at most 36, with leading zeros up to a width.
#[inline(never)]
pub(crate) fn push_number(text: &mut String, number: u64, base: u64, width_min: u32) {
    let rest = number / base;
    if rest > 0 || width_min > 1 {
        push_number(text, rest, base, width_min.saturating_sub(1));
    }
    push_digit(text, LOWER_CASE, (number % base) as u8);
}

/// Reads what is nothing but digits of this base, at most ten.
pub(crate) fn read_number(text: &str, base: u32) -> Option<u64> {
    if text.is_empty() || text.len() > DIGITS_MAX {
        return None;
    }
    let mut number = 0;
    for byte in text.bytes() {
        number = number * u64::from(base) + u64::from(char::from(byte).to_digit(base)?);
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_their_base_and_never_cut() {
        for (number, base, width, expected) in [
            (0, 10, 1, "0"),
            (7, 10, 2, "07"),
            (123, 10, 2, "123"),
            (7_776_000, 10, 0, "7776000"),
            (35, 36, 1, "z"),
            (86_400_000, 36, 1, "1ffuo0"),
            (u64::MAX, 10, 1, "18446744073709551615"),
        ] {
            let mut text = String::new();
            push_number(&mut text, number, base, width);
            assert_eq!(text, expected);
        }
    }

    #[test]
    fn only_digits_are_read() {
        for (text, base, expected) in [
            ("0", 10, Some(0)),
            ("007", 10, Some(7)),
            ("1ffuo0", 36, Some(86_400_000)),
            ("zzzzzzzzzz", 36, Some(36_u64.pow(10) - 1)),
            ("", 10, None),
            ("-1", 10, None),
            ("+1", 10, None),
            ("1.5", 10, None),
            ("a", 10, None),
            ("é", 36, None),
            ("00000000000", 10, None),
        ] {
            assert_eq!(read_number(text, base), expected, "{text}");
        }
    }
}
