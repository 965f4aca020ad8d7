//! One row of what a CRM reports, whatever it was written in: JSON, a table, a webhook. From here on all are read by
//! the same rules, and each row stands or falls alone.

use std::borrow::Cow;

use super::amount::plain_amount;
use super::reference::Reference;
use super::{Outcome, OutcomeChange, OutcomeRefusal, Told};
use crate::adjustment::Change;
use crate::click_id::ClickIdParameter;
use crate::limits::NAME_BYTES_MAX;
use crate::money::{Money, MoneyError};
use crate::time_zone::{TimeError, TimeZone};
use crate::timestamp::Timestamp;

/// The names of a row, in JSON, in the header of a table and in the settings of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// `outcome_id`
    OutcomeId,
    /// `lead_id`
    LeadId,
    /// A registered click id, such as `gclid`.
    ClickId(ClickIdParameter),
    /// `email`
    Email,
    /// `phone`
    Phone,
    /// `kind`
    Kind,
    /// `occurred_at`
    OccurredAt,
    /// `value`
    Value,
    /// `currency`
    Currency,
    /// `change`
    Change,
    /// `changed_at`
    ChangedAt,
}

impl Name {
    /// The name of exactly this spelling.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "outcome_id" => Self::OutcomeId,
            "lead_id" => Self::LeadId,
            "email" => Self::Email,
            "phone" => Self::Phone,
            "kind" => Self::Kind,
            "occurred_at" => Self::OccurredAt,
            "value" => Self::Value,
            "currency" => Self::Currency,
            "change" => Self::Change,
            "changed_at" => Self::ChangedAt,
            _ => {
                let parameter = ClickIdParameter::named(name)?;
                return (!parameter.is_companion()).then_some(Self::ClickId(parameter));
            }
        })
    }

    /// The spelling.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OutcomeId => "outcome_id",
            Self::LeadId => "lead_id",
            Self::ClickId(parameter) => parameter.name(),
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Kind => "kind",
            Self::OccurredAt => "occurred_at",
            Self::Value => "value",
            Self::Currency => "currency",
            Self::Change => "change",
            Self::ChangedAt => "changed_at",
        }
    }
}

/// One value, as it was written. A number keeps its digits and never becomes a float on its way to a decimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// The digits of a JSON number.
    Number(Cow<'a, str>),
    /// True, false, a list or an object: never the value of a name.
    Neither,
}

impl Cell<'_> {
    /// An empty text is what a CRM sends for an empty field.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }

    /// The same value, independent of the body that it stood in.
    pub(crate) fn into_owned(self) -> Cell<'static> {
        match self {
            Self::Text(text) => Cell::Text(Cow::Owned(text.into_owned())),
            Self::Number(digits) => Cell::Number(Cow::Owned(digits.into_owned())),
            Self::Neither => Cell::Neither,
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(_) | Self::Neither => None,
        }
    }

    fn text_or_digits(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text),
            Self::Neither => None,
        }
    }
}

/// By whose hand the values were written, which decides how an amount is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// A program's: digits and a period.
    Exact,
    /// A spreadsheet's, in its country's way, as in `1.250,00`.
    Spreadsheet,
}

/// The values of one row by their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    cells: Vec<(Name, Cell<'a>)>,
    spelling: Spelling,
}

/// A row as it came: its id, as far as there is one, and what it tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRow {
    /// The outcome_id, so that the teller finds the row again.
    pub outcome_id: Option<String>,
    /// Where the row stands in its file, counted from 1, if it came in one.
    pub line: Option<u64>,
    /// What the row tells, or the first rule that it breaks.
    pub told: Result<Told, OutcomeRefusal>,
}

impl ReceivedRow {
    /// A row that is none.
    #[must_use]
    pub fn unreadable(refusal: OutcomeRefusal) -> Self {
        Self {
            outcome_id: None,
            line: None,
            told: Err(refusal),
        }
    }

