//! Outcomes in JSON: one object, or an array of them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::row::{Cell, Name, ReceivedRow, Row, Spelling};
use super::{BatchRefusal, OutcomeRefusal};
use crate::limits::OUTCOMES_PER_BATCH_MAX;
use crate::time_zone::TimeZone;

/// Splits a body, one outcome or an array of them, into rows that are still unread.
///
/// # Errors
/// When the body is not JSON, or holds too many rows.
pub fn rows_of(body: &[u8]) -> Result<Vec<&RawValue>, BatchRefusal> {
    let whole: &RawValue = serde_json::from_slice(body).map_err(|_| BatchRefusal::NotJson)?;
    if !whole.get().starts_with('[') {
        return Ok(vec![whole]);
    }
    let rows: Vec<&RawValue> = serde_json::from_str(whole.get()).map_err(|_| BatchRefusal::NotJson)?;
    if rows.len() > OUTCOMES_PER_BATCH_MAX {
        Err(BatchRefusal::TooManyRows {
            rows_max: OUTCOMES_PER_BATCH_MAX,
        })
    } else {
        Ok(rows)
    }
}

impl ReceivedRow {
    /// Reads a row of JSON. `zone` is where the site's clocks hang, if the site has said so.
    #[must_use]
    pub fn of_json(row: &RawValue, zone: Option<&TimeZone>) -> Self {
        match serde_json::from_str::<Row<'_>>(row.get()) {
            Ok(row) => row.read(zone),
            Err(_) => Self::unreadable(OutcomeRefusal::NotAnObject),
        }
    }
}

impl<'de> Deserialize<'de> for Row<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Names)
    }
}

/// Takes the names that a row may have and passes over the others; a name that stands twice spoils the row, because
/// nobody can know which of the two was meant.
struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = Row<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an outcome")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row<'de>, A::Error> {
        let mut row = Row::new(Spelling::Exact);
        while let Some((name, value)) = map.next_entry::<Cow<'de, str>, &RawValue>()? {
            let Some(name) = Name::named(&name) else {
                continue;
            };
            if !row.add(name, Cell::of_json(value)) {
                return Err(A::Error::custom("a name stands twice"));
            }
        }
        Ok(row)
    }
}

impl<'a> Cell<'a> {
    /// `null` is the same as an empty text.
    pub(crate) fn of_json(value: &'a RawValue) -> Self {
        let text = value.get();
        match text.bytes().next() {
            Some(b'"') => {
                serde_json::from_str(text).map_or(Self::Neither, |text| Self::Text(Cow::Owned(text)))
            }
            Some(b'-' | b'0'..=b'9') => Self::Number(Cow::Borrowed(text)),
            Some(b'n') => Self::Text(Cow::Borrowed("")),
            _ => Self::Neither,
        }
    }
}
