//! Bad input against the built Worker: never a 5xx, never a row that should not be there, and health answers within a
//! second after each.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use support::corpora;
use support::runtime::{Answer, Client, Runtime};

use crate::sender::{FROM_CRM, FROM_SCRIPT, ORIGIN, lead, lead_id};

/// How long health may take, whatever came before it.
const HEALTH_MAX: Duration = Duration::from_secs(1);

/// One of so many probes is sent here; `hostile_input.rs` sends them all natively.
const SAMPLE: usize = 10;

/// Header names and values.
type Headers<'a> = Vec<(&'a str, &'a str)>;

/// Where to, with which headers and body, and the status that must come back.
type BadBody<'a> = (&'a str, Headers<'a>, Vec<u8>, u16);

/// Method, path, body, whether pages may read the answer, and further headers.
type OpenRoute<'a> = (&'a str, &'a str, &'a str, bool, Headers<'a>);

/// Asks, and holds the answer to what every answer must be. Then asks after the health.
#[expect(
    clippy::disallowed_methods,
    reason = "tests run natively, where the clock exists"
)]
fn ask_and_live(client: &Client, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let what = || {
        format!(
            "{method} {path} {:?}",
            String::from_utf8_lossy(body.get(..200).unwrap_or(body))
        )
    };
    let answer = client.ask(method, path, headers, body);
    let answer = answer.unwrap_or_else(|error| panic!("no answer ({error}): {}", what()));
    assert!(answer.status < 500, "{}: {}", what(), answer.text());
    if answer.status >= 400 {
        assert_eq!(
            answer.header("Content-Type"),
            "application/problem+json",
            "{}",
            what()
        );
    }
    let since = Instant::now();
    let health = client.ask("GET", "health", &[], &[]).expect("health answers");
    assert_eq!(health.status, 200);
    assert!(
        since.elapsed() < HEALTH_MAX,
        "{:?} after {}",
        since.elapsed(),
        what()
    );
    answer
}

fn rows(runtime: &Runtime) -> (i64, i64) {
    (runtime.rows_in("leads"), runtime.rows_in("outcomes"))
}

pub(crate) fn bodies_of_the_json_test_suite_store_nothing(runtime: &Runtime) {
    let client = Client::of_port(runtime.port());
    let before = rows(runtime);
    let suite = corpora::lines("json/jsontestsuite.jsonl");
    for line in &suite {
        let case: Value = serde_json::from_str(line).expect("a case");
        let body = STANDARD
            .decode(case["b64"].as_str().expect("bytes"))
            .expect("base64");
        if body.is_empty() {
            continue;
        }
        for (path, headers) in [
            ("v1/leads", &FROM_SCRIPT[..]),
            ("v1/outcomes", &FROM_CRM),
            ("v1/consent", &FROM_SCRIPT),
        ] {
            let answer = ask_and_live(&client, "POST", path, headers, &body);
            // Outcomes that can be read as JSON are answered row by row; an empty list is a batch of none.
            let is_batch = path == "v1/outcomes";
            let is_refused = answer.status >= 400 || is_batch && answer.json()["accepted"] == 0;
            assert!(is_refused, "{path} {}: {}", case["name"], answer.text());
            let is_reject = case["expect"] == "reject";
            assert!(
                !is_reject || answer.status >= 400,
                "{path} {}: {}",
                case["name"],
                answer.text()
            );
        }
    }
    assert_eq!(rows(runtime), before);
    println!("{} bodies on three routes", suite.len());
}

