//! Webhooks: signatures by the published vectors and by those of the corpus, and what is understood of each provider's
//! bodies.

#![allow(clippy::panic, clippy::expect_used, reason = "tests fail by panicking")]

use std::path::{Path, PathBuf};

use attribution::money::Money;
use attribution::outcome::Told;
use attribution::outcome::row::Row;
use attribution::timestamp::{SECOND_MS, Timestamp};
use attribution::webhook::settings::WebhookSettings;
use attribution::webhook::signature::{HmacSignature, Signature, SignatureRefusal};
use attribution::webhook::{Delivery, Event};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

fn headers(headers: &[(&str, Option<&str>)]) -> Vec<(String, String)> {
    let given = headers.iter().filter_map(|(name, value)| Some((name, (*value)?)));
    given
        .map(|(name, value)| ((*name).to_owned(), value.to_owned()))
        .collect()
}

#[derive(Deserialize)]
struct Vector {
    scheme: String,
    secret: String,
    #[serde(default)]
    method: String,
    #[serde(default)]
    url: String,
    body: String,
    id: Option<String>,
    timestamp: Option<String>,
    signature: Option<String>,
    header: Option<String>,
    now_ms: Option<i64>,
    now_s: Option<i64>,
    valid: bool,
    #[serde(default)]
    case: String,
}

impl Vector {
    fn signature(&self) -> Option<(Signature, Vec<(String, String)>)> {
        let timestamp = self.timestamp.as_deref();
        Some(match self.scheme.as_str() {
            "hubspot-v3" => (
                Signature::HubSpot,
                headers(&[
                    ("x-hubspot-signature-v3", self.signature.as_deref()),
                    ("x-hubspot-request-timestamp", timestamp),
                ]),
            ),
            "standard-webhooks" => (
                Signature::StandardWebhooks,
                headers(&[
                    ("webhook-id", self.id.as_deref()),
                    ("webhook-timestamp", timestamp),
                    ("webhook-signature", self.signature.as_deref()),
                ]),
            ),
            "stripe-style" => (
                Signature::Stripe,
                headers(&[("stripe-signature", self.header.as_deref())]),
            ),
            // HubSpot's older versions have no moment, so a copied request would stay good for ever.
            "hubspot-v1" | "hubspot-v2" => return None,
            other => panic!("a scheme that this test does not know: {other}"),
        })
    }

    fn now(&self) -> Timestamp {
        let seconds = self.now_s.map(|seconds| seconds * SECOND_MS);
        Timestamp::from_ms(self.now_ms.or(seconds).expect("a clock"))
    }
}

#[test]
fn every_vector_of_the_corpus_is_judged_as_it_should_be() {
    let Some(folder) = std::env::var_os("THROUGHLINE_CORPORA") else {
        eprintln!("THROUGHLINE_CORPORA is not set, so the corpus was not read");
        return;
    };
    let text =
        std::fs::read_to_string(PathBuf::from(folder).join("webhooks/vectors.json")).expect("the corpus");
    let vectors: Vec<Vector> = serde_json::from_str(&text).expect("vectors");
    let mut judged = 0;
    for vector in &vectors {
        let Some((signature, headers)) = vector.signature() else {
            continue;
        };
        let delivery = Delivery {
            method: &vector.method,
            url: &vector.url,
            headers: &headers,
            body: vector.body.as_bytes(),
            now: vector.now(),
        };
        let what = format!("{} {}", vector.scheme, vector.case);
        // Alone, and as either of two secrets while one replaces the other.
        for secrets in [
            vec![vector.secret.as_str()],
            vec![vector.secret.as_str(), "whsec_b3RoZXI="],
            vec!["whsec_b3RoZXI=", vector.secret.as_str()],
        ] {
            assert_eq!(
                signature.check(&delivery, &secrets).is_ok(),
                vector.valid,
                "{what}"
            );
        }
        assert!(signature.check(&delivery, &["whsec_b3RoZXI="]).is_err(), "{what}");
        assert_eq!(
            signature.check(&delivery, &[""]),
            Err(SignatureRefusal::NoSecret),
            "{what}"
        );
        judged += 1;
    }
    assert_eq!((judged, vectors.len()), (37, 40));
}