    /// The outcome, where the row tells one.
    #[must_use]
    pub fn into_outcome(self) -> Option<Outcome> {
        match self.told {
            Ok(Told::Outcome(outcome)) => Some(outcome),
            Ok(Told::Change(_)) | Err(_) => None,
        }
    }
}

impl<'a> Row<'a> {
    /// A row without values.
    #[must_use]
    pub fn new(spelling: Spelling) -> Self {
        Self {
            cells: Vec::new(),
            spelling,
        }
    }

    /// Adds a value; `false` where the row has one of this name already.
    #[must_use]
    pub fn add(&mut self, name: Name, cell: Cell<'a>) -> bool {
        let is_new = self.cells.iter().all(|(other, _)| *other != name);
        if is_new {
            self.cells.push((name, cell));
        }
        is_new
    }

    /// Puts a value in the place of what the row has of this name.
    pub(crate) fn set(&mut self, name: Name, cell: Cell<'a>) {
        self.cells.retain(|(other, _)| *other != name);
        self.cells.push((name, cell));
    }

    /// Takes away a currency that stands without a value.
    pub(crate) fn drop_lone_currency(&mut self) {
        if self.cell(Name::Value).is_none() {
            self.cells.retain(|(name, _)| *name != Name::Currency);
        }
    }

    /// The text or the digits of a name that is not empty.
    pub(crate) fn text(&self, name: Name) -> Option<String> {
        self.cell(name)?.text_or_digits().map(str::to_owned)
    }

    /// Reads the row. `zone` is where the site's clocks hang, if the site has said so.
    #[must_use]
    pub fn read(&self, zone: Option<&TimeZone>) -> ReceivedRow {
        let outcome_id = self.outcome_id();
        ReceivedRow {
            outcome_id: outcome_id.clone().ok(),
            line: None,
            told: outcome_id.and_then(|outcome_id| self.told(outcome_id, zone)),
        }
    }

