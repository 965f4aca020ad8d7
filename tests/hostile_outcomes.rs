//! What nobody should send as an outcome: the corpora of bad input, and whatever a generator thinks of. Every request is
//! answered in a stated way, and no row is there that should not be.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::path::PathBuf;

use attribution::outcome::{CsvText, ReceivedRow, rows_of};
use attribution::timestamp::Timestamp;
use attribution::webhook::Delivery;
use attribution::webhook::settings::WebhookSettings;
use attribution::webhook::signature::Signature;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use collector::reply::Reply;
use collector::request::{Body, Request};
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::Sha256;
use support::failing_database::FailingDatabase;
use support::native_collector::{ADMIN_TOKEN, NativeCollector, post_table};
use support::sqlite_database::SqliteDatabase;

/// The same secret, as all providers have it and as Standard Webhooks writes it.
const SECRETS: &[(&str, &str)] = &[("WEBHOOK_ONE", "secret"), ("WEBHOOK_TWO", "whsec_c2VjcmV0")];

const PROVIDERS: [&str; 6] = [
    "standard_webhooks",
    "hubspot",
    "stripe",
    "pipedrive",
    "salesforce",
    "hmac",
];

/// 2026-11-23T12:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
}

fn corpus(file: &str) -> Option<String> {
    let Some(folder) = std::env::var_os("THROUGHLINE_CORPORA").map(PathBuf::from) else {
        println!("THROUGHLINE_CORPORA is not set, so {file} is not read");
        return None;
    };
    let bytes = std::fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn texts(file: &str) -> Vec<String> {
    corpus(file).map_or_else(Vec::new, |text| {
        if file.ends_with(".json") {
            serde_json::from_str(&text).expect("a list of texts")
        } else {
            text.lines().map(str::to_owned).collect()
        }
    })
}

struct Stage {
    database: FailingDatabase,
}

impl Stage {
    fn new() -> Self {
        let stage = Self {
            database: FailingDatabase::new(SqliteDatabase::of_development()),
        };
        for provider in PROVIDERS {
            let signature = if provider == "hmac" {
                json!({"header": "X-Signature"})
            } else {
                Value::Null
            };
            let secret = if provider == "standard_webhooks" {
                "WEBHOOK_TWO"
            } else {
                "WEBHOOK_ONE"
            };
            let settings =
                json!({"site": "default", "provider": provider, "secret": secret, "signature": signature});
            let request = Request {
                method: "PUT".to_owned(),
                path: format!("/throughline/v1/webhooks/{}", provider.replace('_', "-")),
                content_type: Some("application/json".to_owned()),
                authorization: Some(format!("Bearer {ADMIN_TOKEN}")),
                body: Body::Whole(settings.to_string().into_bytes()),
                ..Request::default()
            };
            assert_eq!(stage.answer(&request).status, 201, "{provider}");
        }
        stage
    }

    fn answer(&self, request: &Request) -> Reply {
        let mut collector = NativeCollector::new(&self.database);
        collector.secrets = SECRETS;
        collector.answer(request, now())
    }

    fn rows(&self) -> i64 {
        self.database.database().rows_in("outcomes") + self.database.database().rows_in("outcome_changes")
    }
}

/// As a body of outcomes in JSON.
fn outcomes(body: &[u8]) -> Request {
    Request {
        content_type: Some("application/json".to_owned()),
        ..post_table("", body)
    }
}

fn mac(parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(b"secret").expect("any key");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

/// A delivery of that provider whose signature is good.
fn signed(provider: &str, body: &[u8]) -> Request {
    let seconds = (now().ms() / 1_000).to_string();
    let ms = now().ms().to_string();
    let path = format!("/throughline/v1/webhooks/{}", provider.replace('_', "-"));
    let headers = match provider {
        "standard_webhooks" => {
            let signature = mac(&[b"m.", seconds.as_bytes(), b".", body]);
            let signature = format!("v1,{}", STANDARD.encode(signature));
            vec![
                ("webhook-id", "m".to_owned()),
                ("webhook-timestamp", seconds),
                ("webhook-signature", signature),
            ]
        }
        "hubspot" => {
            let signature = STANDARD.encode(mac(&[b"POST", path.as_bytes(), body, ms.as_bytes()]));
            vec![
                ("X-HubSpot-Signature-v3", signature),
                ("X-HubSpot-Request-Timestamp", ms),
            ]
        }
        "stripe" => {
            let signature = hex::encode(mac(&[seconds.as_bytes(), b".", body]));
            vec![("Stripe-Signature", format!("t={seconds},v1={signature}"))]
        }
        "pipedrive" => vec![("Authorization", format!("Basic {}", STANDARD.encode("secret")))],
        "salesforce" => vec![("Authorization", "Bearer secret".to_owned())],
        _ => vec![("X-Signature", hex::encode(mac(&[body])))],
    };
    Request {
        method: "POST".to_owned(),
        path,
        content_type: Some("application/json".to_owned()),
        headers: headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        body: Body::Whole(body.to_vec()),
        ..Request::default()
    }
}

/// Below 500, and a refusal says what to do.
fn check_stated(reply: &Reply, what: &str) {
    assert!(reply.status < 500, "{what}: {}", reply.status);
    if reply.status >= 300 {
        let problem: Value = serde_json::from_slice(&reply.body).expect("problem+json");
        assert!(
            problem["detail"].as_str().is_some_and(|detail| detail.len() > 10),
            "{what}: {problem}"
        );
    }
}

#[test]
fn no_json_of_the_corpus_breaks_anything() {
    let Some(text) = corpus("json/jsontestsuite.jsonl") else {
        return;
    };
    let stage = Stage::new();
    let mut bodies = 0;
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).expect("a line");
        let encoded = ["body_b64", "b64", "base64", "bytes"]
            .iter()
            .find_map(|name| case[*name].as_str());
        let body = STANDARD
            .decode(encoded.unwrap_or_else(|| panic!("{case}")))
            .expect("base64");
        let rejected = case["expect"] == "reject";
        let mut requests = vec![outcomes(&body), post_table("text/csv", &body)];
        requests.extend(PROVIDERS.map(|provider| signed(provider, &body)));
        for (place, request) in requests.iter().enumerate() {
            let reply = stage.answer(request);
            check_stated(&reply, line.get(..80).unwrap_or(line));
            assert!(reply.status != 401, "{place}: the signature was not good");
            assert!(
                !rejected || reply.status >= 400,
                "{place}: {}",
                line.get(..120).unwrap_or(line)
            );
        }
        bodies += 1;
    }
    assert!(bodies > 300, "{bodies}");
    assert_eq!(stage.rows(), 0, "no body of the corpus is an outcome");
}

