//! One row as it is sent to a platform, frozen: the ledger keeps the text, and every attempt sends the very same bytes,
//! so that a platform takes a repetition for what it is.

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// The JSON of one row.
#[derive(Clone, Debug)]
pub struct Payload(Box<RawValue>);

impl Payload {
    /// Freezes a row. `None` cannot come of the plain types that rows are made of.
    pub(crate) fn freeze(row: &impl Serialize) -> Option<Self> {
        serde_json::value::to_raw_value(row).ok().map(Self)
    }

    /// A row that was frozen before; `None` where the text is no JSON.
    #[must_use]
    pub fn kept(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// The text to keep.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

impl Serialize for Payload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Payload {}

/// A decimal as a JSON number with its own digits; it is never a float on its way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number(pub(crate) Decimal);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.to_string())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_its_digits() {
        for text in ["1250.00", "0", "0.10", "9999999999999999999.99"] {
            let number = Number(Decimal::from_str_exact(text).expect("a decimal"));
            let payload = Payload::freeze(&number).expect("JSON");
            assert_eq!(payload.as_str(), text);
            assert_eq!(Payload::kept(text), Some(payload));
        }
        assert_eq!(Payload::kept("{"), None);
    }
}
