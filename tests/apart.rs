//! Every site is apart from every other, and no page of another origin changes anything: each route, asked by the wrong
//! one.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::HashSet;

use attribution::timestamp::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use collector::reply::Reply;
use collector::request::Request;
use collector::route::Route;
use serde_json::{Value, json};
use support::failing_database::FailingDatabase;
use support::native_collector::{
    ADMIN_TOKEN, NativeCollector, ask, ask_json, json_of, post_consent, post_lead,
};
use support::sqlite_database::SqliteDatabase;

/// 2026-11-23T12:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
}

/// A lead of each site, and one that nobody has.
const LEAD_OF_OURS: &str = "7K3M9QXA2F4HJK5NR";
const LEAD_OF_THEIRS: &str = "00000000000000012";
const LEAD_OF_NOBODY: &str = "00000000000000024";

/// Two sites that hold one thing of every kind, and the keys of the first.
struct Stage {
    database: FailingDatabase,
    /// The keys of the site `ours`, one for each scope.
    keys: Vec<String>,
}

impl Stage {
    fn new() -> Self {
        let database = FailingDatabase::new(SqliteDatabase::migrated());
        let mut keys = Vec::new();
        for (site, lead_id) in [("ours", LEAD_OF_OURS), ("theirs", LEAD_OF_THEIRS)] {
            let admin = |method: &str, path: &str, body: Value| {
                let request = ask(method, path, ADMIN_TOKEN, &body.to_string());
                let reply = NativeCollector::new(&database).answer(&request, now());
                assert!(
                    reply.status < 300,
                    "{path} {}",
                    String::from_utf8_lossy(&reply.body)
                );
                json_of(&reply)
            };
            let origins = json!({"origins": [format!("https://{site}.example")]});
            admin("PUT", &format!("v1/sites/{site}"), origins);
            for scope in ["outcomes", "read", "admin"] {
                let key = json!({"site": site, "scopes": [scope]});
                let made = admin("PUT", &format!("v1/keys/{site}-{scope}"), key);
                if site == "ours" {
                    keys.push(made["key"].as_str().expect("the key").to_owned());
                }
            }
            admin("PUT", &format!("v1/destinations/{site}"), feed_of(site));
            admin("PUT", &format!("v1/webhooks/{site}"), webhook_of(site));
            let deal = json!({"outcome_id": format!("deal-{site}"), "lead_id": lead_id, "kind": "won",
                "occurred_at": "2026-11-20T14:05:00Z"});
            admin("POST", &format!("v1/outcomes?site={site}"), deal);
            let lead = lead_of(site, lead_id).to_string();
            let request = post_lead(&format!("https://{site}.example"), lead.as_bytes());
            assert_eq!(
                NativeCollector::new(&database).answer(&request, now()).status,
                201
            );
        }
        Self { database, keys }
    }

    fn answer(&self, request: &Request) -> Reply {
        NativeCollector::new(&self.database).answer(request, now())
    }

    /// Everything that is stored, but for the counts of refusals.
    fn stored(&self) -> Vec<Vec<Vec<String>>> {
        let sqlite = self.database.database();
        let tables =
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'refused_counts' ORDER BY name";
        let tables = sqlite.texts(tables).concat();
        let rows = |table: &String| sqlite.texts(&format!("SELECT * FROM {table}"));
        tables.iter().map(rows).collect()
    }
}

fn feed_of(site: &str) -> Value {
    json!({"site": site, "platform": "google", "transport": "feed", "dialect": "legacy_upload", "conversion_action": "Sale",
        "outcome_kinds": ["won"], "time_zone": "UTC", "feed_user": "ads"})
}

fn webhook_of(site: &str) -> Value {
    json!({"site": site, "provider": "stripe", "secret": "WEBHOOK_STRIPE"})
}

