//! Amounts as spreadsheets and CRMs write them into tables: `1250,00` and `1.250,00` in Berlin, `1,250.00` in Boston.
//!
//! The rule never guesses. The last sign that is not a digit is the decimal sign when both signs occur, or when one to
//! two digits follow it. A sign that occurs more than once groups thousands. One sign with exactly three digits after
//! it can be read both ways, `1.250` and `1,250`, and is refused, unless the currency has three decimals.

use std::borrow::Cow;

use iso_currency::Currency;

use super::OutcomeRefusal;

/// The amount with digits and at most one period, as [`crate::money::Money`] reads it. What is no amount at all is
/// handed on unchanged, so that it is refused there.
pub(super) fn plain_amount<'a>(text: &'a str, currency: &str) -> Result<Cow<'a, str>, OutcomeRefusal> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let sign = if digits.len() < text.len() { "-" } else { "" };
    let is_known = |character: char| {
        character.is_ascii_digit() || is_blank(character) || matches!(character, '.' | ',' | '\'' | '’')
    };
    if !digits.chars().all(is_known) {
        return Ok(Cow::Borrowed(text));
    }
    let decimal = decimal_sign(digits, currency)?;
    let (whole, fraction) = match decimal {
        Some(decimal) => digits.rsplit_once(decimal).unwrap_or((digits, "")),
        None => (digits, ""),
    };
    let whole = ungrouped(whole, decimal).ok_or(OutcomeRefusal::ValueInvalid)?;
    Ok(Cow::Owned(if decimal.is_some() {
        format!("{sign}{whole}.{fraction}")
    } else {
        format!("{sign}{whole}")
    }))
}

/// Which of the two signs stands before the decimals, if any does.
fn decimal_sign(digits: &str, currency: &str) -> Result<Option<char>, OutcomeRefusal> {
    let Some((_, last)) = digits
        .char_indices()
        .rev()
        .find(|(_, sign)| matches!(sign, '.' | ','))
    else {
        return Ok(None);
    };
    let occurs = digits.matches(last).count();
    let other = if last == '.' { ',' } else { '.' };
    if occurs > 1 {
        return if digits.contains(other) {
            Err(OutcomeRefusal::ValueInvalid)
        } else {
            Ok(None)
        };
    }
    let decimals = digits.rsplit(last).next().unwrap_or_default().len();
    let has_grouping_sign = digits.chars().any(|sign| sign != last && !sign.is_ascii_digit());
    if decimals != 3 || has_grouping_sign {
        return Ok(Some(last));
    }
    let has_three_decimals =
        Currency::from_code(currency).and_then(|currency| currency.exponent()) == Some(3);
    if has_three_decimals && last == '.' {
        Ok(Some(last))
    } else {
        Err(OutcomeRefusal::ValueAmbiguous)
    }
}

/// The digits of the whole part; `None` where its groups are not of three digits, or are parted by different signs.
fn ungrouped(whole: &str, decimal: Option<char>) -> Option<String> {
    let mut signs = whole.chars().filter(|sign| !sign.is_ascii_digit());
    let Some(sign) = signs.next() else {
        return Some(whole.to_owned());
    };
    if Some(sign) == decimal || signs.any(|other| other != sign) {
        return None;
    }
    let mut groups = whole.split(sign);
    let first = groups.next().unwrap_or_default();
    let groups_fit = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    groups_fit.then(|| whole.split(sign).collect())
}

/// Blanks that part thousands: the plain one, and the ones that do not break a line.
fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Money;

    fn read(text: &str, currency: &str) -> Result<String, OutcomeRefusal> {
        let plain = plain_amount(text, currency)?;
        Money::parse(&plain, currency)
            .map(|money| money.amount().to_string())
            .map_err(|_| OutcomeRefusal::ValueInvalid)
    }

    #[test]
    fn ok_as_countries_write_it() {
        let table = [
            ("1250", "1250"),
            ("1250.00", "1250.00"),
            ("1250,00", "1250.00"),
            ("1250,5", "1250.5"),
            ("0,99", "0.99"),
            ("1.250,00", "1250.00"),
            ("1,250.00", "1250.00"),
            ("1,250,000", "1250000"),
            ("1.250.000", "1250000"),
            ("1.250.000,5", "1250000.5"),
            ("1 250,00", "1250.00"),
            ("1\u{202f}250,00", "1250.00"),
            ("1\u{a0}250\u{a0}000", "1250000"),
            ("1'250.00", "1250.00"),
            ("1’250.00", "1250.00"),
            (" 80.5 ", "80.5"),
            ("1,250.125", "1250.125"),
            ("0.1234", "0.1234"),
        ];
        for (text, expected) in table {
            assert_eq!(read(text, "EUR").as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(read("1.250", "KWD").as_deref(), Ok("1.250"));
    }

    #[test]
    fn err_what_can_be_read_in_two_ways() {
        for text in ["1.250", "1,250", "19.999", "250,000"] {
            assert_eq!(read(text, "EUR"), Err(OutcomeRefusal::ValueAmbiguous), "{text}");
        }
        assert_eq!(read("1,250", "KWD"), Err(OutcomeRefusal::ValueAmbiguous));
    }

    #[test]
    fn err_what_is_no_amount() {
        for text in [
            "",
            "-",
            "12.5.0",
            "1.25.000",
            "1,2500.00",
            "1.250.00,0,0",
            "1,250,00",
            "1.250,00,0",
            "€5",
            "5 €",
            "1e3",
            ",5",
            "5,",
            "1 250 0",
            "1.250'000,00",
            "12,34.56",
            "+5",
            "NaN",
            "٥",
        ] {
            assert_eq!(read(text, "EUR"), Err(OutcomeRefusal::ValueInvalid), "{text}");
        }
        assert_eq!(plain_amount("-1.250,50", "EUR").as_deref(), Ok("-1250.50"));
    }
}
