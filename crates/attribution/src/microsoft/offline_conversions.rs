//! Microsoft's offline conversions over REST
//! (<https://learn.microsoft.com/advertising/campaign-management-service/applyofflineconversions>).
//!
//! Microsoft keeps the first of two conversions with the same click id, name, time and hashes, so a repetition is
//! harmless. There is no order id.

use serde::Serialize;

use super::adjustment_rules::adjustment_type;
use super::conversion::{Goal, MicrosoftConversion};
use crate::adjustment::Adjustment;
use crate::conversion::Conversion;
use crate::judgement::{Judgement, Reason};
use crate::limits::MICROSOFT_ROWS_PER_REQUEST_MAX;
use crate::payload::{Number, Payload};
use crate::time_zone::rfc3339_seconds;
use crate::timestamp::Timestamp;

mod answer;
mod words;

pub use answer::read;
pub use words::WORDS;

/// The path of the request that brings conversions.
pub const APPLY_PATH: &str = "/CampaignManagement/v13/OfflineConversions/Apply";

/// The path of the request that brings changes.
pub const ADJUST_PATH: &str = "/CampaignManagement/v13/OfflineConversionAdjustments/Apply";

/// What an access token must be good for.
pub const SCOPE: &str = "https://ads.microsoft.com/msads.manage offline_access";

/// Frozen rows that one request can carry.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a>(&'a [Payload]);

impl<'a> Batch<'a> {
    /// The most that one request can carry.
    pub const ROWS_MAX: usize = MICROSOFT_ROWS_PER_REQUEST_MAX;

    /// As few requests as possible, in the order given.
    pub fn split(payloads: &'a [Payload]) -> impl Iterator<Item = Self> {
        payloads.chunks(Self::ROWS_MAX).map(Self)
    }

    /// How many rows.
    #[must_use]
    pub fn rows(self) -> usize {
        self.0.len()
    }

    /// The body of a request for [`APPLY_PATH`].
    #[must_use]
    pub fn conversions(self) -> String {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Body<'a> {
            offline_conversions: &'a [Payload],
        }
        // Writing plain texts as JSON cannot fail.
        serde_json::to_string(&Body {
            offline_conversions: self.0,
        })
        .unwrap_or_default()
    }

    /// The body of a request for [`ADJUST_PATH`].
    #[must_use]
    pub fn adjustments(self) -> String {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Body<'a> {
            offline_conversion_adjustments: &'a [Payload],
        }
        serde_json::to_string(&Body {
            offline_conversion_adjustments: self.0,
        })
        .unwrap_or_default()
    }
}

impl Goal {
    /// The row of an outcome, or why there is none now.
    #[must_use]
    pub fn judge(&self, conversion: &Conversion<'_>, now: Timestamp) -> Judgement<Payload> {
        let found = MicrosoftConversion::find(conversion, self, now);
        found.and_then(|found| {
            freeze(&Row {
                key: Key::of(self, &found),
                conversion_value: found.outcome.value.map(|money| Number(money.amount())),
                conversion_currency_code: found.outcome.value.map(|money| money.currency()),
            })
        })
    }

    /// The row that changes an outcome which was delivered. Its key must be the very same as then.
    #[must_use]
    pub fn judge_adjustment(
        &self,
        conversion: &Conversion<'_>,
        adjustment: &Adjustment,
        now: Timestamp,
    ) -> Judgement<Payload> {
        self.identify_changed(conversion, adjustment, now)
            .and_then(|found| {
                let value = adjustment.change.value();
                freeze(&AdjustmentRow {
                    key: Key::of(self, &found),
                    adjustment_type: adjustment_type(adjustment.change),
                    adjustment_time: rfc3339_seconds(adjustment.changed_at),
                    adjustment_value: value.map(|money| Number(money.amount())),
                    adjustment_currency_code: value.map(|money| money.currency()),
                })
            })
    }
}

fn freeze(row: &impl Serialize) -> Judgement<Payload> {
    Payload::freeze(row).map_or(Judgement::Hold(Reason::LeadUnreadable), Judgement::Deliverable)
}

/// By what Microsoft tells conversions apart. Times are in UTC.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Key<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    microsoft_click_id: Option<&'a str>,
    conversion_name: &'a str,
    conversion_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hashed_email_address: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hashed_phone_number: Option<&'a str>,
}

impl<'a> Key<'a> {
    fn of(goal: &'a Goal, found: &MicrosoftConversion<'a>) -> Self {
        Self {
            microsoft_click_id: found.msclkid,
            conversion_name: &goal.name,
            conversion_time: rfc3339_seconds(found.outcome.occurred_at),
            hashed_email_address: found.contact.email,
            hashed_phone_number: found.contact.phone,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Row<'a> {
    #[serde(flatten)]
    key: Key<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversion_value: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversion_currency_code: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AdjustmentRow<'a> {
    #[serde(flatten)]
    key: Key<'a>,
    adjustment_type: &'static str,
    adjustment_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    adjustment_value: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    adjustment_currency_code: Option<&'static str>,
}
