//! Sites, keys and destinations by API: what is kept, and what is refused with which advice.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::cell::Cell;

use attribution::lead_id::LeadId;
use attribution::timestamp::Timestamp;
use collector::reply::Reply;
use collector::request::{Limits, Request};
use serde_json::{Value, json};
use support::failing_database::FailingDatabase;
use support::native_collector::{ADMIN_TOKEN, NativeCollector, ask_json, json_of, post_lead, post_outcomes};
use support::sqlite_database::SqliteDatabase;

/// 2026-11-23T12:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
}

fn development() -> FailingDatabase {
    FailingDatabase::new(SqliteDatabase::of_development())
}

/// What the collector answers to whoever deployed it.
fn admin(database: &FailingDatabase, method: &str, path: &str, body: &Value) -> Reply {
    NativeCollector::new(database).answer(&ask_json(method, path, ADMIN_TOKEN, body), now())
}

#[test]
fn a_site_is_set_read_changed_and_removed() {
    let database = development();
    let site = json!({"origins": ["https://www.example.com", "https://*.example.com", "http://localhost:*"],
        "time_zone": "Europe/Berlin", "retention_days": 30, "daily_budget": 500});
    let first = admin(&database, "PUT", "v1/sites/shop.example", &site);
    let mut shown = site.clone();
    shown["site"] = json!("shop.example");
    assert_eq!((first.status, json_of(&first)), (201, shown.clone()));
    let again = admin(&database, "PUT", "v1/sites/shop.example", &site);
    assert_eq!((again.status, json_of(&again)), (200, shown.clone()));
    let read = admin(&database, "GET", "v1/sites/shop.example", &Value::Null);
    assert_eq!((read.status, json_of(&read)), (200, shown));

    // What is left out gets its default; what is null is left out.
    let bare = json!({"origins": [], "daily_budget": null});
    let reply = admin(&database, "PUT", "v1/sites/shop.example", &bare);
    let expected = json!({"site": "shop.example", "origins": [], "time_zone": null, "retention_days": 400, "daily_budget": null});
    assert_eq!(json_of(&reply), expected);

    assert_eq!(
        admin(&database, "DELETE", "v1/sites/shop.example", &Value::Null).status,
        204
    );
    for method in ["GET", "DELETE"] {
        assert_eq!(
            admin(&database, method, "v1/sites/shop.example", &Value::Null).status,
            404
        );
    }
}

#[test]
fn a_page_of_a_subdomain_may_send_leads_once_the_site_says_so() {
    let database = development();
    let lead = json!({"v": 1, "site": "shop", "lead_id": "7K3M9QXA2F4HJK5NR", "submitted_at": "2026-11-18T09:10:00Z",
        "consent": {"ad_storage": "granted"}});
    let send = |origin: &str| {
        NativeCollector::new(&database)
            .answer(&post_lead(origin, lead.to_string().as_bytes()), now())
            .status
    };
    assert_eq!(send("https://de.example.com"), 404);
    let site = json!({"origins": ["https://*.example.com"]});
    assert_eq!(admin(&database, "PUT", "v1/sites/shop", &site).status, 201);
    assert_eq!(send("https://example.com"), 403);
    assert_eq!(send("https://de.example.com"), 201);
}

#[test]
fn an_instance_that_knows_a_site_stores_nothing_by_what_another_one_has_changed() {
    let database = development();
    let instance = NativeCollector::new(&database);
    let numbers = Cell::new(0);
    let send = |site: &str, origin: &str, ad_storage: &str| {
        numbers.set(numbers.get() + 1);
        let lead = json!({"v": 1, "site": site, "lead_id": LeadId::from_random([0, numbers.get()]).as_str(),
            "submitted_at": "2026-11-18T09:10:00Z", "consent": {"ad_storage": ad_storage}});
        let request = Request {
            limits: Limits::Within,
            ..post_lead(origin, lead.to_string().as_bytes())
        };
        database.calls.set(0);
        instance.answer(&request, now()).status
    };
    let (old, new) = ("http://localhost:8787", "https://www.example.com");

    // The site is read once, and then stands in the lead's own call.
    assert_eq!((send("default", old, "granted"), database.calls.get()), (201, 2));
    assert_eq!((send("default", old, "granted"), database.calls.get()), (201, 1));
    // The origin is taken away, and another one let in.
    let moved = json!({"origins": [new]});
    assert_eq!(admin(&database, "PUT", "v1/sites/default", &moved).status, 200);
    assert_eq!(send("default", old, "granted"), 403);
    assert_eq!(database.database().rows_in("leads"), 2);
    assert_eq!(send("default", new, "granted"), 201);
    // A budget is set, lowered below what it has taken, and lifted.
    for (budget, expected) in [(json!(2), 201), (json!(1), 429), (json!(null), 201)] {
        let site = json!({"origins": [new], "daily_budget": budget});
        assert_eq!(admin(&database, "PUT", "v1/sites/default", &site).status, 200);
        assert_eq!(send("default", new, "granted"), expected, "{budget}");
    }
    // A site is removed.
    assert_eq!(admin(&database, "PUT", "v1/sites/shop", &moved).status, 201);
    assert_eq!(send("shop", new, "denied"), 403);
    let gone = admin(&database, "DELETE", "v1/sites/shop", &Value::Null);
    assert_eq!((gone.status, send("shop", new, "granted")), (204, 404));
    assert_eq!(database.database().rows_in("leads"), 5);
}

