//! What browsers and CRMs send, and what must not change when it is refused.

use serde_json::{Value, json};
use support::runtime::{Answer, Runtime};

/// A page of the site `default`.
pub(crate) const ORIGIN: &str = "http://localhost:8787";

/// The headers of the browser script.
pub(crate) const FROM_SCRIPT: [(&str, &str); 2] =
    [("Origin", ORIGIN), ("Content-Type", "text/plain;charset=UTF-8")];

/// The headers of a CRM with the key.
pub(crate) const FROM_CRM: [(&str, &str); 2] = [
    ("Authorization", "Bearer dev-admin-token"),
    ("Content-Type", "application/json"),
];

/// A fresh lead_id for each test.
pub(crate) fn lead_id(mark: &str) -> String {
    let number = |letters: &[u8]| {
        letters
            .iter()
            .fold(0, |number, letter| number << 8 | u64::from(*letter))
    };
    let mark = format!("{mark:\0<10.10}");
    let (upper, lower) = mark.as_bytes().split_at(5);
    attribution::lead_id::LeadId::from_random([number(upper), number(lower)])
        .as_str()
        .to_owned()
}

/// A lead that came from a Google ad on 18 November 2026.
pub(crate) fn lead(lead_id: &str) -> Value {
    json!({"v": 1, "site": "default", "lead_id": lead_id, "submitted_at": "2026-11-18T09:10:00.123Z",
        "page": "https://www.example.com/pricing", "form": {"id": "contact"},
        "touches": [{"at": "2026-11-18T09:00:00Z", "landing": "https://www.example.com/lp",
            "ids": {"gclid": format!("Cj0KCQiA-{lead_id}_oBhCgARIsAOmxpaN")}}],
        "consent": {"ad_storage": "granted", "ad_user_data": "granted", "ad_personalization": "denied",
            "source": "site", "basis": "explicit", "observed_at": "2026-11-18T09:01:00Z"},
        "script": "0.1.0"})
}

/// A deal that was won two days later.
pub(crate) fn deal(outcome_id: &str, lead_id: &str) -> Value {
    json!({"outcome_id": outcome_id, "lead_id": lead_id, "kind": "won",
        "occurred_at": "2026-11-20T14:05:00+01:00", "value": "1250.00", "currency": "EUR"})
}

pub(crate) fn send_lead(runtime: &Runtime, lead: &Value) -> Answer {
    runtime.ask("POST", "v1/leads", &FROM_SCRIPT, lead.to_string().as_bytes())
}

pub(crate) fn send_outcomes(runtime: &Runtime, outcomes: &Value) -> Answer {
    runtime.ask("POST", "v1/outcomes", &FROM_CRM, outcomes.to_string().as_bytes())
}

/// What the store holds, and how often a rule has refused something.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) leads: i64,
    pub(crate) outcomes: i64,
    pub(crate) refused: i64,
}

/// Counts now; `code` is the rule.
pub(crate) fn tally(runtime: &Runtime, code: &str) -> Tally {
    let health = runtime.ask("GET", "health", &[], &[]).json();
    Tally {
        leads: runtime.rows_in("leads"),
        outcomes: runtime.rows_in("outcomes"),
        refused: health["refused"][code].as_i64().unwrap_or(0),
    }
}

/// What every refusal has in common, whatever was wrong.
pub(crate) fn check_problem(answer: &Answer, status: u16, code: &str) {
    let body = answer.json();
    assert_eq!(
        (answer.status, body["code"].as_str()),
        (status, Some(code)),
        "{body}"
    );
    assert_eq!(body["status"], status);
    assert!(
        body["retryable"].is_boolean() && body["title"].is_string() && body["detail"].is_string(),
        "{body}"
    );
    assert_eq!(answer.header("Content-Type"), "application/problem+json");
    assert_eq!(answer.header("Cache-Control"), "no-store");
    assert_eq!(answer.header("X-Content-Type-Options"), "nosniff");
    assert_eq!(
        body["instance"],
        format!("urn:request:{}", answer.header("X-Request-Id"))
    );
}
