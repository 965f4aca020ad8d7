//! `POST v1/webhooks/{source}` over HTTP: the signature is over the very bytes and the very address that arrive.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;
use support::runtime::{Answer, Runtime};

use crate::sender::{FROM_CRM, check_problem, lead, lead_id, send_lead};

/// The secret of `cargo xtask dev`.
const SECRET: &str = "dev-webhook-secret";

fn signature(signed: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any key");
    mac.update(signed.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

#[allow(
    clippy::disallowed_methods,
    reason = "the clock that the runtime judges a delivery by"
)]
fn now_ms() -> u128 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("a clock after 1970").as_millis()
}

pub(crate) fn a_signed_delivery_is_taken_once_and_an_altered_one_never(runtime: &Runtime) {
    let id = lead_id("webhook");
    assert_eq!(send_lead(runtime, &lead(&id)).status, 201);
    let set = |source: &str, provider: &str| {
        let settings = json!({"site": "default", "provider": provider, "secret": "WEBHOOK_DEV"}).to_string();
        let path = format!("v1/webhooks/{source}");
        assert_eq!(
            runtime.ask("PUT", &path, &FROM_CRM, settings.as_bytes()).status,
            201
        );
    };
    set("shop", "stripe");
    set("crm", "hubspot");
    let before = runtime.rows_in("outcomes");

    let session = json!({"id": "evt_1", "type": "checkout.session.completed", "created": 1_795_179_900,
        "data": {"object": {"id": "cs_1", "payment_intent": "pi_worker", "payment_status": "paid", "amount_total": 125_000,
            "currency": "eur", "client_reference_id": id}}})
    .to_string();
    let seconds = now_ms() / 1_000;
    let signed = hex::encode(signature(&format!("{seconds}.{session}")));
    let header = format!("t={seconds},v1={signed}");
    let headers = [
        ("Stripe-Signature", header.as_str()),
        ("Content-Type", "application/json"),
    ];
    let send = |body: &str| -> Answer { runtime.ask("POST", "v1/webhooks/shop", &headers, body.as_bytes()) };
    check_problem(&send(&format!("{session} ")), 401, "signature_invalid");
    let first = send(&session);
    assert_eq!(
        (first.status, first.json()["rows"][0]["match"].as_str()),
        (200, Some("matched"))
    );
    assert_eq!(send(&session).json()["repeated"], 1);
    assert_eq!(runtime.rows_in("outcomes"), before + 1);

    // HubSpot signs the address too, with its query.
    let deal = json!({"hs_object_id": "worker", "dealstage": "closedwon", "closedate": "1795179900000", "lead_id": id}).to_string();
    let path = "v1/webhooks/crm?from=a%2Fb";
    let moment = now_ms().to_string();
    let url = format!("{}/throughline/v1/webhooks/crm?from=a/b", runtime.origin());
    let signed = STANDARD.encode(signature(&format!("POST{url}{deal}{moment}")));
    let headers = [
        ("X-HubSpot-Signature-v3", signed.as_str()),
        ("X-HubSpot-Request-Timestamp", moment.as_str()),
        ("Content-Type", "application/json"),
    ];
    let answer = runtime.ask("POST", path, &headers, deal.as_bytes());
    assert_eq!(
        (answer.status, answer.json()["accepted"].as_i64()),
        (200, Some(1)),
        "{}",
        answer.text()
    );
    check_problem(
        &runtime.ask("POST", "v1/webhooks/crm", &headers, deal.as_bytes()),
        401,
        "signature_invalid",
    );
    assert_eq!(runtime.rows_in("outcomes"), before + 2);
}