// HMAC-SHA256 by Python's `hmac` of `1700000000.{"a":1}`, `1699999799.{"a":1}`, `+1700000000.{"a":1}` and `{"a":1}` with the key `secret`, and of
// the last with the key `older`.
const TIMED_HEX: &str = "sha256=49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686";
const OLD_HEX: &str = "sha256=b43e6a52200dc8213ae509dc5edeaae2b1764368eb1753751e78991ec464bd91";
const SIGN_HEX: &str = "sha256=8e7ead7089c0add856d6ab3b8dc9768876b7ffeb64ad96010cd817c0cdd78d37";
const PLAIN_HEX: &str = "aa9e2e3575f5d7098b6caccd790888c36d5fdb63342a73bada2d6a51747a8494";
const PLAIN_BASE64: &str = "qp4uNXX11wmLbKzNeQiIw21f22M0KnO62i1qUXR6hJQ=";
const OLDER_HEX: &str = "a2b036eba66267dc07607d8dda15a501459aa9883b65aaa1aaf113316c9fabd6";

/// What is wrong with a delivery, its headers, and what is said.
type Case<'a> = (&'a str, Vec<(String, String)>, Result<(), SignatureRefusal>);

#[test]
fn signatures_of_systems_without_a_scheme_of_their_own() {
    let timed = Signature::Hmac(HmacSignature {
        header: "X-Signature".to_owned(),
        prefix: "sha256=".to_owned(),
        timestamp_header: Some("X-Timestamp".to_owned()),
    });
    let plain = Signature::Hmac(HmacSignature {
        header: "X-Signature".to_owned(),
        prefix: String::new(),
        timestamp_header: None,
    });
    let check = |signature: &Signature, cases: Vec<Case<'_>>| {
        for (what, headers, expected) in cases {
            let delivery = Delivery {
                method: "POST",
                url: "https://collector.example/throughline/v1/webhooks/crm",
                headers: &headers,
                body: br#"{"a":1}"#,
                now: Timestamp::from_ms(1_700_000_100_000),
            };
            assert_eq!(
                signature.check(&delivery, &["secret", "older"]),
                expected,
                "{what}"
            );
        }
    };
    let invalid = Err(SignatureRefusal::Invalid);
    let given = |signature: &str, moment: Option<&str>| {
        headers(&[("x-signature", Some(signature)), ("x-timestamp", moment)])
    };
    check(
        &timed,
        vec![
            ("good", given(TIMED_HEX, Some("1700000000")), Ok(())),
            (
                "no prefix",
                given(TIMED_HEX.trim_start_matches("sha256="), Some("1700000000")),
                invalid,
            ),
            ("another moment", given(TIMED_HEX, Some("1700000001")), invalid),
            ("no moment", given(TIMED_HEX, None), invalid),
            (
                "a moment with a sign",
                given(SIGN_HEX, Some("+1700000000")),
                invalid,
            ),
            (
                "old",
                given(OLD_HEX, Some("1699999799")),
                Err(SignatureRefusal::Stale),
            ),
            ("nothing", Vec::new(), invalid),
        ],
    );
    check(
        &plain,
        vec![
            ("good", given(PLAIN_HEX, None), Ok(())),
            ("by the older secret", given(OLDER_HEX, None), Ok(())),
            ("in base64", given(PLAIN_BASE64, None), Ok(())),
            ("in capitals", given(&PLAIN_HEX.to_uppercase(), None), invalid),
            (
                "one digit short",
                given(PLAIN_HEX.get(1..).expect("digits"), None),
                invalid,
            ),
            ("empty", given("", None), invalid),
        ],
    );
    let authorized = |value: &str| headers(&[("authorization", Some(value))]);
    check(
        &Signature::Key,
        vec![
            ("good", authorized("Bearer secret"), Ok(())),
            ("the older", authorized("bearer older"), Ok(())),
            ("longer", authorized("Bearer secret2"), invalid),
            ("empty", authorized("Bearer "), invalid),
            ("another scheme", authorized("Basic secret"), invalid),
        ],
    );
    // `secret` and `secret2` in base64.
    check(
        &Signature::Basic,
        vec![
            ("good", authorized("Basic c2VjcmV0"), Ok(())),
            ("wrong", authorized("Basic c2VjcmV0Mg=="), invalid),
            ("no base64", authorized("Basic secret!"), invalid),
            ("nothing", Vec::new(), invalid),
        ],
    );
}

#[test]
fn a_secret_that_is_set_twice_is_still_one() {
    let headers = headers(&[("authorization", Some("Bearer secret"))]);
    let delivery = Delivery {
        method: "POST",
        url: "https://collector.example/throughline/v1/webhooks/crm",
        headers: &headers,
        body: b"{}",
        now: Timestamp::from_ms(1_700_000_000_000),
    };
    assert_eq!(Signature::Key.check(&delivery, &["secret", "secret"]), Ok(()));
}