pub(crate) fn naughty_strings_and_probes_stay_values(runtime: &Runtime) {
    let client = Client::of_port(runtime.port());
    let texts: Vec<String> = [corpora::naughty_strings(), corpora::sql_probes()]
        .concat()
        .into_iter()
        .step_by(SAMPLE)
        .collect();
    let before = rows(runtime);
    let mut taken = 0;
    for (number, text) in texts.iter().enumerate() {
        let mut lead = lead(&lead_id(&format!("n{number}")));
        lead["form"] = json!({"id": text, "name": text, "action": text});
        lead["page"] = json!(format!("https://www.example.com/{text}"));
        lead["touches"][0]["utm"] = json!({"utm_source": text, "utm_term": text});
        lead["touches"][0]["ids"]["msclkid"] = json!(text);
        lead["consent"]["source"] = json!(text.get(..40).unwrap_or(""));
        let answer = ask_and_live(
            &client,
            "POST",
            "v1/leads",
            &FROM_SCRIPT,
            lead.to_string().as_bytes(),
        );
        assert_eq!(answer.status, 201, "{text:?}: {}", answer.text());
        taken += 1;
        for pointer in ["/site", "/lead_id", "/submitted_at", "/consent/ad_storage"] {
            *lead.pointer_mut(pointer).expect("a field") = json!(text);
            let answer = ask_and_live(
                &client,
                "POST",
                "v1/leads",
                &FROM_SCRIPT,
                lead.to_string().as_bytes(),
            );
            assert!(
                (400..500).contains(&answer.status),
                "{pointer} {text:?}: {}",
                answer.text()
            );
        }
        let outcome = json!({"outcome_id": text, "lead_id": text, "kind": text, "occurred_at": text});
        let answer = ask_and_live(
            &client,
            "POST",
            "v1/outcomes",
            &FROM_CRM,
            outcome.to_string().as_bytes(),
        );
        assert_eq!(answer.json()["accepted"], 0, "{text:?}");
        let segment: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        for path in [
            format!("v1/leads/{segment}"),
            format!("v1/sites/{segment}"),
            format!("v1/outcomes?site={segment}"),
            format!("feeds/{segment}/conversions.csv"),
        ] {
            let _ = ask_and_live(&client, "GET", &path, &FROM_CRM, &[]);
        }
    }
    let (leads, outcomes) = rows(runtime);
    assert_eq!((leads, outcomes), (before.0 + taken, before.1));
    println!("{} strings in every field", texts.len());
}

pub(crate) fn bodies_that_are_too_deep_too_wide_or_compressed_store_nothing(runtime: &Runtime) {
    let client = Client::of_port(runtime.port());
    let before = rows(runtime);
    let brackets = "[".repeat(100_000);
    let nested = format!("{}1{}", "{\"a\":".repeat(5_000), "}".repeat(5_000));
    let wide: serde_json::Map<String, Value> = (0..10_000)
        .map(|number| (format!("k{number}"), json!(number)))
        .collect();
    let wide = Value::Object(wide).to_string();
    let fields = "a=1&".repeat(8_000);
    let many_ids: Value = (0..2_000).map(|_| json!({"outcome_id": "x"})).collect();
    let mut many_params = lead(&lead_id("params"));
    many_params["touches"][0]["params"] = (0..1_000)
        .map(|number| (format!("p{number}"), json!("x")))
        .collect();
    let gzip = [&[0x1f, 0x8b, 8, 0][..], &[0; 60]].concat();
    let script = FROM_SCRIPT.to_vec();
    let crm = FROM_CRM.to_vec();
    let zipped =
        |headers: &[(&'static str, &'static str)]| [headers, &[("Content-Encoding", "gzip")]].concat();
    let form = vec![
        ("Origin", ORIGIN),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    let parts = vec![
        ("Origin", ORIGIN),
        ("Content-Type", "multipart/form-data; boundary=x"),
    ];
    let table: Vec<BadBody<'_>> = vec![
        ("v1/leads", script.clone(), brackets.clone().into_bytes(), 413),
        ("v1/outcomes", crm.clone(), brackets.clone().into_bytes(), 400),
        ("v1/consent", script.clone(), brackets.into_bytes(), 413),
        ("v1/outcomes", crm.clone(), nested.clone().into_bytes(), 200),
        (
            "v1/leads",
            script.clone(),
            nested.into_bytes().repeat(1)[..30_000].to_vec(),
            400,
        ),
        ("v1/leads", script.clone(), wide.clone().into_bytes(), 413),
        (
            "v1/leads",
            script.clone(),
            wide.get(..wide.len().min(32_000)).unwrap_or_default().into(),
            400,
        ),
        (
            "v1/leads",
            script.clone(),
            many_params.to_string().into_bytes(),
            422,
        ),
        ("v1/outcomes", crm.clone(), many_ids.to_string().into_bytes(), 413),
        ("v1/leads", zipped(&script), gzip.clone(), 415),
        ("v1/consent", zipped(&script), gzip.clone(), 415),
        ("v1/outcomes", zipped(&crm), gzip.clone(), 415),
        ("v1/leads", zipped(&form), gzip, 415),
        ("v1/leads", form.clone(), fields.into_bytes(), 403),
        ("v1/leads", form.clone(), vec![b'&'; 32_000], 403),
        ("v1/leads", form, vec![b'='; 33_000], 413),
        ("v1/leads", parts.clone(), b"--x\r\n".repeat(6_000), 400),
        ("v1/leads", parts, b"no part at all".to_vec(), 400),
    ];
    for (path, headers, body, status) in table {
        let start = String::from_utf8_lossy(body.get(..40).unwrap_or(&body)).into_owned();
        let answer = ask_and_live(&client, "POST", path, &headers, &body);
        assert_eq!(answer.status, status, "{path} {start:?}: {}", answer.text());
    }
    assert_eq!(rows(runtime), before);
}

