//! The cookie that the collector sets: over https, which the local runtime does not speak, and as laws about every
//! notice.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use attribution::limits::{CONSENT_NOTICE_BODY_BYTES_MAX, COOKIE_BYTES_MAX};
use attribution::timestamp::Timestamp;
use attribution::visit_record::VisitRecord;
use collector::reply::Reply;
use collector::request::Request;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::failing_database::FailingDatabase;
use support::native_collector::{NativeCollector, post_consent};
use support::sqlite_database::SqliteDatabase;

const ORIGIN: &str = "https://www.shop.example";

/// 2026-11-24T00:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_478_400_000)
}

/// A touch of 2026-11-23T00:00:00Z.
const RECORD: &str = "1|mwsi1hc0!https%3A%2F%2Fwww.shop.example%2Flp!!gclid=Cj0KCQ-_";

/// A collector with a site on https.
fn database() -> SqliteDatabase {
    let database = SqliteDatabase::of_development();
    database.execute(r#"INSERT INTO sites (site, origins) VALUES ('shop', '["https://*.shop.example"]');"#);
    database
}

fn notice() -> Value {
    json!({"v": 1, "site": "shop", "ad_storage": "granted", "record": RECORD, "domain": "shop.example", "days": 90})
}

fn ask(request: &Request) -> Reply {
    NativeCollector::new(&FailingDatabase::new(database())).answer(request, now())
}

fn cookies(reply: &Reply) -> Vec<&str> {
    let headers = reply.headers.iter();
    headers
        .filter(|(name, _)| *name == "Set-Cookie")
        .map(|(_, value)| value.as_str())
        .collect()
}

#[test]
fn over_https_the_cookie_is_secure_and_may_be_the_domains() {
    let reply = ask(&post_consent(ORIGIN, notice().to_string().as_bytes()));
    assert_eq!(reply.status, 200, "{reply:?}");
    let expected = format!(
        "throughline={RECORD}; Path=/; SameSite=Lax; Max-Age={}; Domain=shop.example; Secure",
        89 * 86_400
    );
    assert_eq!(cookies(&reply), [expected]);
    assert_eq!(reply.header("Access-Control-Allow-Origin"), Some(ORIGIN));
}

#[test]
fn a_collector_on_another_host_sets_nothing_and_says_why() {
    for own_origin in [
        "https://collect.shop.example",
        "https://throughline.workers.dev",
        "http://www.shop.example",
        "",
    ] {
        let request = Request {
            own_origin: own_origin.to_owned(),
            ..post_consent(ORIGIN, notice().to_string().as_bytes())
        };
        let reply = ask(&request);
        let body: Value = serde_json::from_slice(&reply.body).expect("JSON");
        assert_eq!(
            (reply.status, &body["result"]),
            (200, &json!("ignored")),
            "{own_origin}"
        );
        assert_eq!(cookies(&reply), [""; 0]);
    }
}

#[test]
fn err_a_store_that_does_not_answer_sets_nothing_and_may_be_asked_again() {
    let database = FailingDatabase::new(database());
    database.reads_fail.set(true);
    let collector = NativeCollector::new(&database);
    let reply = collector.answer(&post_consent(ORIGIN, notice().to_string().as_bytes()), now());
    assert_eq!(reply.status, 503);
    assert_eq!(cookies(&reply), [""; 0]);
}

/// Texts that come near what the collector takes, and texts that do not.
fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "1(\\|[0-9a-z]{1,9}![a-z%:/.;]{0,20}![a-z%:/.]{0,20}!(gclid|utm_source|x)=[ -~]{0,40}){1,14}",
        "(shop\\.example|www\\.shop\\.example|\\.?example|[a-z.;= ]{0,30})",
    ]
}

proptest! {
    #[test]
    fn whatever_is_told_a_cookie_holds_a_record_or_nothing(
        record in field(), domain in field(), word in field(), days in any::<i32>(), is_grant in any::<bool>()
    ) {
        let word = if is_grant { "granted".to_owned() } else { word };
        let mut body = notice();
        body["record"] = json!(record);
        body["domain"] = json!(domain);
        body["ad_storage"] = json!(word);
        body["days"] = json!(days % 450);
        let reply = ask(&post_consent(ORIGIN, body.to_string().as_bytes()));
        prop_assert!(matches!(reply.status, 200 | 413 | 422), "{}", reply.status);
        for cookie in cookies(&reply) {
            prop_assert!(cookie.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{cookie}");
            let (pair, attributes) = cookie.split_once("; ").expect("attributes");
            prop_assert!(pair.len() <= COOKIE_BYTES_MAX);
            let value = pair.strip_prefix("throughline=").expect("our name");
            if value.is_empty() {
                prop_assert!(attributes.contains("Max-Age=0"), "{cookie}");
            } else {
                prop_assert!(is_grant && VisitRecord::decode(value).is_some(), "{cookie}");
                prop_assert!(!attributes.contains("Max-Age=0"), "{cookie}");
            }
            prop_assert!(!attributes.contains("HttpOnly") && attributes.ends_with("; Secure"));
            if let Some((_, domain)) = attributes.split_once("Domain=") {
                prop_assert!(["www.shop.example; Secure", "shop.example; Secure"].contains(&domain), "{cookie}");
            }
        }
    }

    #[test]
    fn whatever_is_sent_is_answered(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let reply = ask(&post_consent(ORIGIN, &body));
        prop_assert!(matches!(reply.status, 400 | 422), "{}", reply.status);
        prop_assert_eq!(cookies(&reply).len(), 0);
    }
}

#[test]
fn the_longest_body_is_larger_than_the_longest_notice() {
    let longest = notice().to_string().len() + COOKIE_BYTES_MAX + 253;
    assert!(longest < CONSENT_NOTICE_BODY_BYTES_MAX);
}
