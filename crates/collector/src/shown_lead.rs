//! How a lead is shown to whoever may read them.

use attribution::suspicion::Suspicion;
use attribution::timestamp::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::store::stories::LeadRow;

/// A lead: what the browser sent, and what the collector found out about it.
#[derive(Debug, Serialize)]
pub struct ShownLead {
    lead_id: String,
    received_at: Timestamp,
    channel: Option<String>,
    channel_reason: Option<String>,
    first_channel: Option<String>,
    user_agent: Option<String>,
    /// Why it is not delivered, though it was sent: it does not look like a person's.
    suspicion: Option<String>,
    /// The same in a sentence.
    suspicion_reason: Option<&'static str>,
    /// What the click id check finds. Never a reason to refuse the lead.
    warnings: Vec<ShownWarning>,
    /// The lead as it is stored: its touches and its consent, every id and campaign value byte for byte.
    lead: Option<Box<RawValue>>,
}

#[derive(Debug, Serialize)]
struct ShownWarning {
    parameter: &'static str,
    code: &'static str,
    advice: String,
}

impl From<LeadRow> for ShownLead {
    fn from(row: LeadRow) -> Self {
        let warnings = row.stored().map(|lead| lead.click_id_warnings());
        let warnings = warnings.unwrap_or_default().into_iter();
        Self {
            lead_id: row.lead_id,
            received_at: Timestamp::from_ms(row.received_at_ms),
            channel: row.channel,
            channel_reason: row.channel_reason,
            first_channel: row.first_channel,
            user_agent: row.user_agent,
            suspicion_reason: row
                .suspicion
                .as_deref()
                .and_then(Suspicion::named)
                .map(Suspicion::sentence),
            suspicion: row.suspicion,
            warnings: warnings
                .map(|(parameter, warning)| ShownWarning {
                    parameter: parameter.name(),
                    code: warning.code(),
                    advice: warning.advice(),
                })
                .collect(),
            lead: RawValue::from_string(row.lead).ok(),
        }
    }
}
