//! What providers post, and how each signs it.

use attribution::timestamp::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use collector::request::{Body, Request};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::stage::{LEAD_ID, ORIGIN};

pub(crate) fn delivery(body: &str, headers: &[(&str, String)]) -> Request {
    Request {
        method: "POST".to_owned(),
        path: "/throughline/v1/webhooks/crm".to_owned(),
        own_origin: ORIGIN.to_owned(),
        content_type: Some("application/json".to_owned()),
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        body: Body::Whole(body.as_bytes().to_vec()),
        ..Request::default()
    }
}

pub(crate) fn mac(secret: &[u8], signed: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any key");
    mac.update(signed.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

pub(crate) fn by_stripe(body: &str, secret: &str, at: Timestamp) -> Request {
    let seconds = at.ms() / 1_000;
    let signature = hex::encode(mac(secret.as_bytes(), &format!("{seconds}.{body}")));
    delivery(
        body,
        &[("stripe-signature", format!("t={seconds},v1={signature}"))],
    )
}

pub(crate) fn by_hubspot(body: &str, secret: &str, at: Timestamp) -> Request {
    let signed = format!("POST{ORIGIN}/throughline/v1/webhooks/crm{body}{}", at.ms());
    let signature = STANDARD.encode(mac(secret.as_bytes(), &signed));
    delivery(
        body,
        &[
            ("X-HubSpot-Signature-v3", signature),
            ("X-HubSpot-Request-Timestamp", at.ms().to_string()),
        ],
    )
}

pub(crate) fn by_standard_webhooks(body: &str, id: &str, at: Timestamp) -> Request {
    let key = STANDARD
        .decode("C2FVsBQIhrscChlQIMV+b5sSYspob7oD")
        .expect("base64");
    let seconds = at.ms() / 1_000;
    let signature = STANDARD.encode(mac(&key, &format!("{id}.{seconds}.{body}")));
    delivery(
        body,
        &[
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", seconds.to_string()),
            ("webhook-signature", format!("v1,{signature}")),
        ],
    )
}

pub(crate) fn by_hmac(body: &str, secret: &str, at: Timestamp) -> Request {
    let seconds = at.ms() / 1_000;
    let signature = hex::encode(mac(secret.as_bytes(), &format!("{seconds}.{body}")));
    delivery(
        body,
        &[
            ("X-Signature", format!("sha256={signature}")),
            ("X-Timestamp", seconds.to_string()),
        ],
    )
}

pub(crate) fn with_authorization(body: &str, credentials: &str) -> Request {
    delivery(body, &[("Authorization", credentials.to_owned())])
}

/// A paid session of Stripe Checkout.
pub(crate) fn session(event: &str, cents: u32) -> String {
    json!({"id": event, "type": "checkout.session.completed", "created": 1_795_179_900,
        "data": {"object": {"id": "cs_1", "payment_intent": "pi_1", "payment_status": "paid", "amount_total": cents,
            "currency": "eur", "client_reference_id": LEAD_ID}}})
    .to_string()
}

pub(crate) fn refund(event: &str, cents: u32) -> String {
    json!({"id": event, "type": "charge.refunded", "created": 1_795_266_300,
        "data": {"object": {"id": "ch_1", "payment_intent": "pi_1", "amount": 125_000, "amount_refunded": cents,
            "currency": "eur"}}})
    .to_string()
}

/// A won deal as a workflow of HubSpot posts it.
pub(crate) fn deal(amount: &str) -> String {
    json!({"hs_object_id": 123, "dealstage": "closedwon", "closedate": "1795179900000", "amount": amount,
        "deal_currency_code": "EUR", "lead_id": LEAD_ID})
    .to_string()
}

/// A won deal in our own words.
pub(crate) fn told(outcome_id: &str, lead_id: &str) -> String {
    json!({"outcome_id": outcome_id, "lead_id": lead_id, "kind": "won", "occurred_at": "2026-11-20T14:05:00+01:00",
        "value": "1250.00", "currency": "EUR"})
    .to_string()
}