#[test]
fn err_a_repetition_from_an_origin_that_was_taken_away_is_refused() {
    let database = development();
    let instance = NativeCollector::new(&database);
    let lead = json!({"v": 1, "site": "default", "lead_id": "7K3M9QXA2F4HJK5NR", "submitted_at": "2026-11-18T09:10:00Z",
        "consent": {"ad_storage": "granted"}});
    let request = post_lead("http://localhost:8787", lead.to_string().as_bytes());
    let send = || instance.answer(&request, now()).status;
    assert_eq!((send(), send()), (201, 200));
    let moved = json!({"origins": ["https://www.example.com"]});
    assert_eq!(admin(&database, "PUT", "v1/sites/default", &moved).status, 200);
    assert_eq!((send(), send()), (403, 403));
}

#[test]
fn a_site_that_holds_leads_or_outcomes_is_not_removed() {
    let deal = r#"{"outcome_id":"d1","lead_id":"7K3M9QXA2F4HJK5NR","kind":"won","occurred_at":"2026-11-20T14:05:00Z"}"#;
    let lead = json!({"v": 1, "site": "default", "lead_id": "7K3M9QXA2F4HJK5NR", "submitted_at": "2026-11-18T09:10:00Z",
        "consent": {"ad_storage": "granted"}});
    for request in [
        post_outcomes(deal),
        post_lead("http://localhost:8787", lead.to_string().as_bytes()),
    ] {
        let database = development();
        assert!(NativeCollector::new(&database).answer(&request, now()).status < 300);
        let reply = admin(&database, "DELETE", "v1/sites/default", &Value::Null);
        assert_eq!(
            (reply.status, &json_of(&reply)["code"]),
            (409, &json!("site_in_use"))
        );
        assert_eq!(database.database().rows_in("destinations"), 1);
    }
    let database = development();
    let key = json!({"site": "default", "scopes": ["read"]});
    assert_eq!(admin(&database, "PUT", "v1/keys/k", &key).status, 201);
    let webhook = json!({"site": "default", "provider": "stripe", "secret": "WEBHOOK_STRIPE"});
    assert_eq!(admin(&database, "PUT", "v1/webhooks/w", &webhook).status, 201);
    assert_eq!(
        admin(&database, "DELETE", "v1/sites/default", &Value::Null).status,
        204
    );
    for table in ["sites", "keys", "destinations", "webhooks"] {
        assert_eq!(database.database().rows_in(table), 0, "{table}");
    }
}

#[test]
fn a_site_of_an_id_that_was_used_before_begins_with_nothing() {
    let database = development();
    let collector = NativeCollector::new(&database);
    let sqlite = database.database();
    let retract = r#"{"outcome_id":"d1","change":"retract"}"#;
    assert_eq!(collector.answer(&post_outcomes(retract), now()).status, 200);
    sqlite.execute(
        "INSERT INTO webhook_events VALUES ('default', 'stripe', 'evt_1', 1);
         INSERT INTO lead_counts VALUES ('default', '2026-11-23', 500)",
    );
    let deleted = admin(&database, "DELETE", "v1/sites/default", &Value::Null);
    assert_eq!(deleted.status, 204);
    for table in ["outcome_changes", "webhook_events", "lead_counts"] {
        assert_eq!(sqlite.rows_in(table), 0, "{table}");
    }
}

/// Where the body is wrong, and one word of the advice.
type BadSetting<'a> = (&'a str, Value, &'a str, &'a str);

