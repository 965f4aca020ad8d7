//! Settings, reads, erasure and the clock on the real runtime: what random bytes, D1 and the door do to them.

use serde_json::{Value, json};
use support::runtime::{Answer, Runtime};

use crate::sender::{FROM_CRM, check_problem, deal, lead, lead_id, send_lead, send_outcomes};

fn as_admin(runtime: &Runtime, method: &str, path: &str, body: &Value) -> Answer {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    runtime.ask(method, path, &FROM_CRM, body.as_bytes())
}

fn with_key(runtime: &Runtime, method: &str, path: &str, key: &str) -> Answer {
    runtime.ask(method, path, &[("Authorization", &format!("Bearer {key}"))], &[])
}

pub(crate) fn a_site_and_its_keys_are_set_by_api_and_open_nothing_else(runtime: &Runtime) {
    let site =
        json!({"origins": ["https://*.worker.example"], "time_zone": "Europe/Berlin", "retention_days": 30});
    let made = as_admin(runtime, "PUT", "v1/sites/worker", &site);
    assert_eq!(made.status, 201, "{}", made.text());
    let mut keys = Vec::new();
    for id in ["worker-read", "worker-read-2"] {
        let key = json!({"site": "worker", "scopes": ["read"]});
        let made = as_admin(runtime, "PUT", &format!("v1/keys/{id}"), &key);
        assert_eq!(made.status, 201, "{}", made.text());
        keys.push(made.json()["key"].as_str().expect("the key, once").to_owned());
    }
    let secret = |key: &str| key.rsplit_once("read").map(|(_, secret)| secret.len());
    assert!(keys.iter().all(|key| secret(key) >= Some(33)), "{keys:?}");
    let ends: Vec<&str> = keys.iter().map(|key| &key[key.len() - 32..]).collect();
    assert_ne!(ends[0], ends[1], "every secret is fresh");

    let id = lead_id("settings");
    let mut of_worker = lead(&id);
    of_worker["site"] = json!("worker");
    let from_page = [
        ("Origin", "https://shop.worker.example"),
        ("Content-Type", "text/plain"),
    ];
    let sent = runtime.ask("POST", "v1/leads", &from_page, of_worker.to_string().as_bytes());
    assert_eq!(sent.status, 201, "{}", sent.text());

    let list = with_key(runtime, "GET", "v1/leads", &keys[0]);
    assert_eq!(
        (list.status, list.header("Access-Control-Allow-Origin")),
        (200, "")
    );
    assert_eq!(list.json()["leads"][0]["lead_id"], id);
    let ids = |lead: &Value| lead["touches"][0]["ids"].clone();
    assert_eq!(ids(&list.json()["leads"][0]["lead"]), ids(&of_worker));
    let file = with_key(runtime, "GET", "v1/leads.csv", &keys[0]);
    assert_eq!(
        (file.header("Content-Type"), file.header("Throughline-Rows")),
        ("text/csv; charset=utf-8", "1")
    );
    assert!(file.text().contains(&id));
    assert_eq!(
        with_key(runtime, "HEAD", "v1/leads.csv", &keys[0]).header("Throughline-Rows"),
        "1"
    );

    // The other site's lead, list and settings.
    let theirs = lead_id("theirs");
    assert_eq!(send_lead(runtime, &lead(&theirs)).status, 201);
    check_problem(
        &with_key(runtime, "GET", &format!("v1/leads/{theirs}"), &keys[0]),
        404,
        "not_found",
    );
    check_problem(
        &with_key(runtime, "GET", "v1/leads?site=default", &keys[0]),
        404,
        "site_unknown",
    );
    check_problem(
        &with_key(runtime, "GET", "v1/sites/worker", &keys[0]),
        403,
        "scope_missing",
    );
    assert_eq!(
        as_admin(runtime, "DELETE", "v1/keys/worker-read", &Value::Null).status,
        204
    );
    check_problem(
        &with_key(runtime, "GET", "v1/leads", &keys[0]),
        401,
        "token_invalid",
    );
    assert_eq!(with_key(runtime, "GET", "v1/leads", &keys[1]).status, 200);
    check_problem(
        &as_admin(runtime, "DELETE", "v1/sites/worker", &Value::Null),
        409,
        "site_in_use",
    );
}

pub(crate) fn err_a_page_of_another_origin_changes_no_setting(runtime: &Runtime) {
    let site = json!({"origins": ["https://evil.example"]}).to_string();
    for foreign in [
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ] {
        let headers = [FROM_CRM.to_vec(), vec![foreign]].concat();
        for (method, path) in [
            ("PUT", "v1/sites/default"),
            ("DELETE", "v1/sites/default"),
            ("POST", "v1/erasures"),
        ] {
            let answer = runtime.ask(method, path, &headers, site.as_bytes());
            check_problem(&answer, 403, "cross_site");
        }
    }
    let own = [FROM_CRM.to_vec(), vec![("Sec-Fetch-Site", "same-origin")]].concat();
    assert_eq!(runtime.ask("GET", "v1/sites/default", &own, &[]).status, 200);
}

pub(crate) fn a_person_who_was_forgotten_stays_forgotten(runtime: &Runtime) {
    let (id, other) = (lead_id("forget"), lead_id("remember"));
    for id in [&id, &other] {
        assert_eq!(send_lead(runtime, &lead(id)).status, 201);
        let won = deal(&format!("won-{id}"), id);
        assert_eq!(send_outcomes(runtime, &won).json()["accepted"], 1);
    }
    let ask = json!({"lead_id": id});
    let shown = as_admin(runtime, "POST", "v1/access", &ask).json();
    assert_eq!(
        (&shown["leads"][0]["lead_id"], &shown["outcomes"][0]["outcome_id"]),
        (&json!(id), &json!(format!("won-{id}")))
    );
    let receipt = as_admin(runtime, "POST", "v1/erasures", &ask);
    assert_eq!(receipt.status, 200, "{}", receipt.text());
    let receipt = receipt.json();
    assert_eq!(
        (&receipt["leads"], &receipt["outcomes"], &receipt["is_complete"]),
        (&json!(1), &json!(1), &json!(true))
    );
    check_problem(&as_admin(runtime, "POST", "v1/access", &ask), 404, "not_found");
    // The browser's queue sends it once more.
    check_problem(&send_lead(runtime, &lead(&id)), 410, "lead_erased");
    assert_eq!(send_lead(runtime, &lead(&other)).status, 200, "the other stays");
}

pub(crate) fn the_clock_sweeps_the_outbox_and_health_says_so(runtime: &Runtime) {
    let id = lead_id("sweep");
    assert_eq!(send_lead(runtime, &lead(&id)).status, 201);
    runtime.execute(&format!(
        "UPDATE lead_arrivals SET finders = '[]' WHERE lead_id = '{id}'"
    ));
    runtime.strike_clock();
    let health = runtime.ask("GET", "health", &[], &[]).json();
    assert!(
        health["swept_at"].is_string() && health["purged_at"].is_string(),
        "{health}"
    );
    let finders = runtime.row(&format!(
        "SELECT finders FROM lead_arrivals WHERE lead_id = '{id}'"
    ));
    assert_ne!(finders, ["[]"]);
}
