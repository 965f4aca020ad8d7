//! Nothing of a request gets into the log or into an error: a word that stands in every field and header is found in
//! neither, also while the store fails.

use std::fs::{File, read_to_string};
use std::process::Stdio;

use serde_json::{Value, json};
use support::runtime::{Client, Runtime};

use crate::sender::{ORIGIN, lead, lead_id};

/// In three spellings, because a log might fold or encode it.
const CANARY: &str = "Kanarienvogel";

pub(crate) fn a_word_in_every_field_and_header_is_in_no_log_and_in_no_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log");
    let runtime = Runtime::start_with(
        &folder.path().join("state"),
        &["--log"],
        Stdio::from(File::create(&log).expect("a file")),
    );
    let client = Client::of_port(runtime.port());
    let mut answers = 0;
    let mut send = |method: &str, path: &str, body: &str, more: &[(&str, &str)]| {
        let headers = [&headers()[..], more].concat();
        let answer = client
            .ask(method, path, &headers, body.as_bytes())
            .expect("an answer");
        // Some requests end in the runtime, before the Worker hears of them.
        answers += usize::from(!answer.header("X-Request-Id").is_empty());
        if answer.status >= 400 {
            let said = format!("{:?} {}", answer.headers, answer.text());
            // The one thing that is repeated: an origin of the site's own, to that very origin.
            assert!(!holds_canary(&said), "{method} {path}: {said}");
        }
        answer.status
    };
    let script = [("Origin", ORIGIN), ("Content-Type", "text/plain")];
    let crm = [
        ("Content-Type", "application/json"),
        ("Authorization", "Bearer dev-admin-token"),
    ];
    let form = [
        ("Origin", ORIGIN),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];

    assert_eq!(
        send("POST", "v1/leads", &full_lead("whole").to_string(), &script),
        201
    );
    for pointer in [
        "/site",
        "/lead_id",
        "/submitted_at",
        "/consent/ad_storage",
        "/touches/0/at",
        "/touches/0/cookie",
    ] {
        let mut lead = full_lead("broken");
        *lead.pointer_mut(pointer).expect("a field") = json!(CANARY);
        assert!(
            send("POST", "v1/leads", &lead.to_string(), &script) >= 400,
            "{pointer}"
        );
    }
    let consent =
        json!({"v": 1, "site": "default", "ad_storage": "granted", "record": CANARY, "domain": CANARY});
    assert!(send("POST", "v1/consent", &consent.to_string(), &script) >= 400);
    let fields = format!("gclid={CANARY}&email={CANARY}&redirect=/{CANARY}");
    assert!(send("POST", "v1/leads", &fields, &form) >= 400);
    assert_eq!(
        send("POST", "v1/leads", &format!("{fields}&ad_storage=granted"), &form),
        303
    );
    for body in [
        CANARY,
        &format!("[\"{CANARY}\"]"),
        &format!("{{\"{CANARY}\":1}}"),
        &format!("{{{CANARY}"),
    ] {
        for path in ["v1/leads", "v1/consent"] {
            assert!(send("POST", path, body, &script) >= 400, "{path} {body}");
        }
        let _ = send("POST", "v1/outcomes", body, &crm);
    }
    let outcome = json!({"outcome_id": CANARY, "lead_id": lead_id("canary"), "kind": CANARY,
        "occurred_at": "2026-11-20T14:05:00Z", "value": "1", "currency": "EUR"});
    let _ = send("POST", "v1/outcomes", &outcome.to_string(), &crm);
    let odd_places = [
        ("GET", format!("v1/leads/{CANARY}")),
        ("GET", format!("v1/leads?after={CANARY}&site={CANARY}")),
        ("GET", format!("v1/sites/{CANARY}")),
        ("GET", format!("v1/outcomes/{CANARY}")),
        ("GET", format!("feeds/{CANARY}/{CANARY}.csv?{CANARY}")),
        ("GET", format!("{CANARY}?{CANARY}={CANARY}")),
        ("POST", format!("v1/webhooks/{CANARY}")),
        (CANARY, "v1/leads".to_owned()),
        (CANARY, "health".to_owned()),
    ];
    for (method, path) in &odd_places {
        let _ = send(method, path, "", &[]);
        let _ = send(method, path, "", &crm);
    }

    // SQLite's own messages name what they fail at.
    runtime.execute("ALTER TABLE leads RENAME TO leads_away");
    assert!(send("POST", "v1/leads", &full_lead("failing").to_string(), &script) >= 500);
    runtime.execute("ALTER TABLE leads_away RENAME TO leads");
    runtime.execute(&format!(
        "CREATE TRIGGER failing BEFORE INSERT ON leads BEGIN SELECT RAISE(ABORT, '{CANARY}'); END"
    ));
    assert!(send("POST", "v1/leads", &full_lead("failing").to_string(), &script) >= 500);

    drop(runtime);
    let log = read_to_string(&log).expect("the log");
    let lines: Vec<Value> = log
        .lines()
        .filter_map(json_in)
        .filter(|line| line["request_id"].is_string())
        .collect();
    // The runtime's own line for each request names the path; a deployment has none of these.
    let ours = log.lines().filter(|line| !line.contains("[wrangler:info]"));
    let found: Vec<&str> = ours.filter(|line| holds_canary(line)).collect();
    assert!(found.is_empty(), "{found:#?}");
    assert!(
        lines.len() >= answers,
        "{} lines of {answers} requests:\n{log}",
        lines.len()
    );
    assert!(
        lines
            .iter()
            .any(|line| line["status"] == 201 && line["route"] == "v1/leads")
    );
    assert!(lines.iter().any(|line| line["code"] == "site_unknown"));
    println!("{answers} requests, {} lines, 0 with the word", lines.len());
}

