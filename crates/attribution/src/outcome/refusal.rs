//! Why an outcome is not taken, and what its teller can do.

use crate::lead_id::LeadIdError;
use crate::user_data::{EmailError, PhoneError};

/// Why a whole batch is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchRefusal {
    /// The body is not JSON.
    NotJson,
    /// More rows than one request takes, which are so many.
    TooManyRows {
        /// The limit.
        rows_max: usize,
    },
    /// A table in an encoding that nobody recognises.
    CsvEncoding,
    /// A table whose first line names no outcome_id.
    CsvHeaderUnknown,
    /// A table in which two columns have the same name.
    CsvHeaderAmbiguous,
}

/// The first rule that a row breaks. Carries no value of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeRefusal {
    /// The row is no JSON object, or says a name twice.
    NotAnObject,
    /// A line of a table that has more or fewer cells than the first.
    ColumnsMismatch,
    /// No outcome_id.
    OutcomeIdMissing,
    /// An outcome_id that cannot be an order id.
    OutcomeIdInvalid,
    /// Nothing says whose outcome it is.
    ReferenceMissing,
    /// The lead_id cannot be one.
    LeadIdInvalid(LeadIdError),
    /// The click id cannot be one.
    ClickIdInvalid,
    /// Not an e-mail address.
    EmailInvalid(EmailError),
    /// Not a telephone number with its country's code.
    PhoneInvalid(PhoneError),
    /// No kind.
    KindMissing,
    /// A kind that cannot be one.
    KindInvalid,
    /// No time.
    TimeMissing,
    /// A time that does not say where its clock hangs.
    TimeWithoutOffset,
    /// Not a time.
    TimeInvalid,
    /// A time too far ahead to be anything but mistyped.
    TimeTooFarAhead,
    /// A value that is no plain decimal.
    ValueInvalid,
    /// A value that means one amount in one country and another in the next.
    ValueAmbiguous,
    /// A value below zero.
    ValueNegative,
    /// A value without a currency.
    CurrencyMissing,
    /// A currency without a value.
    ValueMissing,
    /// Not a currency of ISO 4217.
    CurrencyUnknown,
    /// A change of a kind that there is not.
    ChangeUnknown,
    /// A new value without the value.
    RestateWithoutValue,
    /// The outcome is older than the first ad click of its lead.
    BeforeClick,
    /// The outcome_id was told before with other content; the first stays.
    OutcomeIdReused,
    /// Its lead was erased on its person's wish.
    LeadErased,
}

impl OutcomeRefusal {
    /// The name of the rule, for machines.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAnObject => "row_invalid",
            Self::ColumnsMismatch => "columns_mismatch",
            Self::OutcomeIdMissing => "outcome_id_missing",
            Self::OutcomeIdInvalid => "outcome_id_invalid",
            Self::ReferenceMissing => "lead_id_missing",
            Self::LeadIdInvalid(error) => error.code(),
            Self::ClickIdInvalid => "click_id_invalid",
            Self::EmailInvalid(_) => "email_invalid",
            Self::PhoneInvalid(_) => "phone_invalid",
            Self::KindMissing => "kind_missing",
            Self::KindInvalid => "kind_invalid",
            Self::TimeMissing => "time_missing",
            Self::TimeWithoutOffset => "time_without_offset",
            Self::TimeInvalid => "time_invalid",
            Self::TimeTooFarAhead => "time_too_far_ahead",
            Self::ValueInvalid => "value_invalid",
            Self::ValueAmbiguous => "value_ambiguous",
            Self::ValueNegative => "value_negative",
            Self::CurrencyMissing => "currency_missing",
            Self::ValueMissing => "value_missing",
            Self::CurrencyUnknown => "currency_unknown",
            Self::ChangeUnknown => "change_unknown",
            Self::RestateWithoutValue => "restate_without_value",
            Self::BeforeClick => "outcome_before_click",
            Self::OutcomeIdReused => "outcome_id_reused",
            Self::LeadErased => "lead_erased",
        }
    }

    /// What the teller can do, in one or two sentences.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::NotAnObject => "Send each outcome as one JSON object that says every name once.",
            Self::ColumnsMismatch => {
                "The line has more or fewer cells than the first line has names. Put a value that holds the delimiter or a line break between quotation marks, and double those inside it."
            }
            Self::OutcomeIdMissing => {
                "Give each outcome an outcome_id of your own, such as the deal's number."
            }
            Self::OutcomeIdInvalid => {
                "An outcome_id is 1 to 256 bytes of printable text without blanks at its ends, does not start with = + - or @, and names no person."
            }
            Self::ReferenceMissing => {
                "Say whose outcome it is: send the lead_id that the form field lead_id brought to your CRM, or a click id such as gclid, or email or phone."
            }
            Self::LeadIdInvalid(error) => error.advice(),
            Self::ClickIdInvalid => {
                "Send the click id exactly as it stood on the landing page's address: not cut, not a template such as {gclid}, no line breaks."
            }
            Self::EmailInvalid(error) => error.advice(),
            Self::PhoneInvalid(error) => error.advice(),
            Self::KindMissing => "Say in kind what happened, such as won.",
            Self::KindInvalid => "A kind is a short text of 1 to 256 bytes without line breaks, such as won.",
            Self::TimeMissing => "Say in occurred_at when it happened, such as 2026-11-20T14:05:00+01:00.",
            Self::TimeWithoutOffset => {
                "Add the offset to occurred_at (2026-11-20T14:05:00+01:00, or Z for UTC), or set a time zone for the site."
            }
            Self::TimeTooFarAhead => {
                "The time is more than 90 days ahead, so it is taken for mistyped and nothing is stored. Check the year, and day and month, and tell it again."
            }
            Self::TimeInvalid => {
                "Write occurred_at, and changed_at of a change, as RFC 3339: 2026-11-20T14:05:00+01:00."
            }
            Self::ValueInvalid => {
                "Write value with digits and at most one period, such as 1250.00: no commas, no exponent."
            }
            Self::ValueAmbiguous => {
                "Three digits after one sign can be thousands or decimals. Write 1250.00 or 1250 instead of 1.250 or 1,250."
            }
            Self::ValueNegative => {
                "A value is zero or more. Send a smaller value as a restate, and a lost deal as a retract."
            }
            Self::CurrencyMissing => "Send currency along with value, such as EUR.",
            Self::ValueMissing => "Send value along with currency, or leave both out.",
            Self::CurrencyUnknown => "Write currency as the three capital letters of ISO 4217, such as EUR.",
            Self::ChangeUnknown => "A change is restate (with the new value and currency) or retract.",
            Self::RestateWithoutValue => {
                "Send the new value and its currency along with restate. To take an outcome back, send retract."
            }
            Self::BeforeClick => {
                "The outcome is not after the ad click that led to it. Check occurred_at, its offset, and the lead_id."
            }
            Self::LeadErased => {
                "The person of this lead asked to be forgotten. Do not send its outcomes any more."
            }
            Self::OutcomeIdReused => {
                "This outcome_id was told before with other content, which stays. Use a new outcome_id, or send change: restate to correct its value."
            }
        }
    }
}