// HMAC-SHA256 by Python's `hmac` with the key `secret`, of `POST`, the address, `{"a":1}` and `1700000000000`: with the
// address as it was sent, and with `%40` decoded.
const HUBSPOT_URL: &str = "https://collector.example/throughline/v1/webhooks/hubspot?to=ann%40example.com";
const HUBSPOT_AS_SENT: &str = "30c4RQS7zknRfFY3kl5WxmMJtYNZ3FcrlMV9TuGHT2Y=";
const HUBSPOT_DECODED: &str = "cx2qHoFAwqqi7zGw6J9UWkjJyj2G9c77ewSuGGVxXLs=";

#[test]
fn hubspot_signs_an_address_in_either_form_and_five_minutes_are_the_most() {
    let invalid = Err(SignatureRefusal::Invalid);
    let stale = Err(SignatureRefusal::Stale);
    let other = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    for (signature, late_ms, expected) in [
        (HUBSPOT_AS_SENT, 0, Ok(())),
        (HUBSPOT_DECODED, 0, Ok(())),
        (other, 0, invalid),
        (HUBSPOT_AS_SENT, 300_000, Ok(())),
        (HUBSPOT_AS_SENT, 300_001, stale),
        (HUBSPOT_AS_SENT, -300_000, Ok(())),
        (HUBSPOT_AS_SENT, -300_001, stale),
        // Who signs nothing learns nothing of the clock.
        (other, 300_001, invalid),
    ] {
        let headers = headers(&[
            ("x-hubspot-signature-v3", Some(signature)),
            ("x-hubspot-request-timestamp", Some("1700000000000")),
        ]);
        let delivery = Delivery {
            method: "POST",
            url: HUBSPOT_URL,
            headers: &headers,
            body: br#"{"a":1}"#,
            now: Timestamp::from_ms(1_700_000_000_000 + late_ms),
        };
        let checked = Signature::HubSpot.check(&delivery, &["secret"]);
        assert_eq!(checked, expected, "{signature} {late_ms}");
    }
}

#[test]
fn err_a_second_moment_in_stripes_header_is_no_choice() {
    let signature = TIMED_HEX.trim_start_matches("sha256=");
    for (header, is_good) in [
        (format!("t=1700000000,v1={signature}"), true),
        (format!("t=1700000000,v0=0,v1=00,v1={signature}"), true),
        (format!("t=1700000000,t=1700000001,v1={signature}"), false),
        (format!("t=1700000001,t=1700000000,v1={signature}"), false),
        (format!("t=1700000000,v0={signature}"), false),
        (format!("v1={signature}"), false),
    ] {
        let headers = headers(&[("stripe-signature", Some(&header))]);
        let delivery = Delivery {
            method: "POST",
            url: "https://collector.example/throughline/v1/webhooks/stripe",
            headers: &headers,
            body: br#"{"a":1}"#,
            now: Timestamp::from_ms(1_700_000_000_000),
        };
        let checked = Signature::Stripe.check(&delivery, &["secret"]);
        assert_eq!(checked.is_ok(), is_good, "{header}");
    }
}

#[test]
fn err_a_secret_without_a_key_in_it_believes_nobody() {
    // Signed by Python's `hmac` with the empty key, which is what is left of each of these secrets.
    let headers = headers(&[
        ("webhook-id", Some("m")),
        ("webhook-timestamp", Some("1700000000")),
        (
            "webhook-signature",
            Some("v1,5cTJVgkP3s0wtXukFK+hl0Nb6OZjzNfOpHeWoXFIsDQ="),
        ),
    ]);
    let delivery = Delivery {
        method: "POST",
        url: "https://collector.example/throughline/v1/webhooks/crm",
        headers: &headers,
        body: br#"{"a":1}"#,
        now: Timestamp::from_ms(1_700_000_100_000),
    };
    for secret in ["whsec_", "whsec_!", "no base64"] {
        let checked = Signature::StandardWebhooks.check(&delivery, &[secret]);
        assert_eq!(checked, Err(SignatureRefusal::Invalid), "{secret}");
    }
}

#[derive(Deserialize)]
struct Golden<'a> {
    why: String,
    settings: WebhookSettings,
    #[serde(borrow)]
    body: &'a RawValue,
    event_key: Option<String>,
    told: Option<Vec<Value>>,
    refused: Option<String>,
}