#[test]
fn no_text_of_the_corpora_becomes_anything_but_a_value() {
    let probes: Vec<String> = ["strings/blns.json", "strings/sqli.txt"]
        .iter()
        .flat_map(|file| texts(file))
        .collect();
    if probes.is_empty() {
        return;
    }
    let stage = Stage::new();
    let names = [
        "outcome_id",
        "lead_id",
        "gclid",
        "email",
        "phone",
        "kind",
        "occurred_at",
        "value",
        "currency",
        "change",
    ];
    let mut accepted = 0;
    for (number, probe) in probes.iter().enumerate() {
        let rows: Vec<Value> = names
            .iter()
            .map(|name| {
                let mut row = json!({"outcome_id": format!("{number}-{name}"), "gclid": "G", "kind": "won",
                    "occurred_at": "2026-11-20T14:05:00Z"});
                if *name == "email" || *name == "phone" {
                    row.as_object_mut().expect("an object").remove("gclid");
                }
                row[*name] = json!(probe);
                row
            })
            .collect();
        let reply = stage.answer(&outcomes(json!(rows).to_string().as_bytes()));
        let answer: Value = serde_json::from_slice(&reply.body).expect("JSON");
        assert_eq!(reply.status, 200, "{probe}");
        accepted += answer["accepted"].as_i64().expect("a number");
        // A table of the same rows is the same rows.
        let mut table = csv::Writer::from_writer(Vec::new());
        table
            .write_record(["outcome_id", "gclid", "kind", "occurred_at", "note"])
            .expect("a record");
        table
            .write_record([
                format!("{number}-csv").as_str(),
                "G",
                "won",
                "2026-11-20T14:05:00Z",
                probe,
            ])
            .expect("a record");
        let reply = stage.answer(&post_table("text/csv", &table.into_inner().expect("bytes")));
        let answer: Value = serde_json::from_slice(&reply.body).expect("JSON");
        // A NUL makes the whole table one that is no text.
        let expected = if probe.contains('\0') {
            (422, None)
        } else {
            (200, Some(1))
        };
        assert_eq!((reply.status, answer["accepted"].as_i64()), expected, "{probe:?}");
        accepted += expected.1.unwrap_or_default();
        for path in ["v1/webhooks", "v1/outcomes"] {
            let request = Request {
                path: format!("/throughline/{path}/{probe}"),
                query: format!("site={probe}"),
                ..outcomes(b"[]")
            };
            check_stated(&stage.answer(&request), probe);
        }
    }
    assert_eq!(stage.rows(), accepted);
    // No formula of a spreadsheet is an outcome_id.
    let ids = stage.database.database().texts("SELECT outcome_id FROM outcomes");
    assert!(ids.iter().all(|id| !id[0].starts_with(['=', '+', '-', '@'])));
}