/// The JSON of a line, between whatever colours the runtime gives it.
fn json_in(line: &str) -> Option<Value> {
    serde_json::from_str(line.get(line.find('{')?..=line.rfind('}')?)?).ok()
}

/// Every header that a browser, a proxy or an attacker may send.
fn headers() -> Vec<(&'static str, &'static str)> {
    vec![
        ("User-Agent", CANARY),
        ("Referer", "https://www.example.com/Kanarienvogel?q=Kanarienvogel"),
        ("Cookie", "throughline=Kanarienvogel; Kanarienvogel=1"),
        ("CF-Ray", CANARY),
        ("CF-Connecting-IP", CANARY),
        ("X-Forwarded-For", CANARY),
        ("X-Real-IP", CANARY),
        ("X-Request-Id", CANARY),
        ("Accept-Language", CANARY),
        ("Idempotency-Key", CANARY),
        ("Sec-Purpose", CANARY),
        ("Traceparent", CANARY),
        ("X-Kanarienvogel", CANARY),
    ]
}

fn full_lead(mark: &str) -> Value {
    let mut lead = lead(&lead_id(mark));
    let address = format!("https://www.example.com/{CANARY}");
    lead["page"] = json!(address);
    lead["form"] = json!({"id": CANARY, "name": CANARY, "action": CANARY});
    lead["script"] = json!(CANARY);
    lead["consent"]["source"] = json!(CANARY);
    lead["consent"]["basis"] = json!(CANARY);
    lead["touches"] = json!([{"at": "2026-11-18T09:00:00Z", "landing": address, "referrer": address, "cookie": null,
        "ids": {"gclid": CANARY, "msclkid": CANARY}, "utm": {"utm_source": CANARY, "utm_term": CANARY},
        "params": {"partner": CANARY}}]);
    lead[CANARY] = json!(CANARY);
    lead
}

fn holds_canary(text: &str) -> bool {
    text.to_lowercase().contains(&CANARY.to_lowercase())
}
