//! Sites, keys and destinations by API: what is kept, what is refused with which advice, and what is shown once.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use attribution::timestamp::Timestamp;
use collector::reply::Reply;
use collector::request::Request;
use serde_json::{Value, json};
use support::failing_database::FailingDatabase;
use support::native_collector::{ADMIN_TOKEN, NativeCollector, ask, get_feed, post_lead, post_outcomes};
use support::sqlite_database::SqliteDatabase;

/// 2026-11-23T12:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
}

fn development() -> FailingDatabase {
    FailingDatabase::new(SqliteDatabase::of_development())
}

fn body_of(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap_or_default()
}

/// What the collector answers to whoever deployed it.
fn admin(database: &FailingDatabase, method: &str, path: &str, body: &Value) -> Reply {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    NativeCollector::new(database).answer(&ask(method, path, ADMIN_TOKEN, &body), now())
}

#[test]
fn a_site_is_set_read_changed_and_removed() {
    let database = development();
    let site = json!({"origins": ["https://www.example.com", "https://*.example.com", "http://localhost:*"],
        "time_zone": "Europe/Berlin", "retention_days": 30, "daily_budget": 500});
    let first = admin(&database, "PUT", "v1/sites/shop.example", &site);
    let mut shown = site.clone();
    shown["site"] = json!("shop.example");
    assert_eq!((first.status, body_of(&first)), (201, shown.clone()));
    let again = admin(&database, "PUT", "v1/sites/shop.example", &site);
    assert_eq!((again.status, body_of(&again)), (200, shown.clone()));
    let read = admin(&database, "GET", "v1/sites/shop.example", &Value::Null);
    assert_eq!((read.status, body_of(&read)), (200, shown));

    // What is left out gets its default; what is null is left out.
    let bare = json!({"origins": [], "daily_budget": null});
    let reply = admin(&database, "PUT", "v1/sites/shop.example", &bare);
    let expected = json!({"site": "shop.example", "origins": [], "time_zone": null, "retention_days": 400, "daily_budget": null});
    assert_eq!(body_of(&reply), expected);

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
            (reply.status, &body_of(&reply)["code"]),
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
        let problem = body_of(&reply);
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

#[test]
fn a_key_is_shown_once_and_opens_what_its_scopes_say_until_it_is_revoked() {
    let database = development();
    let collector = NativeCollector::new(&database);
    let settings = json!({"site": "default", "scopes": ["outcomes"]});
    let made = admin(&database, "PUT", "v1/keys/crm", &settings);
    let key = body_of(&made)["key"].as_str().expect("the key, once").to_owned();
    assert!(made.status == 201 && key.starts_with("tl_crm_"), "{key}");
    let stored = database.database().texts("SELECT * FROM keys").concat().concat();
    assert!(!stored.contains(&key[7..]), "only a hash is stored");

    for reply in [
        admin(&database, "PUT", "v1/keys/crm", &settings),
        admin(&database, "GET", "v1/keys/crm", &Value::Null),
    ] {
        let expected = json!({"key_id": "crm", "site": "default", "scopes": ["outcomes"]});
        assert_eq!((reply.status, body_of(&reply)), (200, expected));
    }

    let outcome = r#"{"outcome_id":"d1","lead_id":"7K3M9QXA2F4HJK5NR","kind":"won","occurred_at":"2026-11-20T14:05:00Z"}"#;
    let tell = |key: &str| collector.answer(&ask("POST", "v1/outcomes", key, outcome), now());
    let code = |reply: &Reply| (reply.status, body_of(reply)["code"].as_str().map(str::to_owned));
    assert_eq!(tell(&key).status, 200);
    for wrong in [
        format!("{key}A"),
        key.replace("tl_crm_", "tl_other_"),
        key.replace("tl_", "TL_"),
        "tl_crm_".to_owned(),
        String::new(),
    ] {
        assert_eq!(
            code(&tell(&wrong)),
            (401, Some("token_invalid".to_owned())),
            "{wrong}"
        );
    }
    let settings_by_key = collector.answer(&ask("GET", "v1/keys/crm", &key, ""), now());
    assert_eq!(code(&settings_by_key), (403, Some("scope_missing".to_owned())));

    // Another scope, the same secret.
    let settings = json!({"site": "default", "scopes": ["read"]});
    assert_eq!(admin(&database, "PUT", "v1/keys/crm", &settings).status, 200);
    assert_eq!(code(&tell(&key)), (403, Some("scope_missing".to_owned())));
    let settings = json!({"site": "default", "scopes": ["admin"]});
    assert_eq!(admin(&database, "PUT", "v1/keys/crm", &settings).status, 200);
    assert_eq!(tell(&key).status, 200);

    assert_eq!(
        admin(&database, "DELETE", "v1/keys/crm", &Value::Null).status,
        204
    );
    assert_eq!(code(&tell(&key)), (401, Some("token_invalid".to_owned())));
    assert_eq!(
        admin(&database, "DELETE", "v1/keys/crm", &Value::Null).status,
        404
    );
}

#[test]
fn a_key_works_in_a_deployment_without_an_admin_token() {
    let database = development();
    let made = admin(
        &database,
        "PUT",
        "v1/keys/crm",
        &json!({"site": "default", "scopes": ["admin"]}),
    );
    let key = body_of(&made)["key"].as_str().expect("the key").to_owned();
    let mut collector = NativeCollector::new(&database);
    collector.admin_token = None;
    assert_eq!(
        collector
            .answer(&ask("GET", "v1/sites/default", &key, ""), now())
            .status,
        200
    );
    for (method, path) in [
        ("GET", "v1/sites/default"),
        ("PUT", "v1/keys/x"),
        ("DELETE", "v1/destinations/google-demo"),
    ] {
        let reply = collector.answer(&ask(method, path, ADMIN_TOKEN, "{}"), now());
        let problem = body_of(&reply);
        assert_eq!(
            (reply.status, &problem["code"]),
            (503, &json!("admin_token_unset")),
            "{method} {path}"
        );
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(detail.contains("wrangler secret put ADMIN_TOKEN"), "{detail}");
    }
}

#[test]
fn without_random_bytes_nothing_secret_is_made() {
    let database = development();
    for (path, body) in [
        ("v1/keys/k", json!({"site": "default", "scopes": ["read"]})),
        ("v1/destinations/d", sales_feed()),
    ] {
        let request = Request {
            random: None,
            ..ask("PUT", path, ADMIN_TOKEN, &body.to_string())
        };
        let reply = NativeCollector::new(&database).answer(&request, now());
        assert_eq!(
            (reply.status, &body_of(&reply)["code"]),
            (503, &json!("no_randomness"))
        );
    }
    assert_eq!(
        (
            database.database().rows_in("keys"),
            database.database().rows_in("destinations")
        ),
        (0, 1)
    );
}

fn sales_feed() -> Value {
    json!({"site": "default", "platform": "google", "transport": "feed", "dialect": "legacy_upload",
        "conversion_action": "Sale", "outcome_kinds": ["won"], "time_zone": "UTC", "feed_user": "ads",
        "click_wait_hours": 0, "lookback_days": 30})
}

#[test]
fn a_feed_gets_a_password_that_is_shown_once_and_belongs_to_its_user() {
    let database = development();
    let collector = NativeCollector::new(&database);
    let fetch = |user: &str, password: &str| {
        use base64::Engine;
        let credentials = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        let request = Request {
            path: "/throughline/feeds/sales/conversions.csv".to_owned(),
            authorization: Some(format!("Basic {credentials}")),
            ..get_feed()
        };
        collector.answer(&request, now()).status
    };
    let made = admin(&database, "PUT", "v1/destinations/sales", &sales_feed());
    let mut shown = body_of(&made);
    let password = shown["feed_password"]
        .as_str()
        .expect("the password, once")
        .to_owned();
    assert_eq!(
        (made.status, fetch("ads", &password), fetch("ads", "")),
        (201, 200, 401)
    );

    let mut changed = sales_feed();
    changed["conversion_action"] = json!("Closed deal");
    let again = admin(&database, "PUT", "v1/destinations/sales", &changed);
    assert_eq!((again.status, body_of(&again).get("feed_password")), (200, None));
    assert_eq!(fetch("ads", &password), 200, "the password stays");
    let read = body_of(&admin(&database, "GET", "v1/destinations/sales", &Value::Null));
    shown["conversion_action"] = json!("Closed deal");
    shown.as_object_mut().expect("an object").remove("feed_password");
    assert_eq!(read, shown);

    // Another user gets another password, and no user closes the feed.
    changed["feed_user"] = json!("other");
    let other = admin(&database, "PUT", "v1/destinations/sales", &changed);
    let other_password = body_of(&other)["feed_password"]
        .as_str()
        .expect("a password")
        .to_owned();
    assert_eq!(
        (fetch("ads", &password), fetch("other", &other_password)),
        (401, 200)
    );
    changed["feed_user"] = Value::Null;
    assert_eq!(
        admin(&database, "PUT", "v1/destinations/sales", &changed).status,
        200
    );
    assert_eq!((fetch("other", &other_password), fetch("", "")), (401, 401));

    assert_eq!(
        admin(&database, "DELETE", "v1/destinations/sales", &Value::Null).status,
        204
    );
    assert_eq!(
        admin(&database, "GET", "v1/destinations/sales", &Value::Null).status,
        404
    );
}

#[test]
fn an_id_of_another_site_is_taken_even_for_the_admin() {
    let database = development();
    assert_eq!(
        admin(&database, "PUT", "v1/sites/shop", &json!({"origins": []})).status,
        201
    );
    let key = |site: &str| json!({"site": site, "scopes": ["read"]});
    let feed = |site: &str| {
        let mut feed = sales_feed();
        feed["site"] = json!(site);
        feed
    };
    for (path, ours, theirs) in [
        ("v1/keys/k", key("default"), key("shop")),
        ("v1/destinations/d", feed("default"), feed("shop")),
    ] {
        assert_eq!(admin(&database, "PUT", path, &ours).status, 201);
        let reply = admin(&database, "PUT", path, &theirs);
        assert_eq!(
            (reply.status, &body_of(&reply)["code"]),
            (409, &json!("id_taken"))
        );
        let nobody = {
            let mut nobody = theirs.clone();
            nobody["site"] = json!("nobody");
            nobody
        };
        let reply = admin(&database, "PUT", path, &nobody);
        assert_eq!(
            (reply.status, &body_of(&reply)["code"]),
            (404, &json!("site_unknown"))
        );
        let read = body_of(&admin(&database, "GET", path, &Value::Null));
        assert_eq!(read["site"], "default");
    }
}
