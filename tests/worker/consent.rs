//! `POST v1/consent` over HTTP: the headers that a browser gets.

use serde_json::{Value, json};
use support::runtime::{Answer, Runtime};

use crate::sender::{FROM_SCRIPT, ORIGIN, check_problem, tally};

/// Each cookie is a header of its own.
fn cookies(answer: &Answer) -> Vec<&str> {
    let values = answer.headers.get_all("Set-Cookie").iter();
    values.map(|value| value.to_str().expect("a text")).collect()
}

/// The moments of a record are in base 36; this touch is a day old by the runtime's own clock, which is this machine's.
#[allow(
    clippy::disallowed_methods,
    reason = "this program runs natively only, where the clock does not panic"
)]
fn yesterday() -> String {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("a clock");
    let mut rest = now.as_millis() - 86_400_000;
    let mut digits = String::new();
    while rest > 0 {
        let digit = char::from_digit((rest % 36) as u32, 36).expect("a digit");
        digits.insert(0, digit);
        rest /= 36;
    }
    digits
}

fn grant() -> Value {
    let record = format!("1|{}!!!gclid=Cj0KCQ-consent", yesterday());
    json!({"v": 1, "site": "default", "ad_storage": "granted", "record": record, "domain": "", "days": 90})
}

fn with(pointer: &str, value: Value) -> String {
    let mut body = grant();
    *body.pointer_mut(pointer).expect("the field") = value;
    body.to_string()
}

fn send(runtime: &Runtime, headers: &[(&str, &str)], body: &str) -> Answer {
    runtime.ask("POST", "v1/consent", headers, body.as_bytes())
}

pub(crate) fn a_grant_sets_the_record_as_a_cookie_and_stores_nothing(runtime: &Runtime) {
    let before = tally(runtime, "");
    let grant = grant();
    let answer = send(runtime, &FROM_SCRIPT, &grant.to_string());
    assert_eq!(
        (answer.status, answer.json()["result"].as_str()),
        (200, Some("set")),
        "{answer:?}"
    );
    let cookies = cookies(&answer);
    assert_eq!(cookies.len(), 1, "{cookies:?}");
    let (pair, attributes) = cookies[0].split_once("; ").expect("attributes");
    assert_eq!(
        Some(pair.trim_start_matches("throughline=")),
        grant["record"].as_str()
    );
    let max_age = attributes
        .strip_prefix("Path=/; SameSite=Lax; Max-Age=")
        .expect("the attributes");
    let seconds: i64 = max_age
        .parse()
        .expect("no further attribute: http, and no domain");
    let expected = 89 * 86_400;
    assert!((expected - 30..=expected).contains(&seconds), "{seconds}");
    assert_eq!(answer.header("Cache-Control"), "no-store");
    assert_eq!(answer.header("Access-Control-Allow-Origin"), FROM_SCRIPT[0].1);
    assert_eq!(answer.header("Access-Control-Allow-Credentials"), "");
    assert_eq!(tally(runtime, ""), before);
}

pub(crate) fn a_withdrawal_and_an_opt_out_expire_the_cookie(runtime: &Runtime) {
    let withdrawal = json!({"v": 1, "site": "default", "ad_storage": "denied"}).to_string();
    let opted_out = [FROM_SCRIPT.to_vec(), vec![("Sec-GPC", "1")]].concat();
    for (headers, body) in [
        (FROM_SCRIPT.to_vec(), withdrawal),
        (opted_out, grant().to_string()),
    ] {
        let answer = send(runtime, &headers, &body);
        assert_eq!(
            (answer.status, answer.json()["result"].as_str()),
            (200, Some("expired"))
        );
        assert_eq!(
            cookies(&answer),
            ["throughline=; Path=/; SameSite=Lax; Max-Age=0"]
        );
    }
}

pub(crate) fn a_subdomain_withdraws_in_every_scope_each_in_a_header_of_its_own(runtime: &Runtime) {
    // The local runtime takes the page's host from `Host`, as Cloudflare does.
    let host = format!("www.shop.localhost:{}", runtime.port());
    let origin = format!("http://{host}");
    let headers = [
        ("Origin", origin.as_str()),
        ("Host", host.as_str()),
        ("Content-Type", "text/plain"),
    ];
    let withdrawal = json!({"v": 1, "site": "subdomains", "ad_storage": "denied"}).to_string();
    runtime.execute(
        "INSERT INTO sites (site, origins) VALUES ('subdomains', '[\"http://*.localhost:*\"]') \
         ON CONFLICT (site) DO NOTHING",
    );
    let answer = send(runtime, &headers, &withdrawal);
    let expired = |domain: &str| format!("throughline=; Path=/; SameSite=Lax; Max-Age=0{domain}");
    assert_eq!(
        cookies(&answer),
        ["", "; Domain=www.shop.localhost", "; Domain=shop.localhost"].map(expired),
        "{answer:?}"
    );
}