/// Sends bytes as they are, and reads what comes until the other side closes.
fn raw(runtime: &Runtime, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", runtime.port())).expect("a connection");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a time");
    stream.write_all(request.as_bytes()).expect("sent");
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

pub(crate) fn wrong_lengths_and_broken_headers_store_nothing(runtime: &Runtime) {
    let client = Client::of_port(runtime.port());
    let before = rows(runtime);
    let body = lead(&lead_id("length")).to_string();
    let head = |more: &str| {
        format!(
            "POST /throughline/v1/leads HTTP/1.1\r\nHost: localhost:{}\r\nContent-Type: text/plain\r\nConnection: close\r\n\
             {more}\r\n\r\n{body}",
            runtime.port()
        )
    };
    let length = body.len();
    for more in [
        format!("Origin: {ORIGIN}\r\nContent-Length: {}", length + 1),
        format!("Origin: {ORIGIN}\r\nContent-Length: {}", length - 1),
        format!("Origin: {ORIGIN}\r\nContent-Length: -1"),
        format!("Origin: {ORIGIN}\r\nContent-Length: 99999999999999999999"),
        format!("Origin: {ORIGIN}\r\nContent-Length: {length}\r\nContent-Length: 5"),
        format!("Origin: {ORIGIN}\r\nContent-Length: {length}\r\nTransfer-Encoding: chunked"),
        format!("Origin: {ORIGIN}\r\nTransfer-Encoding: chunked"),
        format!("Origin: https://evil.example\r\n {ORIGIN}\r\nContent-Length: {length}"),
        format!("Origin: {ORIGIN}%0d%0aX: y\r\nContent-Length: {length}"),
    ] {
        let answer = raw(runtime, &head(&more));
        assert!(!answer.starts_with("HTTP/1.1 2"), "{more}: {answer}");
        // The local runtime's proxy says 500 where a client goes away; no answer of ours is one.
        let is_ours = answer.to_lowercase().contains(
            "
x-request-id:",
        );
        assert!(!is_ours || !answer.starts_with("HTTP/1.1 5"), "{more}: {answer}");
        assert!(!answer.to_lowercase().contains("\nx: y"), "{answer}");
        let health = ask_and_live(&client, "GET", "health", &[], &[]);
        assert_eq!(health.status, 200);
    }
    assert_eq!(rows(runtime), before);
}

