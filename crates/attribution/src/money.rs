//! An amount and its currency, always together, never a float.

use iso_currency::Currency;
use rust_decimal::Decimal;

/// What an outcome is worth. Keeps the digits as they were given: `1250.00` stays `1250.00`.
#[derive(Clone, Copy, Debug)]
pub struct Money {
    amount: Decimal,
    currency: Currency,
}

/// Why two texts are no money. Never carries the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// Not plain digits with at most one period.
    Amount,
    /// Below zero.
    Negative,
    /// Not one of the codes of ISO 4217.
    Currency,
}

impl Money {
    /// Reads a decimal and an ISO 4217 code in capitals.
    ///
    /// # Errors
    /// Says which of the two is wrong, and how.
    pub fn parse(amount: &str, currency: &str) -> Result<Self, MoneyError> {
        let amount = read_amount(amount)?;
        let currency = Currency::from_code(currency).ok_or(MoneyError::Currency)?;
        Ok(Self { amount, currency })
    }

    /// The amount with the digits it came with.
    #[must_use]
    pub fn amount(&self) -> Decimal {
        self.amount
    }

    /// The three letters.
    #[must_use]
    pub fn currency(&self) -> &'static str {
        self.currency.code()
    }
}

/// 80.5 and 80.50 euros are the same money: a CRM that repeats a deal may well write it shorter.
impl PartialEq for Money {
    fn eq(&self, other: &Self) -> bool {
        self.amount == other.amount && self.currency == other.currency
    }
}

impl Eq for Money {}

/// The decimal's own parser also takes `1_000`, `+1` and `.5`, which a person never means in a CRM's export, so the
/// shape is checked first. More digits than a decimal holds are refused, because rounding money is a guess.
fn read_amount(text: &str) -> Result<Decimal, MoneyError> {
    let (is_negative, digits) = text
        .strip_prefix('-')
        .map_or((false, text), |digits| (true, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return Err(MoneyError::Amount);
    }
    let amount = Decimal::from_str_exact(digits).map_err(|_| MoneyError::Amount)?;
    if is_negative && !amount.is_zero() {
        Err(MoneyError::Negative)
    } else {
        Ok(amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_keeps_the_digits_as_given() {
        for text in [
            "1250.00",
            "80.50",
            "80.5",
            "0",
            "0.00",
            "19.999",
            "1",
            "9999999999999999999.99",
        ] {
            let money = Money::parse(text, "EUR").unwrap();
            assert_eq!(money.amount().to_string(), text);
            assert_eq!(money.currency(), "EUR");
        }
    }

    #[test]
    fn err_says_what_is_wrong() {
        let table = [
            ("12.5.0", "EUR", MoneyError::Amount),
            ("1e3", "EUR", MoneyError::Amount),
            ("NaN", "EUR", MoneyError::Amount),
            ("Infinity", "EUR", MoneyError::Amount),
            ("1,250.00", "EUR", MoneyError::Amount),
            ("1.250,00", "EUR", MoneyError::Amount),
            ("1 250", "EUR", MoneyError::Amount),
            ("1_250", "EUR", MoneyError::Amount),
            ("+5", "EUR", MoneyError::Amount),
            (".5", "EUR", MoneyError::Amount),
            ("5.", "EUR", MoneyError::Amount),
            ("", "EUR", MoneyError::Amount),
            ("-", "EUR", MoneyError::Amount),
            ("€5", "EUR", MoneyError::Amount),
            ("٥", "EUR", MoneyError::Amount),
            (
                "0.30000000000000000000000000000000000004",
                "EUR",
                MoneyError::Amount,
            ),
            ("123456789012345678901234567890", "EUR", MoneyError::Amount),
            ("-5", "EUR", MoneyError::Negative),
            ("5", "eur", MoneyError::Currency),
            ("5", "EURO", MoneyError::Currency),
            ("5", "ZZZ", MoneyError::Currency),
            ("5", "", MoneyError::Currency),
        ];
        for (amount, currency, expected) in table {
            assert_eq!(
                Money::parse(amount, currency),
                Err(expected),
                "{amount} {currency}"
            );
        }
    }

    #[test]
    fn the_same_money_written_shorter_is_the_same() {
        assert_eq!(Money::parse("80.50", "EUR"), Money::parse("80.5", "EUR"));
        assert_ne!(Money::parse("80.50", "EUR"), Money::parse("80.50", "USD"));
    }
}
