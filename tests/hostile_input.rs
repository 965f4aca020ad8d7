//! Every naughty string and every probe of SQL injection, in every field that takes a text. `worker/hostile.rs` sends a
//! sample of them to the built Worker.

#![allow(clippy::panic, clippy::expect_used, reason = "tests fail by panicking")]

use attribution::lead_id::LeadId;
use attribution::timestamp::Timestamp;
use collector::reply::Reply;
use collector::request::Request;
use serde_json::{Value, json};
use support::corpora;
use support::failing_database::FailingDatabase;
use support::native_collector::{ADMIN_TOKEN, NativeCollector, get_feed, post_lead, post_outcomes};
use support::sqlite_database::SqliteDatabase;

/// 2026-11-23T12:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
}

fn texts() -> Vec<String> {
    let lists = [
        "strings/fuzzdb-NullByteRepresentations.txt",
        "strings/fuzzdb-crlf-injection.txt",
        "strings/fuzzdb-format-strings.txt",
        "strings/fuzzdb-integer-overflows.txt",
        "strings/fuzzdb-naughty-unicode.txt",
        "strings/fuzzdb-right-to-left.txt",
        "strings/fuzzdb-two-byte-chars.txt",
    ];
    let mut texts = [corpora::naughty_strings(), corpora::sql_probes()].concat();
    texts.extend(lists.into_iter().flat_map(corpora::lines));
    texts
}

fn lead(number: usize) -> Value {
    let number = u64::try_from(number).expect("few");
    json!({"v": 1, "site": "default", "lead_id": LeadId::from_random([number, 3]).as_str(),
        "submitted_at": "2026-11-18T09:10:00Z", "page": "", "form": {},
        "touches": [{"at": "2026-11-18T09:00:00Z", "landing": "", "referrer": "", "ids": {}, "utm": {}, "params": {}}],
        "consent": {"ad_storage": "granted", "ad_user_data": "granted"}})
}

fn check(reply: &Reply, what: &str) {
    assert!(reply.status < 500, "{what:?}: {reply:?}");
    for (name, value) in &reply.headers {
        let is_plain = value.bytes().all(|byte| (b' '..0x7f).contains(&byte));
        assert!(is_plain, "{what:?}: {name}: {value:?}");
    }
}

#[test]
fn a_text_in_any_field_is_a_value_and_nothing_else() {
    let database = FailingDatabase::new(SqliteDatabase::of_development());
    let collector = NativeCollector::new(&database);
    let sqlite = database.database();
    let tables = sqlite.texts("SELECT name FROM sqlite_master ORDER BY name");
    let texts = texts();
    for (number, text) in texts.iter().enumerate() {
        let send = |lead: &Value| {
            let request = Request {
                user_agent: Some(text.clone()),
                referer: Some(text.clone()),
                ..post_lead("http://localhost:8787", lead.to_string().as_bytes())
            };
            let reply = collector.answer(&request, now());
            check(&reply, text);
            reply.status
        };
        let mut lead = lead(number);
        lead["form"] = json!({"id": text, "name": text, "action": text});
        lead["page"] = json!(format!("https://www.example.com/{text}"));
        lead["touches"][0]["landing"] = json!(format!("https://{text}/"));
        lead["touches"][0]["utm"] = json!({"utm_source": text, "utm_campaign": text});
        lead["touches"][0]["ids"] = json!({"gclid": text, "fbclid": text, (text): text});
        lead["touches"][0]["params"] = json!({(text): text, "partner": text});
        lead["script"] = json!(text.get(..9).unwrap_or_default());
        assert_eq!(send(&lead), 201, "{text:?}");
        assert_eq!(send(&lead), 200, "{text:?} is read back as it was written");
        for pointer in [
            "/site",
            "/lead_id",
            "/submitted_at",
            "/consent/ad_storage",
            "/touches/0/at",
            "/v",
        ] {
            let mut lead = lead.clone();
            *lead.pointer_mut(pointer).expect("a field") = json!(text);
            let status = send(&lead);
            assert!((400..500).contains(&status), "{pointer} {text:?}: {status}");
        }
        let outcome = json!({"outcome_id": text, "lead_id": text, "kind": text, "occurred_at": text, "value": text,
            "currency": text});
        check(
            &collector.answer(&post_outcomes(&outcome.to_string()), now()),
            text,
        );
        if number % 3 > 0 {
            continue;
        }
        let segment: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        for path in [
            "v1/leads/",
            "v1/sites/",
            "v1/keys/",
            "v1/destinations/",
            "feeds/google-demo/",
            "v1/outcomes/",
        ] {
            let request = Request {
                path: format!("/throughline/{path}{segment}"),
                query: format!("site={segment}&after={segment}&limit={segment}&q={segment}"),
                authorization: Some(format!("Bearer {ADMIN_TOKEN}")),
                ..get_feed()
            };
            check(&collector.answer(&request, now()), text);
        }
    }
    let expected = i64::try_from(texts.len()).expect("few");
    assert_eq!(
        (sqlite.rows_in("leads"), sqlite.rows_in("outcomes")),
        (expected, 0)
    );
    assert_eq!(
        sqlite.texts("SELECT name FROM sqlite_master ORDER BY name"),
        tables
    );
    assert_eq!(sqlite.rows_in("sites"), 1);
    println!("{} texts in every field", texts.len());
}
