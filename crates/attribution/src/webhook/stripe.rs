//! Stripe: a paid Checkout session is an outcome, a refund changes its value or takes it back
//! (<https://docs.stripe.com/api/events/types>). Other events of the account are nobody's business here.
//!
//! The session carries the lead_id in `client_reference_id` or in `metadata`, where the page that sells put it.

use rust_decimal::Decimal;
use serde_json::value::RawValue;

use super::mapping::{Mapping, text};
use super::pointer::{number_at, text_at};
use super::{Event, WebhookRefusal};
use crate::lead_id::LeadId;
use crate::outcome::row::{Name, Row, Spelling};
use crate::timestamp::{SECOND_MS, Timestamp};

const SESSION: &str = "/data/object";

const PLACES: [(&str, &str); 2] = [
    ("email", "/data/object/customer_details/email"),
    ("phone", "/data/object/customer_details/phone"),
];

const USUAL_KINDS: [(&str, &str); 2] = [
    ("checkout.session.completed", "purchase"),
    ("checkout.session.async_payment_succeeded", "purchase"),
];

/// Amounts in these currencies have no smaller unit at Stripe, which differs from ISO 4217 in some
/// (<https://docs.stripe.com/currencies#zero-decimal>).
const WITHOUT_DECIMALS: [&str; 15] = [
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF",
];

/// Amounts in these have three decimals (<https://docs.stripe.com/currencies#three-decimal>).
const WITH_THREE_DECIMALS: [&str; 5] = ["BHD", "JOD", "KWD", "OMR", "TND"];

pub(super) fn hear(json: &RawValue, mapping: &Mapping) -> Result<Event, WebhookRefusal> {
    let event_type = text_at(json, "/type").ok_or(WebhookRefusal::NotOfProvider)?;
    if event_type == "charge.refunded" {
        return Ok(refund(json).map_or(Event::Ignored, Event::Told));
    }
    let Some(kind) = mapping.kind_of(&event_type, &USUAL_KINDS) else {
        return Ok(Event::Ignored);
    };
    // A session that is completed and not paid is paid later, and then told again by another event.
    if text_at(json, "/data/object/payment_status").as_deref() == Some("unpaid") {
        return Ok(Event::Ignored);
    }
    let id = text_at(json, "/data/object/payment_intent").or_else(|| text_at(json, "/data/object/id"));
    let id = id.ok_or(WebhookRefusal::NotOfProvider)?;
    let mut row = mapping.row(json, &format!("{SESSION}/metadata"), &PLACES);
    let reference = text_at(json, "/data/object/client_reference_id");
    if let Some(reference) = reference.filter(|reference| LeadId::parse(reference).is_ok()) {
        let _ = row.add(Name::LeadId, text(&reference));
    }
    row.set(Name::OutcomeId, text(&id));
    row.set(Name::Kind, text(&kind));
    if let Some(moment) = created(json) {
        let _ = row.add(Name::OccurredAt, text(&moment));
    }
    if let Some((value, currency)) = money(json, "amount_total", None) {
        row.set(Name::Value, text(&value));
        row.set(Name::Currency, text(&currency));
    }
    Ok(Event::Told(row))
}

/// What is left of a payment after its refunds so far; `None` where it was no payment of a session.
fn refund(json: &RawValue) -> Option<Row<'static>> {
    let id = text_at(json, "/data/object/payment_intent")?;
    let refunded = number_at(json, "/data/object/amount_refunded")?;
    let amount = number_at(json, "/data/object/amount")?;
    let mut row = Row::new(Spelling::Exact);
    row.set(Name::OutcomeId, text(&id));
    if let Some(moment) = created(json) {
        row.set(Name::ChangedAt, text(&moment));
    }
    if refunded >= amount {
        row.set(Name::Change, text("retract"));
        return Some(row);
    }
    let (value, currency) = money(json, "amount", Some(refunded))?;
    row.set(Name::Change, text("restate"));
    row.set(Name::Value, text(&value));
    row.set(Name::Currency, text(&currency));
    Some(row)
}

fn created(json: &RawValue) -> Option<String> {
    let seconds = number_at(json, "/created")?;
    Some(Timestamp::from_ms(seconds.checked_mul(SECOND_MS)?).to_rfc3339())
}

/// An amount in the currency's smallest unit, less what went back.
fn money(json: &RawValue, name: &str, less: Option<i64>) -> Option<(String, String)> {
    let amount = number_at(json, &format!("{SESSION}/{name}"))?.checked_sub(less.unwrap_or(0))?;
    let currency = text_at(json, &format!("{SESSION}/currency"))?.to_ascii_uppercase();
    let decimals = if WITHOUT_DECIMALS.contains(&currency.as_str()) {
        0
    } else if WITH_THREE_DECIMALS.contains(&currency.as_str()) {
        3
    } else {
        2
    };
    Some((Decimal::new(amount, decimals).to_string(), currency))
}