#[test]
fn no_formula_of_the_corpus_is_an_outcome_id() {
    let Some(text) = corpus("csv/formula-injection.json") else {
        return;
    };
    let lists: Value = serde_json::from_str(&text).expect("JSON");
    let payloads: Vec<&str> = lists
        .as_object()
        .expect("an object")
        .values()
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    assert!(payloads.len() > 20, "{}", payloads.len());
    for payload in payloads {
        let mut table = csv::Writer::from_writer(Vec::new());
        table
            .write_record(["outcome_id", "gclid", "kind", "occurred_at"])
            .expect("a record");
        table
            .write_record([payload, "G", "won", "2026-11-20T14:05:00Z"])
            .expect("a record");
        let table = table.into_inner().expect("bytes");
        // A NUL makes the whole table one that is no text.
        let Ok(text) = CsvText::decode(&table, None) else {
            assert!(payload.contains('\0'), "{payload:?}");
            continue;
        };
        for row in text.rows().expect("a header").next_rows(10, None) {
            let id = row.told.ok().and(row.outcome_id);
            let is_formula =
                |id: &String| id.starts_with(['=', '+', '-', '@', '\t', '\r', '=', '+', '-', '@']);
            assert!(!id.as_ref().is_some_and(is_formula), "{payload:?}");
        }
    }
}

#[test]
fn a_hundred_thousand_brackets_and_ten_thousand_keys_are_only_refused() {
    let stage = Stage::new();
    let keys: String = (0..10_000).map(|key| format!("\"k{key}\":1,")).collect();
    let wide = format!("{{{keys}\"outcome_id\":\"x\"}}");
    let deep = "[".repeat(100_000);
    let deep_inside = format!("{{\"data\":{}1{}}}", "{\"a\":".repeat(5_000), "}".repeat(5_000));
    for body in [wide, deep, deep_inside] {
        for provider in PROVIDERS {
            check_stated(&stage.answer(&signed(provider, body.as_bytes())), provider);
        }
        check_stated(&stage.answer(&outcomes(body.as_bytes())), "outcomes");
        check_stated(&stage.answer(&post_table("text/csv", body.as_bytes())), "a table");
    }
    assert_eq!(stage.rows(), 0);
}

