//! `POST v1/leads` over HTTP.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use serde_json::{Value, json};
use support::runtime::Runtime;

use crate::sender::{FROM_SCRIPT, ORIGIN, Tally, check_problem, lead, lead_id, send_lead, tally};

pub(crate) fn a_new_lead_is_stored_once_however_often_it_is_sent(runtime: &Runtime) {
    let before = runtime.rows_in("leads");
    let id = lead_id("once");
    let first = send_lead(runtime, &lead(&id));
    assert_eq!(
        (first.status, first.json()),
        (201, json!({"lead_id": id, "result": "accepted"}))
    );
    assert_eq!(first.header("Content-Type"), "application/json");
    // The same lead again, as another tab or the next visit would send it; names in another order are no other content.
    let as_json = [("Origin", ORIGIN), ("Content-Type", "application/json")];
    let again = runtime.ask("POST", "v1/leads", &as_json, lead(&id).to_string().as_bytes());
    assert_eq!(
        (again.status, again.json()),
        (200, json!({"lead_id": id, "result": "repeated"}))
    );
    let mut by_a_person = lead(&id);
    by_a_person["lead_id"] = json!(id.to_lowercase());
    assert_eq!(send_lead(runtime, &by_a_person).status, 200);
    assert_eq!(runtime.rows_in("leads"), before + 1);
}

pub(crate) fn another_lead_of_the_same_id_is_refused_and_the_first_stays(runtime: &Runtime) {
    let id = lead_id("reused");
    assert_eq!(send_lead(runtime, &lead(&id)).status, 201);
    let before = tally(runtime, "lead_id_reused");
    let mut other = lead(&id);
    other["touches"][0]["ids"]["gclid"] = json!("Cj0KCQ-another");
    check_problem(&send_lead(runtime, &other), 409, "lead_id_reused");
    assert_eq!(send_lead(runtime, &lead(&id)).status, 200, "the first stays");
    assert_eq!(
        tally(runtime, "lead_id_reused"),
        Tally {
            refused: before.refused + 1,
            ..before
        }
    );
}

pub(crate) fn a_lead_is_stored_with_its_channels_and_the_browser_that_sent_it(runtime: &Runtime) {
    let touch = |at: &str, ids: Value, utm: Value, referrer: &str| json!({"at": at, "landing": "https://www.example.com/lp", "referrer": referrer, "ids": ids, "utm": utm});
    let google = touch("2026-11-10T09:00:00Z", json!({"gclid": "Cj0KCQ"}), json!({}), "");
    let chatgpt = touch(
        "2026-11-17T09:00:00Z",
        json!({}),
        json!({}),
        "https://chatgpt.com/",
    );
    let newsletter = json!({"utm_source": "newsletter", "utm_medium": "email"});
    let newsletter = touch("2026-11-12T09:00:00Z", json!({}), newsletter, "");
    let table = [
        ("none", json!([]), "Direct", "Direct", ""),
        (
            "one",
            json!([google]),
            "Paid (Google, unspecified)",
            "Paid (Google, unspecified)",
            "Browser/1",
        ),
        // In whatever order they are sent, the newest is the last.
        (
            "three",
            json!([chatgpt, google, newsletter]),
            "AI Assistant",
            "Paid (Google, unspecified)",
            "Browser/1",
        ),
    ];
    for (mark, touches, channel, first_channel, user_agent) in table {
        let id = lead_id(mark);
        let mut lead = lead(&id);
        lead["touches"] = touches;
        let headers = [FROM_SCRIPT.to_vec(), vec![("User-Agent", user_agent)]].concat();
        let answer = runtime.ask("POST", "v1/leads", &headers, lead.to_string().as_bytes());
        assert_eq!(answer.status, 201, "{}", answer.text());
        let row = runtime.row(&format!(
            "SELECT channel, first_channel, user_agent, channel_reason FROM leads WHERE lead_id = '{id}'"
        ));
        assert_eq!(row[..3], [channel, first_channel, user_agent], "{mark}");
        assert!(row[3].ends_with('.'), "{row:?}");
    }
    // Another sender may repeat a lead; it is still the same, and the first sender stays.
    let id = lead_id("three");
    let repeated = [FROM_SCRIPT.to_vec(), vec![("User-Agent", "Other/2")]].concat();
    let mut again = lead(&id);
    again["touches"] = json!([chatgpt, google, newsletter]);
    let answer = runtime.ask("POST", "v1/leads", &repeated, again.to_string().as_bytes());
    assert_eq!(answer.status, 200);
    let row = runtime.row(&format!("SELECT user_agent FROM leads WHERE lead_id = '{id}'"));
    assert_eq!(row, ["Browser/1"]);
}

