//! Who is believed, scheme by scheme.

use attribution::timestamp::Timestamp;
use attribution::webhook::Delivery;
use attribution::webhook::signature::{HmacSignature, Signature, SignatureRefusal};

use crate::headers;

// HMAC-SHA256 by Python's `hmac` of `1700000000.{"a":1}`, `1699999799.{"a":1}`, `+1700000000.{"a":1}` and `{"a":1}` with the key `secret`, and of
// the last with the key `older`.
const TIMED_HEX: &str = "sha256=49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686";
const OLD_HEX: &str = "sha256=b43e6a52200dc8213ae509dc5edeaae2b1764368eb1753751e78991ec464bd91";
const SIGN_HEX: &str = "sha256=8e7ead7089c0add856d6ab3b8dc9768876b7ffeb64ad96010cd817c0cdd78d37";
const PLAIN_HEX: &str = "aa9e2e3575f5d7098b6caccd790888c36d5fdb63342a73bada2d6a51747a8494";
const PLAIN_BASE64: &str = "qp4uNXX11wmLbKzNeQiIw21f22M0KnO62i1qUXR6hJQ=";
const OLDER_HEX: &str = "a2b036eba66267dc07607d8dda15a501459aa9883b65aaa1aaf113316c9fabd6";

/// A delivery with these headers at that moment.
fn delivery(headers: &[(String, String)], now_ms: i64) -> Delivery<'_> {
    Delivery {
        method: "POST",
        url: "https://collector.example/throughline/v1/webhooks/crm",
        headers,
        body: br#"{"a":1}"#,
        now: Timestamp::from_ms(now_ms),
    }
}

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
            let delivery = delivery(&headers, 1_700_000_100_000);
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
    let delivery = delivery(&headers, 1_700_000_000_000);
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
            url: HUBSPOT_URL,
            ..delivery(&headers, 1_700_000_000_000 + late_ms)
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
        let delivery = delivery(&headers, 1_700_000_000_000);
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
    let delivery = delivery(&headers, 1_700_000_100_000);
    for secret in ["whsec_", "whsec_!", "no base64"] {
        let checked = Signature::StandardWebhooks.check(&delivery, &[secret]);
        assert_eq!(checked, Err(SignatureRefusal::Invalid), "{secret}");
    }
}
