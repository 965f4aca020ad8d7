//! Signatures by the vectors of the corpus.

use std::path::PathBuf;

use attribution::timestamp::{SECOND_MS, Timestamp};
use attribution::webhook::Delivery;
use attribution::webhook::signature::{Signature, SignatureRefusal};
use serde::Deserialize;

use crate::headers;

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