fn told(row: &Row<'_>, is_record: bool) -> Value {
    let mut told = Map::new();
    let mut say = |name: &str, value: Value| drop(told.insert(name.to_owned(), value));
    if is_record {
        say("record", json!(true));
    }
    let say_money = |money: Option<Money>, say: &mut dyn FnMut(&str, Value)| {
        if let Some(money) = money {
            say("value", json!(money.amount().to_string()));
            say("currency", json!(money.currency()));
        }
    };
    match row.read(None).told {
        Ok(Told::Outcome(outcome)) => {
            say("outcome_id", json!(outcome.outcome_id));
            say("reference", json!(outcome.reference.to_text()));
            say("kind", json!(outcome.kind));
            say("occurred_at", json!(outcome.occurred_at.to_rfc3339()));
            say_money(outcome.value, &mut say);
        }
        Ok(Told::Change(change)) => {
            say("outcome_id", json!(change.outcome_id));
            say("change", json!(change.change.name()));
            if let Some(changed_at) = change.changed_at {
                say("changed_at", json!(changed_at.to_rfc3339()));
            }
            say_money(change.change.value(), &mut say);
        }
        Err(refusal) => say("refused", json!(refusal.code())),
    }
    Value::Object(told)
}

#[test]
fn what_is_understood_of_each_providers_bodies() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/webhooks");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        files += 1;
        let text = std::fs::read_to_string(&path).expect("a file");
        let cases: Vec<Golden<'_>> = serde_json::from_str(&text).expect("cases");
        for case in cases {
            let what = format!("{}: {}", path.display(), case.why);
            let webhook = case
                .settings
                .webhook()
                .unwrap_or_else(|refusal| panic!("{what}: {refusal:?}"));
            let delivery = Delivery {
                method: "POST",
                url: "https://collector.example/throughline/v1/webhooks/crm",
                headers: &[],
                body: case.body.get().as_bytes(),
                now: Timestamp::from_ms(1_795_435_200_000),
            };
            match webhook.hear(&delivery) {
                Ok(heard) => {
                    let said: Vec<Value> = heard
                        .events
                        .iter()
                        .map(|event| match event {
                            Event::Told(row) => told(row, false),
                            Event::Record(row) => told(row, true),
                            Event::Ignored => json!("ignored"),
                        })
                        .collect();
                    assert_eq!(Some(said), case.told, "{what}");
                    if let Some(event_key) = case.event_key {
                        assert_eq!(heard.event_key, event_key, "{what}");
                    }
                }
                Err(refusal) => assert_eq!(Some(format!("{refusal:?}")), case.refused, "{what}"),
            }
        }
    }
    assert_eq!(files, 6);
}

#[test]
fn err_settings_that_cannot_be_used() {
    let good = json!({"site": "default", "provider": "hmac", "secret": "WEBHOOK_CRM", "signature": {"header": "X-Signature"}});
    let read = |settings: &Value| -> Result<(), Option<&'static str>> {
        let settings: WebhookSettings = serde_json::from_value(settings.clone()).map_err(|_| None)?;
        settings
            .webhook()
            .map(|_| ())
            .map_err(|refusal| Some(refusal.field))
    };
    assert_eq!(read(&good), Ok(()));
    let table = [
        ("secret", json!("ADMIN_TOKEN"), Some("secret")),
        ("secret", json!("WEBHOOK_"), Some("secret")),
        ("secret", json!("WEBHOOK_crm"), Some("secret")),
        ("previous_secret", json!("hunter2"), Some("previous_secret")),
        ("provider", json!("zapier"), None),
        ("provider", json!("stripe"), Some("signature")),
        ("signature", Value::Null, Some("signature")),
        ("signature", json!({"header": "X Signature"}), Some("signature")),
        (
            "signature",
            json!({"header": "X-Signature", "algorithm": "md5"}),
            None,
        ),
        ("fields", json!({"lead": "/a"}), Some("fields")),
        ("fields", json!({"lead_id": "a"}), Some("fields")),
        ("constants", json!({"currency": ""}), Some("constants")),
        ("kinds", json!({"a": ""}), Some("kinds")),
        ("colour", json!("blue"), None),
    ];
    for (name, value, expected) in table {
        let mut settings = good.clone();
        settings
            .as_object_mut()
            .expect("an object")
            .insert(name.to_owned(), value.clone());
        assert_eq!(read(&settings), Err(expected), "{name}: {value}");
    }
}