/// A lead with one field changed.
fn lead_with(pointer: &str, value: Value) -> String {
    let mut lead = lead(&lead_id("bad"));
    *lead.pointer_mut(pointer).expect("the field") = value;
    lead.to_string()
}

/// What is wrong, the status and code that say so, and the request.
type BadLead<'a> = (&'a str, u16, &'a str, Vec<(&'a str, &'a str)>, String);

pub(crate) fn err_every_bad_lead_has_its_code_stores_nothing_and_is_counted(runtime: &Runtime) {
    let good = lead(&lead_id("bad")).to_string();
    let origin = |value: &'static str| vec![("Origin", value), ("Content-Type", "text/plain")];
    let typed = |value: &'static str| vec![("Origin", ORIGIN), ("Content-Type", value)];
    let script = FROM_SCRIPT.to_vec();
    let zipped = [script.clone(), vec![("Content-Encoding", "gzip")]].concat();
    let deep = format!("{}{}", "[".repeat(16_000), "]".repeat(16_000));
    let large = lead_with(
        "/page",
        json!(format!("https://www.example.com/{}", "p".repeat(33_000))),
    );
    let table: Vec<BadLead<'_>> = vec![
        (
            "no JSON",
            400,
            "malformed_json",
            script.clone(),
            "lead_id=1".to_owned(),
        ),
        (
            "half of it",
            400,
            "malformed_json",
            script.clone(),
            good[..40].to_owned(),
        ),
        ("nested too deep", 422, "field_invalid", script.clone(), deep),
        ("an array", 422, "field_invalid", script.clone(), "[]".to_owned()),
        (
            "a time without an offset",
            422,
            "field_invalid",
            script.clone(),
            lead_with("/submitted_at", json!("2026-11-18T09:10:00")),
        ),
        (
            "too many touches",
            422,
            "field_invalid",
            script.clone(),
            lead_with(
                "/touches",
                json!(vec![json!({"at": "2026-11-18T09:00:00Z"}); 200]),
            ),
        ),
        ("too large", 413, "too_large", script.clone(), large),
        (
            "a foreign media type",
            415,
            "media_type",
            typed("application/xml"),
            good.clone(),
        ),
        (
            "no media type",
            415,
            "media_type",
            vec![("Origin", ORIGIN)],
            good.clone(),
        ),
        ("compressed", 415, "content_encoding", zipped, good.clone()),
        (
            "an unknown site",
            404,
            "site_unknown",
            script.clone(),
            lead_with("/site", json!("nobody")),
        ),
        (
            "a foreign origin",
            403,
            "origin_not_allowed",
            origin("https://evil.example"),
            good.clone(),
        ),
        (
            "a look-alike origin",
            403,
            "origin_not_allowed",
            origin("http://localhost.evil.example"),
            good.clone(),
        ),
        (
            "a sandboxed frame",
            403,
            "origin_not_allowed",
            origin("null"),
            good.clone(),
        ),
        (
            "no origin",
            403,
            "origin_not_allowed",
            vec![("Content-Type", "text/plain")],
            good.clone(),
        ),
        (
            "another version",
            422,
            "version_unknown",
            script.clone(),
            lead_with("/v", json!(2)),
        ),
        (
            "a cut lead_id",
            422,
            "lead_id_invalid",
            script.clone(),
            lead_with("/lead_id", json!("7K3M9QXA2F4HJK5N")),
        ),
        (
            "a lead_id copied wrongly",
            422,
            "lead_id_check_failed",
            script.clone(),
            lead_with("/lead_id", json!("7K3M9QXA2F4HJK5NS")),
        ),
        (
            "consent refused",
            403,
            "consent_missing",
            script.clone(),
            lead_with("/consent/ad_storage", json!("denied")),
        ),
        (
            "consent unanswered",
            403,
            "consent_missing",
            script,
            lead_with("/consent", json!({})),
        ),
    ];
    for (what, status, code, headers, body) in table {
        let before = tally(runtime, code);
        let answer = runtime.ask("POST", "v1/leads", &headers, body.as_bytes());
        check_problem(&answer, status, code);
        assert_eq!(
            tally(runtime, code),
            Tally {
                refused: before.refused + 1,
                ..before
            },
            "{what}"
        );
    }
    let before = tally(runtime, "method_not_allowed");
    let answer = runtime.ask("PUT", "v1/leads", &[], &[]);
    check_problem(&answer, 405, "method_not_allowed");
    assert_eq!(answer.header("Allow"), "GET, HEAD, POST, OPTIONS");
    assert_eq!(tally(runtime, "method_not_allowed").refused, before.refused + 1);
}