    pub(super) fn cell(&self, name: Name) -> Option<&Cell<'a>> {
        let (_, cell) = self.cells.iter().find(|(other, _)| *other == name)?;
        (!cell.is_empty()).then_some(cell)
    }

    fn told(&self, outcome_id: String, zone: Option<&TimeZone>) -> Result<Told, OutcomeRefusal> {
        let Some(change) = self.cell(Name::Change) else {
            return Ok(Told::Outcome(Outcome {
                outcome_id,
                reference: self.reference()?,
                kind: self.kind()?,
                occurred_at: self.occurred_at(zone)?,
                value: self.money()?,
            }));
        };
        let changed_at = self.cell(Name::ChangedAt);
        Ok(Told::Change(OutcomeChange {
            outcome_id,
            change: self.change(change)?,
            changed_at: changed_at.map(|cell| moment(cell, zone)).transpose()?,
        }))
    }

    /// CRMs number their deals, so a whole number is taken for its digits. A first character that spreadsheets take
    /// for a formula is refused: the id stands in files that people open
    /// (<https://owasp.org/www-community/attacks/CSV_Injection>).
    fn outcome_id(&self) -> Result<String, OutcomeRefusal> {
        let named = self.cells.iter().find(|(name, _)| *name == Name::OutcomeId);
        let (_, cell) = named.ok_or(OutcomeRefusal::OutcomeIdMissing)?;
        let text = match cell {
            Cell::Text(text) => text,
            Cell::Number(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits,
            Cell::Number(_) | Cell::Neither => return Err(OutcomeRefusal::OutcomeIdInvalid),
        };
        if text.is_empty() {
            return Err(OutcomeRefusal::OutcomeIdMissing);
        }
        let is_printable = !text.contains(char::is_control) && text.trim() == text;
        let starts_a_formula = text.starts_with(['=', '+', '-', '@', '=', '+', '-', '@']);
        if text.len() > NAME_BYTES_MAX || !is_printable || starts_a_formula {
            return Err(OutcomeRefusal::OutcomeIdInvalid);
        }
        Ok(text.clone().into_owned())
    }

    /// The first that is given, of what names a submission, a click and a person: a lead_id, the click ids in the
    /// order of their registry, an e-mail address, a telephone number.
    fn reference(&self) -> Result<Reference, OutcomeRefusal> {
        if let Some(cell) = self.cell(Name::LeadId) {
            return Reference::lead(cell.text().unwrap_or_default());
        }
        for parameter in ClickIdParameter::all() {
            if let Some(cell) = self.cell(Name::ClickId(parameter)) {
                return Reference::click(parameter, cell.text_or_digits().unwrap_or_default());
            }
        }
        if let Some(cell) = self.cell(Name::Email) {
            return Reference::email(cell.text().unwrap_or_default());
        }
        if let Some(cell) = self.cell(Name::Phone) {
            return Reference::phone(cell.text_or_digits().unwrap_or_default());
        }
        Err(OutcomeRefusal::ReferenceMissing)
    }

    fn kind(&self) -> Result<String, OutcomeRefusal> {
        let cell = self.cell(Name::Kind).ok_or(OutcomeRefusal::KindMissing)?;
        let kind = cell.text().ok_or(OutcomeRefusal::KindInvalid)?;
        if kind.len() > NAME_BYTES_MAX || kind.contains(char::is_control) {
            return Err(OutcomeRefusal::KindInvalid);
        }
        Ok(kind.to_owned())
    }

    fn occurred_at(&self, zone: Option<&TimeZone>) -> Result<Timestamp, OutcomeRefusal> {
        let cell = self.cell(Name::OccurredAt).ok_or(OutcomeRefusal::TimeMissing)?;
        moment(cell, zone)
    }

    /// A restated outcome has a new value; a retracted one needs none, and what it is told with is not looked at.
    fn change(&self, cell: &Cell<'_>) -> Result<Change, OutcomeRefusal> {
        match cell.text() {
            Some("restate") => match self.money()? {
                Some(money) => Ok(Change::Restate(money)),
                None => Err(OutcomeRefusal::RestateWithoutValue),
            },
            Some("retract") => Ok(Change::Retract),
            _ => Err(OutcomeRefusal::ChangeUnknown),
        }
    }

    /// Both or neither.
    fn money(&self) -> Result<Option<Money>, OutcomeRefusal> {
        let (value, currency) = match (self.cell(Name::Value), self.cell(Name::Currency)) {
            (None, None) => return Ok(None),
            (Some(_), None) => return Err(OutcomeRefusal::CurrencyMissing),
            (None, Some(_)) => return Err(OutcomeRefusal::ValueMissing),
            (Some(value), Some(currency)) => (value, currency),
        };
        let amount = value.text_or_digits().ok_or(OutcomeRefusal::ValueInvalid)?;
        let currency = currency.text().ok_or(OutcomeRefusal::CurrencyUnknown)?;
        let (amount, currency) = match self.spelling {
            Spelling::Exact => (Cow::Borrowed(amount), Cow::Borrowed(currency)),
            Spelling::Spreadsheet => {
                let currency = currency.trim().to_ascii_uppercase();
                (plain_amount(amount, &currency)?, Cow::Owned(currency))
            }
        };
        Money::parse(&amount, &currency)
            .map(Some)
            .map_err(|error| match error {
                MoneyError::Amount => OutcomeRefusal::ValueInvalid,
                MoneyError::Negative => OutcomeRefusal::ValueNegative,
                MoneyError::Currency => OutcomeRefusal::CurrencyUnknown,
            })
    }
}

fn moment(cell: &Cell<'_>, zone: Option<&TimeZone>) -> Result<Timestamp, OutcomeRefusal> {
    let text = cell.text().ok_or(OutcomeRefusal::TimeInvalid)?;
    TimeZone::read_moment(text.trim(), zone).map_err(|error| match error {
        TimeError::NoOffset => OutcomeRefusal::TimeWithoutOffset,
        TimeError::NotATime => OutcomeRefusal::TimeInvalid,
    })
}