fn lead_of(site: &str, lead_id: &str) -> Value {
    json!({"v": 1, "site": site, "lead_id": lead_id, "submitted_at": "2026-11-18T09:10:00Z",
        "touches": [{"at": "2026-11-18T09:00:00Z", "ids": {"gclid": "Cj0KCQ"}}], "consent": {"ad_storage": "granted"}})
}

/// A method, a path and a body.
type Asked = (&'static str, String, Value);

/// Every way to ask a route for something of `site`, and the status for whoever may not: 404 wherever a key is shown.
/// The match is exhaustive, so that nobody adds a route without saying how it keeps sites apart.
fn asked_of(route: Route<'_>, site: &str, lead_id: &str) -> (u16, Vec<Asked>) {
    let deal = json!({"outcome_id": "new", "lead_id": lead_id, "kind": "won", "occurred_at": "2026-11-20T14:05:00Z"});
    let nothing = Value::Null;
    let (status, asked) = match route {
        // A page is known by its origin, and whose site it is stands in the page for everybody to read.
        Route::Leads => (
            404,
            vec![
                ("GET", format!("v1/leads?site={site}"), nothing),
                ("HEAD", format!("v1/leads?site={site}"), Value::Null),
            ],
        ),
        Route::Consent => (403, Vec::new()),
        Route::Lead(_) => (404, vec![("GET", format!("v1/leads/{lead_id}"), nothing)]),
        Route::LeadFile => (404, vec![("GET", format!("v1/leads.csv?site={site}"), nothing)]),
        Route::Outcomes => (404, vec![("POST", format!("v1/outcomes?site={site}"), deal)]),
        Route::Outcome(_) => (404, vec![("GET", format!("v1/outcomes/deal-{site}"), nothing)]),
        Route::Deliveries => (404, vec![("GET", format!("v1/deliveries?site={site}"), nothing)]),
        Route::Diagnostics => (404, vec![("GET", format!("v1/diagnostics?site={site}"), nothing)]),
        Route::Access => (404, person_at("v1/access", site, lead_id)),
        Route::Erasures => (404, person_at("v1/erasures", site, lead_id)),
        Route::Site(_) => (404, set_at(&format!("v1/sites/{site}"), &json!({"origins": []}))),
        Route::Key(_) => (
            404,
            [
                set_at(
                    &format!("v1/keys/{site}-read"),
                    &json!({"site": site, "scopes": ["admin"]}),
                ),
                set_at(
                    &format!("v1/keys/{site}-read"),
                    &json!({"site": "ours", "scopes": ["admin"]}),
                ),
            ]
            .concat(),
        ),
        Route::Destination(_) => (
            404,
            [
                set_at(&format!("v1/destinations/{site}"), &feed_of(site)),
                set_at(&format!("v1/destinations/{site}"), &feed_of("ours")),
            ]
            .concat(),
        ),
        // The provider's own `POST` shows a signature, and no key.
        Route::Webhook(_) => (
            404,
            [
                set_at(&format!("v1/webhooks/{site}"), &webhook_of(site)),
                set_at(&format!("v1/webhooks/{site}"), &webhook_of("ours")),
            ]
            .concat(),
        ),
        // A feed that does not exist, and a wrong password, get the same 401.
        Route::Feed { .. } => (
            401,
            vec![("GET", format!("feeds/{site}/conversions.csv"), nothing)],
        ),
        Route::Health => (200, Vec::new()),
    };
    (status, asked)
}

fn person_at(path: &str, site: &str, lead_id: &str) -> Vec<Asked> {
    let by_lead = json!({"lead_id": lead_id});
    let by_email = json!({"email": "ann@example.com"});
    vec![
        ("POST", path.to_owned(), by_lead.clone()),
        ("POST", format!("{path}?site={site}"), by_lead),
        ("POST", format!("{path}?site={site}"), by_email),
    ]
}

fn set_at(path: &str, body: &Value) -> Vec<Asked> {
    vec![
        ("GET", path.to_owned(), Value::Null),
        ("PUT", path.to_owned(), body.clone()),
        ("DELETE", path.to_owned(), Value::Null),
    ]
}

fn all_routes() -> [Route<'static>; 15] {
    [
        Route::Leads,
        Route::Lead(""),
        Route::LeadFile,
        Route::Consent,
        Route::Outcomes,
        Route::Outcome(""),
        Route::Deliveries,
        Route::Access,
        Route::Erasures,
        Route::Site(""),
        Route::Key(""),
        Route::Destination(""),
        Route::Webhook(""),
        Route::Feed {
            destination: "",
            file_name: "",
        },
        Route::Health,
    ]
}

fn request_of((method, path, body): &Asked, key: &str) -> Request {
    ask_json(method, path, key, body)
}

#[test]
fn a_key_gets_404_for_everything_of_another_site_as_for_what_is_not_there() {
    let stage = Stage::new();
    let before = stage.stored();
    let mut asked_routes = HashSet::new();
    for route in all_routes() {
        let (expected, theirs) = asked_of(route, "theirs", LEAD_OF_THEIRS);
        let (_, nobodys) = asked_of(route, "nobody", LEAD_OF_NOBODY);
        for (theirs, nobodys) in theirs.iter().zip(&nobodys) {
            for key in &stage.keys {
                let reply = stage.answer(&request_of(theirs, key));
                let code = json_of(&reply)["code"].clone();
                if code == "scope_missing" {
                    continue;
                }
                asked_routes.insert(route.name());
                assert_eq!(reply.status, expected, "{theirs:?} {code}");
                // A new thing of one's own may be made under an id that is free, and only under such a one.
                let makes_its_own = nobodys.0 == "PUT" && nobodys.2["site"] == "ours";
                if !makes_its_own {
                    let same = json_of(&stage.answer(&request_of(nobodys, key)));
                    assert_eq!(
                        (&same["code"], &same["detail"]),
                        (&code, &json_of(&reply)["detail"]),
                        "{nobodys:?}"
                    );
                }
            }
        }
    }
    assert_eq!(asked_routes.len(), all_routes().len() - 2, "{asked_routes:?}");
    // Whoever asks for a lead of nobody's to be forgotten keeps it away from the own site, and that is all.
    let sqlite = stage.database.database();
    sqlite.execute("DELETE FROM tombstones; DELETE FROM erasures");
    assert_eq!(stage.stored(), before);
}

#[test]
fn the_same_questions_of_ones_own_site_are_answered() {
    // Otherwise the 404s above would prove nothing.
    for route in all_routes() {
        let (_, asked) = asked_of(route, "ours", LEAD_OF_OURS);
        for asked in asked.iter().filter(|asked| !asked.1.starts_with("feeds/")) {
            let stage = Stage::new();
            let statuses: Vec<u16> = stage
                .keys
                .iter()
                .map(|key| stage.answer(&request_of(asked, key)).status)
                .collect();
            let answered = |status: &u16| *status < 300 || *status == 409;
            assert!(statuses.iter().any(answered), "{asked:?} {statuses:?}");
        }
    }
}

#[test]
fn a_feed_lets_nobody_in_by_another_sites_password() {
    let stage = Stage::new();
    let made = stage.answer(&ask(
        "PUT",
        "v1/destinations/ours-2",
        ADMIN_TOKEN,
        &feed_of("ours").to_string(),
    ));
    let password = json_of(&made)["feed_password"]
        .as_str()
        .expect("the password")
        .to_owned();
    let fetch = |destination: &str| {
        let request = Request {
            authorization: Some(format!("Basic {}", STANDARD.encode(format!("ads:{password}")))),
            ..ask("GET", &format!("feeds/{destination}/conversions.csv"), "", "")
        };
        stage.answer(&request).status
    };
    assert_eq!(
        (fetch("ours-2"), fetch("ours"), fetch("theirs"), fetch("nobody")),
        (200, 401, 401, 401)
    );
}

#[test]
fn a_refusal_before_a_site_is_named_is_read_by_pages_of_known_origins_alone() {
    let stage = Stage::new();
    for (origin, may_read) in [
        ("https://ours.example", true),
        ("https://theirs.example", true),
        ("https://nobody.example", false),
        ("null", false),
    ] {
        let reply = stage.answer(&post_lead(origin, b"{"));
        assert_eq!(reply.status, 400, "{origin}");
        let allowed = reply.header("Access-Control-Allow-Origin");
        assert_eq!(allowed, may_read.then_some(origin), "{origin}");
    }
}

#[test]
fn pages_of_one_site_cannot_speak_for_another() {
    let stage = Stage::new();
    let before = stage.stored();
    let lead = lead_of("theirs", LEAD_OF_NOBODY).to_string();
    let notice = json!({"v": 1, "site": "theirs", "ad_storage": "denied"}).to_string();
    for request in [
        post_lead("https://ours.example", lead.as_bytes()),
        post_consent("https://ours.example", notice.as_bytes()),
    ] {
        let reply = stage.answer(&request);
        assert_eq!(
            (reply.status, &json_of(&reply)["code"]),
            (403, &json!("origin_not_allowed")),
            "{}",
            request.path
        );
        assert_eq!(reply.header("Access-Control-Allow-Origin"), None);
    }
    assert_eq!(stage.stored(), before);
}

#[test]
fn err_no_page_of_another_origin_changes_anything_even_with_the_admin_token() {
    let stage = Stage::new();
    let before = stage.stored();
    let foreign = [
        (Some("cross-site"), None),
        (Some("same-site"), None),
        (Some("Cross-Site"), None),
        (Some("something-new"), None),
        (None, Some("https://evil.example")),
        (None, Some("null")),
        (None, Some("http://collector.example")),
        (Some("same-origin"), Some("https://evil.example")),
        (Some("cross-site"), Some("https://collector.example")),
    ];
    let own = [
        (None, None),
        (Some("none"), None),
        (Some("same-origin"), Some("https://collector.example")),
    ];
    let mut changing = 0;
    for route in all_routes() {
        let (_, asked) = asked_of(route, "ours", LEAD_OF_OURS);
        for asked in asked.iter().filter(|asked| !matches!(asked.0, "GET" | "HEAD")) {
            changing += 1;
            let from = |(site, origin): (Option<&str>, Option<&str>)| Request {
                sec_fetch_site: site.map(str::to_owned),
                origin: origin.map(str::to_owned),
                own_origin: "https://collector.example".to_owned(),
                ..request_of(asked, ADMIN_TOKEN)
            };
            for sender in foreign {
                let reply = stage.answer(&from(sender));
                assert_eq!(
                    (reply.status, &json_of(&reply)["code"]),
                    (403, &json!("cross_site")),
                    "{asked:?} {sender:?}"
                );
            }
            for sender in own {
                let reply = Stage::new().answer(&from(sender));
                assert_ne!(json_of(&reply)["code"], "cross_site", "{asked:?} {sender:?}");
            }
        }
    }
    assert!(changing >= 12, "only {changing} ways to change something");
    assert_eq!(stage.stored(), before);
}

#[test]
fn answers_for_programs_have_no_cors_headers() {
    let stage = Stage::new();
    for route in all_routes() {
        for asked in asked_of(route, "ours", LEAD_OF_OURS).1 {
            let request = Request {
                origin: Some("https://ours.example".to_owned()),
                own_origin: "https://ours.example".to_owned(),
                ..request_of(&asked, ADMIN_TOKEN)
            };
            let reply = stage.answer(&request);
            let cors = reply
                .headers
                .iter()
                .filter(|(name, _)| name.starts_with("Access-Control"));
            assert_eq!(cors.count(), 0, "{asked:?}");
        }
    }
}
