//! Reading outcomes at the collector's door: each row stands or falls alone.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Outcome, OutcomeRefusal, Reference};
use crate::lead_id::LeadId;
use crate::limits::{NAME_BYTES_MAX, OUTCOMES_PER_BATCH_MAX};
use crate::money::{Money, MoneyError};
use crate::time_zone::{TimeError, TimeZone};
use crate::timestamp::Timestamp;

/// Why a whole batch is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchRefusal {
    /// The body is not JSON.
    NotJson,
    /// More than [`OUTCOMES_PER_BATCH_MAX`] rows.
    TooManyRows,
}

/// A row as it came: its id, as far as there is one, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRow {
    /// The outcome_id, so that the teller finds the row again.
    pub outcome_id: Option<String>,
    /// The outcome, or the first rule that the row breaks.
    pub outcome: Result<Outcome, OutcomeRefusal>,
}

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
        Err(BatchRefusal::TooManyRows)
    } else {
        Ok(rows)
    }
}

/// The names of a row. The values stay as they were written, so that a number never becomes a float on its way
/// to a decimal; `null` is the same as an absent name.
#[derive(Deserialize)]
struct Names<'a> {
    #[serde(borrow)]
    outcome_id: Option<&'a RawValue>,
    #[serde(borrow)]
    lead_id: Option<&'a RawValue>,
    #[serde(borrow)]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    occurred_at: Option<&'a RawValue>,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    #[serde(borrow)]
    currency: Option<&'a RawValue>,
    #[serde(borrow)]
    change: Option<&'a RawValue>,
}

impl ReceivedRow {
    /// Reads a row. `zone` is where the site's clocks hang, if the site has said so.
    #[must_use]
    pub fn read(row: &RawValue, zone: Option<&TimeZone>) -> Self {
        let names: Names<'_> = match serde_json::from_str(row.get()) {
            Ok(names) if row.get().starts_with('{') => names,
            _ => {
                return Self {
                    outcome_id: None,
                    outcome: Err(OutcomeRefusal::NotAnObject),
                };
            }
        };
        let outcome_id = read_outcome_id(names.outcome_id);
        Self {
            outcome_id: outcome_id.clone().ok(),
            outcome: outcome_id.and_then(|outcome_id| read_rest(outcome_id, &names, zone)),
        }
    }
}

fn read_rest(
    outcome_id: String,
    names: &Names<'_>,
    zone: Option<&TimeZone>,
) -> Result<Outcome, OutcomeRefusal> {
    if names.change.is_some() {
        return Err(OutcomeRefusal::ChangeNotSupported);
    }
    Ok(Outcome {
        outcome_id,
        reference: read_reference(names.lead_id)?,
        kind: read_kind(names.kind)?,
        occurred_at: read_time(names.occurred_at, zone)?,
        value: read_money(names.value, names.currency)?,
    })
}

/// CRMs number their deals, so a whole number is taken for its digits. A first character that spreadsheets take for
/// a formula is refused: the id stands in files that people open
/// (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn read_outcome_id(raw: Option<&RawValue>) -> Result<String, OutcomeRefusal> {
    let raw = raw.ok_or(OutcomeRefusal::OutcomeIdMissing)?;
    let is_whole_number = raw.get().bytes().all(|byte| byte.is_ascii_digit());
    let text = if is_whole_number {
        Some(raw.get().to_owned())
    } else {
        text(raw)
    };
    let text = text.ok_or(OutcomeRefusal::OutcomeIdInvalid)?;
    if text.is_empty() {
        return Err(OutcomeRefusal::OutcomeIdMissing);
    }
    let is_printable = !text.contains(char::is_control) && text.trim() == text;
    let starts_a_formula = text.starts_with(['=', '+', '-', '@', '=', '+', '-', '@']);
    if text.len() > NAME_BYTES_MAX || !is_printable || starts_a_formula {
        return Err(OutcomeRefusal::OutcomeIdInvalid);
    }
    Ok(text)
}

fn read_reference(raw: Option<&RawValue>) -> Result<Reference, OutcomeRefusal> {
    let lead_id = raw.and_then(text).unwrap_or_default();
    if lead_id.trim().is_empty() {
        return Err(OutcomeRefusal::LeadIdMissing);
    }
    LeadId::parse(&lead_id)
        .map(Reference::Lead)
        .map_err(OutcomeRefusal::LeadIdInvalid)
}

fn read_kind(raw: Option<&RawValue>) -> Result<String, OutcomeRefusal> {
    let raw = raw.ok_or(OutcomeRefusal::KindMissing)?;
    let kind = text(raw).ok_or(OutcomeRefusal::KindInvalid)?;
    if kind.is_empty() {
        return Err(OutcomeRefusal::KindMissing);
    }
    if kind.len() > NAME_BYTES_MAX || kind.contains(char::is_control) {
        return Err(OutcomeRefusal::KindInvalid);
    }
    Ok(kind)
}

fn read_time(raw: Option<&RawValue>, zone: Option<&TimeZone>) -> Result<Timestamp, OutcomeRefusal> {
    let raw = raw.ok_or(OutcomeRefusal::TimeMissing)?;
    let time = text(raw).ok_or(OutcomeRefusal::TimeInvalid)?;
    TimeZone::read_moment(&time, zone).map_err(|error| match error {
        TimeError::NoOffset => OutcomeRefusal::TimeWithoutOffset,
        TimeError::NotATime => OutcomeRefusal::TimeInvalid,
    })
}

/// Both or neither; an empty text is what a CRM sends for an empty field.
fn read_money(
    value: Option<&RawValue>,
    currency: Option<&RawValue>,
) -> Result<Option<Money>, OutcomeRefusal> {
    let given = |raw: &&RawValue| raw.get() != r#""""#;
    let (value, currency) = match (value.filter(given), currency.filter(given)) {
        (None, None) => return Ok(None),
        (Some(_), None) => return Err(OutcomeRefusal::CurrencyMissing),
        (None, Some(_)) => return Err(OutcomeRefusal::ValueMissing),
        (Some(value), Some(currency)) => (value, currency),
    };
    let amount = if value.get().starts_with('"') {
        text(value)
    } else {
        Some(value.get().to_owned())
    };
    let amount = amount.ok_or(OutcomeRefusal::ValueInvalid)?;
    let currency = text(currency).ok_or(OutcomeRefusal::CurrencyUnknown)?;
    Money::parse(&amount, &currency)
        .map(Some)
        .map_err(|error| match error {
            MoneyError::Amount => OutcomeRefusal::ValueInvalid,
            MoneyError::Negative => OutcomeRefusal::ValueNegative,
            MoneyError::Currency => OutcomeRefusal::CurrencyUnknown,
        })
}

fn text(raw: &RawValue) -> Option<String> {
    serde_json::from_str(raw.get()).ok()
}
