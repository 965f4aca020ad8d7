//! Keys and the passwords of feeds: shown once, stored hashed, good for what was said and no longer.

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
use support::native_collector::{ADMIN_TOKEN, NativeCollector, ask, ask_json, get_feed, json_of};
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

fn sales_feed() -> Value {
    json!({"site": "default", "platform": "google", "transport": "feed", "dialect": "legacy_upload",
        "conversion_action": "Sale", "outcome_kinds": ["won"], "time_zone": "UTC", "feed_user": "ads",
        "click_wait_hours": 0, "lookback_days": 30})
}

#[test]
fn a_key_is_shown_once_and_opens_what_its_scopes_say_until_it_is_revoked() {
    let database = development();
    let collector = NativeCollector::new(&database);
    let settings = json!({"site": "default", "scopes": ["outcomes"]});
    let made = admin(&database, "PUT", "v1/keys/crm", &settings);
    let key = json_of(&made)["key"].as_str().expect("the key, once").to_owned();
    assert!(made.status == 201 && key.starts_with("tl_crm_"), "{key}");
    let stored = database.database().texts("SELECT * FROM keys").concat().concat();
    assert!(!stored.contains(&key[7..]), "only a hash is stored");

    for reply in [
        admin(&database, "PUT", "v1/keys/crm", &settings),
        admin(&database, "GET", "v1/keys/crm", &Value::Null),
    ] {
        let expected = json!({"key_id": "crm", "site": "default", "scopes": ["outcomes"]});
        assert_eq!((reply.status, json_of(&reply)), (200, expected));
    }

    let outcome = r#"{"outcome_id":"d1","lead_id":"7K3M9QXA2F4HJK5NR","kind":"won","occurred_at":"2026-11-20T14:05:00Z"}"#;
    let tell = |key: &str| collector.answer(&ask("POST", "v1/outcomes", key, outcome), now());
    let code = |reply: &Reply| (reply.status, json_of(reply)["code"].as_str().map(str::to_owned));
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
    let key = json_of(&made)["key"].as_str().expect("the key").to_owned();
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
        let problem = json_of(&reply);
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
fn an_admin_token_that_looks_like_a_key_is_the_admin_token_all_the_same() {
    let database = development();
    let mut collector = NativeCollector::new(&database);
    collector.admin_token = Some("tl_admin_0123456789abcdef");
    let ask_with = |token: &str| {
        collector
            .answer(&ask("GET", "v1/sites/default", token, ""), now())
            .status
    };
    assert_eq!(ask_with("tl_admin_0123456789abcdef"), 200);
    assert_eq!(ask_with("tl_admin_0123456789abcdee"), 401);
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
            (reply.status, &json_of(&reply)["code"]),
            (503, &json!("no_randomness"))
        );
        assert_eq!(reply.header("Retry-After"), Some("5"));
    }
    assert_eq!(
        (
            database.database().rows_in("keys"),
            database.database().rows_in("destinations")
        ),
        (0, 1)
    );
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
    let mut shown = json_of(&made);
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
    assert_eq!((again.status, json_of(&again).get("feed_password")), (200, None));
    assert_eq!(fetch("ads", &password), 200, "the password stays");
    let read = json_of(&admin(&database, "GET", "v1/destinations/sales", &Value::Null));
    shown["conversion_action"] = json!("Closed deal");
    shown.as_object_mut().expect("an object").remove("feed_password");
    assert_eq!(read, shown);

    // Another user gets another password, and no user closes the feed.
    changed["feed_user"] = json!("other");
    let other = admin(&database, "PUT", "v1/destinations/sales", &changed);
    let other_password = json_of(&other)["feed_password"]
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
            (reply.status, &json_of(&reply)["code"]),
            (409, &json!("id_taken"))
        );
        let nobody = {
            let mut nobody = theirs.clone();
            nobody["site"] = json!("nobody");
            nobody
        };
        let reply = admin(&database, "PUT", path, &nobody);
        assert_eq!(
            (reply.status, &json_of(&reply)["code"]),
            (404, &json!("site_unknown"))
        );
        let read = json_of(&admin(&database, "GET", path, &Value::Null));
        assert_eq!(read["site"], "default");
    }
}