pub(crate) fn a_body_that_does_not_come_is_given_up_and_holds_up_nobody(runtime: &Runtime) {
    let client = Client::of_port(runtime.port());
    let before = rows(runtime);
    let body = lead(&lead_id("slow")).to_string();
    let slow: Vec<TcpStream> = (0..20)
        .map(|_| {
            let mut stream = TcpStream::connect(("127.0.0.1", runtime.port())).expect("a connection");
            let head = format!(
                "POST /throughline/v1/leads HTTP/1.1\r\nHost: localhost:{}\r\nOrigin: {ORIGIN}\r\n\
                 Content-Type: text/plain\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{{",
                runtime.port(),
                body.len()
            );
            stream.write_all(head.as_bytes()).expect("sent");
            stream
        })
        .collect();
    // The others are served while these wait.
    for number in 0..5 {
        let lead = lead(&lead_id(&format!("quick{number}")));
        let answer = ask_and_live(
            &client,
            "POST",
            "v1/leads",
            &FROM_SCRIPT,
            lead.to_string().as_bytes(),
        );
        assert_eq!(answer.status, 201);
    }
    for mut stream in slow {
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("a time");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            answer.starts_with("HTTP/1.1 408") && answer.contains("body_timeout"),
            "{answer}"
        );
    }
    assert_eq!(rows(runtime), (before.0 + 5, before.1));
}

pub(crate) fn twelve_origins_see_exactly_what_is_theirs(runtime: &Runtime) {
    let client = Client::of_port(runtime.port());
    let origins = [
        ("http://localhost:8787", true),
        ("http://localhost", true),
        ("http://localhost:1", true),
        ("http://127.0.0.1:8080", true),
        ("https://localhost:8787", false),
        ("http://LOCALHOST:8787", false),
        ("http://localhost.evil.example", false),
        ("http://evil-localhost:8787", false),
        ("http://localhost:8787@evil.example", false),
        ("http://localhost:8787/", false),
        ("https://evil.example", false),
        ("null", false),
    ];
    for (number, (origin, is_ours)) in origins.into_iter().enumerate() {
        let lead = lead(&lead_id(&format!("cors{number}"))).to_string();
        let withdrawal = r#"{"v":1,"site":"default","ad_storage":"denied"}"#;
        let key = ("Authorization", "Bearer dev-admin-token");
        let routes: [OpenRoute<'_>; 4] = [
            (
                "POST",
                "v1/leads",
                &lead,
                true,
                vec![("Content-Type", "text/plain")],
            ),
            (
                "POST",
                "v1/consent",
                withdrawal,
                true,
                vec![("Content-Type", "text/plain")],
            ),
            (
                "POST",
                "v1/outcomes",
                "[]",
                false,
                vec![("Content-Type", "application/json"), key],
            ),
            ("GET", "health", "", false, Vec::new()),
        ];
        for (method, path, body, is_public, headers) in routes {
            let headers = [headers, vec![("Origin", origin)]].concat();
            let answer = client
                .ask(method, path, &headers, body.as_bytes())
                .expect("an answer");
            let may_read = is_public && is_ours;
            let what = format!("{origin} {path}: {}", answer.text());
            let expected = if may_read { origin } else { "" };
            assert_eq!(answer.header("Access-Control-Allow-Origin"), expected, "{what}");
            assert_eq!(answer.header("Access-Control-Allow-Credentials"), "", "{what}");
            assert_eq!(
                answer.header("Vary"),
                if is_public { "Origin" } else { "" },
                "{what}"
            );
            if is_public {
                assert_eq!(answer.status < 300, is_ours, "{what}");
            }
            let asks = [("Origin", origin), ("Access-Control-Request-Method", method)];
            let preflight = client.ask("OPTIONS", path, &asks, &[]).expect("an answer");
            assert_eq!(
                preflight.header("Access-Control-Allow-Origin"),
                expected,
                "{what}"
            );
            let methods = if may_read { "POST" } else { "" };
            assert_eq!(
                preflight.header("Access-Control-Allow-Methods"),
                methods,
                "{what}"
            );
        }
    }
}