pub(crate) fn a_page_fetched_ahead_or_of_another_host_gets_no_cookie(runtime: &Runtime) {
    let ahead = [FROM_SCRIPT.to_vec(), vec![("Sec-Purpose", "prefetch;prerender")]].concat();
    let other_host = vec![
        ("Origin", "http://127.0.0.1:8787"),
        ("Content-Type", "text/plain"),
    ];
    for headers in [ahead, other_host] {
        let answer = send(runtime, &headers, &grant().to_string());
        let body = answer.json();
        assert_eq!((answer.status, body["result"].as_str()), (200, Some("ignored")));
        assert!(
            body["reason"]
                .as_str()
                .is_some_and(|reason| reason.ends_with('.')),
            "{body}"
        );
        assert_eq!(cookies(&answer), [""; 0]);
    }
}

pub(crate) fn err_every_bad_notice_has_its_code_sets_nothing_and_is_counted(runtime: &Runtime) {
    let script = FROM_SCRIPT.to_vec();
    let from = |origin: &'static str| vec![("Origin", origin), ("Content-Type", "text/plain")];
    let secret = "visitor@example.com";
    let table = [
        (400, "malformed_json", script.clone(), "{".to_owned()),
        (400, "malformed_json", script.clone(), String::new()),
        (422, "field_invalid", script.clone(), "[]".to_owned()),
        (422, "field_invalid", script.clone(), with("/days", json!(401))),
        (422, "field_invalid", script.clone(), with("/days", json!(0))),
        (
            422,
            "field_invalid",
            script.clone(),
            with("/ad_storage", json!("")),
        ),
        (
            422,
            "field_invalid",
            script.clone(),
            with("/domain", json!("localhost")),
        ),
        (
            422,
            "field_invalid",
            script.clone(),
            with("/domain", json!("evil.example")),
        ),
        (422, "version_unknown", script.clone(), with("/v", json!(2))),
        (
            422,
            "record_invalid",
            script.clone(),
            with("/record", json!(format!("1|{secret}"))),
        ),
        (422, "record_invalid", script.clone(), with("/record", json!(""))),
        (
            413,
            "too_large",
            script.clone(),
            with("/record", json!("x".repeat(9_000))),
        ),
        (
            404,
            "site_unknown",
            script.clone(),
            with("/site", json!("nobody")),
        ),
        (
            403,
            "origin_not_allowed",
            from("https://evil.example"),
            grant().to_string(),
        ),
        (403, "origin_not_allowed", from("null"), grant().to_string()),
        (
            403,
            "origin_not_allowed",
            vec![("Content-Type", "text/plain")],
            grant().to_string(),
        ),
        (
            415,
            "media_type",
            vec![script[0], ("Content-Type", "text/html")],
            grant().to_string(),
        ),
        (
            415,
            "content_encoding",
            [script.clone(), vec![("Content-Encoding", "gzip")]].concat(),
            grant().to_string(),
        ),
    ];
    for (status, code, headers, body) in table {
        let before = tally(runtime, code);
        let answer = send(runtime, &headers, &body);
        check_problem(&answer, status, code);
        assert_eq!(cookies(&answer), [""; 0], "{code}");
        assert!(!answer.text().contains(secret));
        assert_eq!(tally(runtime, code).refused, before.refused + 1, "{code}");
    }
    let answer = runtime.ask("GET", "v1/consent", &[], &[]);
    check_problem(&answer, 405, "method_not_allowed");
    assert_eq!(answer.header("Allow"), "POST, OPTIONS");
    for (origin, granted) in [(ORIGIN, "POST"), ("https://evil.example", "")] {
        let answer = runtime.ask("OPTIONS", "v1/consent", &[("Origin", origin)], &[]);
        assert_eq!(answer.header("Access-Control-Allow-Methods"), granted, "{origin}");
        assert_eq!(answer.header("Access-Control-Allow-Credentials"), "");
    }
}