pub(crate) fn err_a_body_that_ends_early_stores_nothing(runtime: &Runtime) {
    let before = runtime.rows_in("leads");
    let body = lead(&lead_id("early")).to_string();
    let mut stream = TcpStream::connect(("127.0.0.1", runtime.port())).expect("a connection");
    let head = format!(
        "POST /throughline/v1/leads HTTP/1.1\r\nHost: localhost:{}\r\nOrigin: {ORIGIN}\r\nContent-Type: text/plain\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        runtime.port(),
        body.len() + 10
    );
    stream.write_all(head.as_bytes()).expect("sent");
    stream.shutdown(Shutdown::Write).expect("half closed");
    let mut answer = Vec::new();
    // The runtime may answer or just close; it must not take the lead.
    let _ = stream.read_to_end(&mut answer);
    assert!(
        !answer.starts_with(b"HTTP/1.1 2"),
        "{}",
        String::from_utf8_lossy(&answer)
    );
    assert_eq!(runtime.ask("GET", "health", &[], &[]).status, 200);
    assert_eq!(runtime.rows_in("leads"), before);
}

pub(crate) fn pages_of_the_site_may_read_the_answer_and_no_others(runtime: &Runtime) {
    let good = lead(&lead_id("cors")).to_string();
    let unknown_site = lead_with("/site", json!("nobody"));
    let table = [
        ("http://localhost:8787", &good, true),
        ("http://localhost:1", &good, true),
        ("http://127.0.0.1:8080", &good, true),
        ("https://localhost:8787", &good, false),
        ("https://evil.example", &good, false),
        ("null", &good, false),
        // Refusals before the site is known may be read by pages of any of our sites.
        ("http://localhost:8787", &unknown_site, true),
        ("https://evil.example", &unknown_site, false),
    ];
    for (origin, body, may_read) in table {
        let headers = [("Origin", origin), ("Content-Type", "text/plain")];
        let answer = runtime.ask("POST", "v1/leads", &headers, body.as_bytes());
        let expected = if may_read { origin } else { "" };
        assert_eq!(answer.header("Access-Control-Allow-Origin"), expected, "{origin}");
        assert_eq!(answer.header("Vary"), "Origin");
        assert_eq!(answer.header("Access-Control-Allow-Credentials"), "");
    }
}

pub(crate) fn a_preflight_is_granted_to_pages_of_a_site_only(runtime: &Runtime) {
    for (origin, granted) in [(ORIGIN, "POST"), ("https://evil.example", ""), ("null", "")] {
        let headers = [("Origin", origin), ("Access-Control-Request-Method", "POST")];
        let answer = runtime.ask("OPTIONS", "v1/leads", &headers, &[]);
        assert_eq!(
            (answer.status, answer.header("Access-Control-Allow-Methods")),
            (204, granted),
            "{origin}"
        );
    }
    // The outcomes are no business of any page.
    let answer = runtime.ask("OPTIONS", "v1/outcomes", &[("Origin", ORIGIN)], &[]);
    assert_eq!(
        (answer.status, answer.header("Access-Control-Allow-Origin")),
        (405, "")
    );
}