#[test]
fn err_every_bad_setting_is_named_with_advice_and_changes_nothing() {
    let site = |field: &str, value: Value| {
        let mut site = json!({"origins": ["https://www.example.com"]});
        site[field] = value;
        site
    };
    let destination = |field: &str, value: Value| {
        let mut destination = json!({"site": "default", "platform": "google", "transport": "feed", "dialect": "legacy_upload",
            "conversion_action": "Sale", "outcome_kinds": ["won"], "time_zone": "UTC"});
        destination[field] = value;
        destination
    };
    let table: Vec<BadSetting<'_>> = vec![
        ("v1/sites/new", json!([]), "", "object"),
        ("v1/sites/new", json!({}), "/origins", "https://www.example.com"),
        (
            "v1/sites/new",
            site("origins", json!("https://www.example.com")),
            "/origins",
            "array",
        ),
        (
            "v1/sites/new",
            site("origins", json!(["https://a.example", "https://b.example/"])),
            "/origins/1",
            "path",
        ),
        (
            "v1/sites/new",
            site("origins", json!(["*"])),
            "/origins/0",
            "scheme",
        ),
        (
            "v1/sites/new",
            site("origins", json!(["https://*.com"])),
            "/origins/0",
            "*.example.com",
        ),
        (
            "v1/sites/new",
            site("origins", json!(["https://WWW.example.com"])),
            "/origins/0",
            "small letters",
        ),
        ("v1/sites/new", site("origins", json!([7])), "/origins/0", "array"),
        (
            "v1/sites/new",
            site("origins", json!(vec!["https://a.example"; 101])),
            "/origins",
            "100",
        ),
        (
            "v1/sites/new",
            site("time_zone", json!("Mars/Olympus")),
            "/time_zone",
            "Europe/Berlin",
        ),
        ("v1/sites/new", site("time_zone", json!(1)), "/time_zone", "IANA"),
        (
            "v1/sites/new",
            site("retention_days", json!(0)),
            "/retention_days",
            "1 to 1096",
        ),
        (
            "v1/sites/new",
            site("retention_days", json!(1097)),
            "/retention_days",
            "1 to 1096",
        ),
        (
            "v1/sites/new",
            site("retention_days", json!(1.5)),
            "/retention_days",
            "whole",
        ),
        (
            "v1/sites/new",
            site("retention_days", json!("30")),
            "/retention_days",
            "whole",
        ),
        (
            "v1/sites/new",
            site("daily_budget", json!(-1)),
            "/daily_budget",
            "whole",
        ),
        ("v1/sites/new", site("origin", json!([])), "", "origins"),
        (
            "v1/sites/New",
            site("time_zone", json!("UTC")),
            "",
            "small letters",
        ),
        (
            "v1/sites/a_b",
            site("time_zone", json!("UTC")),
            "",
            "small letters",
        ),
        ("v1/keys/new", json!({"scopes": ["read"]}), "/site", "site"),
        ("v1/keys/new", json!({"site": "default"}), "/scopes", "outcomes"),
        (
            "v1/keys/new",
            json!({"site": "default", "scopes": []}),
            "/scopes",
            "outcomes",
        ),
        (
            "v1/keys/new",
            json!({"site": "default", "scopes": ["read", "write"]}),
            "/scopes/1",
            "outcomes",
        ),
        (
            "v1/keys/new",
            json!({"site": "default", "scopes": ["read"], "secret": "mine"}),
            "",
            "scopes",
        ),
        (
            "v1/destinations/new",
            destination("platform", json!("gogle")),
            "/platform",
            "google",
        ),
        (
            "v1/destinations/new",
            destination("conversion_action", json!("")),
            "/conversion_action",
            "name",
        ),
        (
            "v1/destinations/new",
            destination("conversion_action", json!("a\nb")),
            "/conversion_action",
            "name",
        ),
        (
            "v1/destinations/new",
            destination("outcome_kinds", json!("won")),
            "/outcome_kinds",
            "array",
        ),
        (
            "v1/destinations/new",
            destination("time_zone", json!(null)),
            "/time_zone",
            "Europe/Berlin",
        ),
        (
            "v1/destinations/new",
            destination("lookback_days", json!(91)),
            "/lookback_days",
            "90",
        ),
        (
            "v1/destinations/new",
            destination("click_wait_hours", json!(-1)),
            "/click_wait_hours",
            "hours",
        ),
        (
            "v1/destinations/new",
            destination("feed_user", json!("a:b")),
            "/feed_user",
            "colon",
        ),
        (
            "v1/destinations/new",
            destination("feed_password", json!("secret")),
            "",
            "feed_user",
        ),
    ];
    let database = development();
    let before = |table: &str| database.database().rows_in(table);
    let rows = ["sites", "keys", "destinations"].map(before);
    for (path, body, pointer, word) in table {
        let reply = admin(&database, "PUT", path, &body);
        let problem = json_of(&reply);
        assert_eq!(
            (reply.status, &problem["code"], &problem["pointer"]),
            (422, &json!("setting_refused"), &json!(pointer)),
            "{body} {problem}"
        );
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(detail.contains(word), "{body}: {detail}");
    }
    assert_eq!(["sites", "keys", "destinations"].map(before), rows);
}