/// Pieces that tables are made of, and what breaks them.
fn table() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"outcome_id".to_vec()),
        Just(b"gclid".to_vec()),
        Just(b"value".to_vec()),
        Just(b",".to_vec()),
        Just(b";".to_vec()),
        Just(b"\"".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"sep=;\n".to_vec()),
        Just(b"\xef\xbb\xbf".to_vec()),
        Just(b"\xff\xfe".to_vec()),
        Just(b"1.250,00".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..6),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_a_table_or_a_refusal(body in table(), charset in proptest::option::of("[a-z0-9-]{0,12}")) {
        if let Ok(text) = CsvText::decode(&body, charset.as_deref())
            && let Ok(mut rows) = text.rows()
        {
            let mut lines = Vec::new();
            loop {
                let part = rows.next_rows(3, None);
                if part.is_empty() {
                    break;
                }
                prop_assert!(part.len() <= 3);
                lines.extend(part.into_iter().filter_map(|row| row.line));
            }
            prop_assert!(lines.is_sorted());
        }
    }

    #[test]
    fn any_text_is_an_outcome_or_a_refusal(body in ".{0,200}") {
        for row in rows_of(body.as_bytes()).unwrap_or_default() {
            let _ = ReceivedRow::of_json(row, None);
        }
    }

    #[test]
    fn an_amount_written_in_any_country_is_read_as_what_it_is(
        whole in 0_u64..9_999_999_999, cents in 0_u32..100,
        (group, decimal) in prop_oneof![Just(("", ".")), Just(("", ",")), Just((".", ",")), Just((",", ".")), Just((" ", ",")), Just(("'", "."))],
    ) {
        let digits = whole.to_string();
        let mut grouped = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place) % 3 == 0 {
                grouped.push_str(group);
            }
            grouped.push(digit);
        }
        let table = format!("outcome_id\tgclid\tkind\toccurred_at\tvalue\tcurrency\nd\tG\twon\t2026-11-20T14:05:00Z\t{grouped}{decimal}{cents:02}\tEUR\n");
        let text = CsvText::decode(table.as_bytes(), None).expect("text");
        let row = text.rows().expect("a header").next_rows(1, None).remove(0);
        let outcome = row.into_outcome().expect("an outcome");
        prop_assert_eq!(outcome.value.map(|money| money.amount().to_string()), Some(format!("{whole}.{cents:02}")));
    }

    #[test]
    fn a_signature_is_good_for_the_bytes_that_were_signed_and_for_no_others(
        body in proptest::collection::vec(any::<u8>(), 0..200), place in any::<proptest::sample::Index>(), bit in 0_u8..8,
    ) {
        let check = |provider: &str, request: &Request, body: &[u8]| {
            let settings = WebhookSettings {
                site: "default".to_owned(),
                provider: serde_json::from_value(json!(provider)).expect("a provider"),
                secret: "WEBHOOK_ONE".to_owned(),
                previous_secret: None,
                signature: serde_json::from_value(if provider == "hmac" { json!({"header": "X-Signature"}) } else { Value::Null })
                    .expect("settings"),
                fields: Default::default(),
                constants: Default::default(),
                kinds: Default::default(),
            };
            let signature: Signature = settings.webhook().expect("a webhook").provider.signature();
            let delivery = Delivery { method: "POST", url: &request.path, headers: &request.headers, body, now: now() };
            signature.check(&delivery, &["secret"]).is_ok()
        };
        for provider in ["hubspot", "stripe", "hmac"] {
            let request = signed(provider, &body);
            prop_assert!(check(provider, &request, &body), "{}", provider);
            let mut altered = body.clone();
            if altered.is_empty() {
                altered.push(0);
            } else {
                let place = place.index(altered.len());
                altered[place] ^= 1 << bit;
            }
            prop_assert!(!check(provider, &request, &altered), "{}", provider);
        }
    }
}
