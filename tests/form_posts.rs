//! Plain HTML forms that post straight to the collector: stored, and the visitor is sent on within the same site.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::path::PathBuf;

use attribution::timestamp::Timestamp;
use collector::reply::Reply;
use collector::request::{Body, Request};
use serde_json::Value;
use support::failing_database::{FailingDatabase, Fault};
use support::native_collector::{NativeCollector, post_lead};
use support::sqlite_database::SqliteDatabase;

const ORIGIN: &str = "http://localhost:8787";
const PAGE: &str = "http://localhost:8787/contact?email=ann@example.com";

/// 2026-11-23T12:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
}

/// What a browser sends for a form of these fields.
fn urlencoded(fields: &[(&str, &str)]) -> Request {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    form("application/x-www-form-urlencoded", body.into_bytes())
}

fn form(content_type: &str, body: Vec<u8>) -> Request {
    Request {
        content_type: Some(content_type.to_owned()),
        referer: Some(PAGE.to_owned()),
        random: Some([7; 24]),
        ..post_lead(ORIGIN, &body)
    }
}

fn multipart(fields: &[(&str, &str)]) -> Request {
    let part = |(name, value): &(&str, &str)| {
        format!("--xYzZY\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let file = "--xYzZY\r\nContent-Disposition: form-data; name=\"utm_term\"; filename=\"cv.pdf\"\r\n\
        Content-Type: application/pdf\r\n\r\n%PDF-secret\r\n";
    let parts: String = fields.iter().map(part).collect();
    let body = format!("{file}{parts}--xYzZY--\r\n");
    form("multipart/form-data; boundary=xYzZY", body.into_bytes())
}

/// The answer, the leads that are stored then, and how often anything was refused.
fn answer(request: &Request) -> (Reply, Vec<Value>, Vec<Vec<String>>) {
    let database = FailingDatabase::new(SqliteDatabase::of_development());
    let reply = NativeCollector::new(&database).answer(request, now());
    let sqlite = database.database();
    let leads = sqlite.texts("SELECT lead FROM leads");
    let leads = leads
        .iter()
        .map(|row| serde_json::from_str(&row[0]).expect("JSON"))
        .collect();
    (reply, leads, sqlite.texts("SELECT code FROM refused_counts"))
}

#[test]
fn a_form_is_stored_however_a_browser_encodes_it_and_without_what_is_not_ours() {
    let fields = [
        ("name", "Ann Lee"),
        ("email", "ann@example.com"),
        ("message", "Call me: +49 170 1234567"),
        ("gclid", "Cj0KCQ-_"),
        ("utm_campaign", "Frühling & Söhne"),
        ("ad_storage", "granted"),
        ("redirect", "/thanks?from=form"),
    ];
    for request in [urlencoded(&fields), multipart(&fields)] {
        let (reply, leads, refused) = answer(&request);
        assert_eq!(reply.status, 303, "{reply:?}");
        assert_eq!(
            reply.header("Location"),
            Some("http://localhost:8787/thanks?from=form")
        );
        assert_eq!(reply.header("Cache-Control"), Some("no-store"));
        assert_eq!(reply.header("Set-Cookie"), None);
        assert!(refused.is_empty(), "{refused:?}");
        let [lead] = leads.as_slice() else {
            panic!("one lead: {leads:?}")
        };
        assert_eq!(lead["touches"][0]["ids"]["gclid"], "Cj0KCQ-_");
        assert_eq!(lead["touches"][0]["utm"]["utm_campaign"], "Frühling & Söhne");
        assert_eq!(lead["page"], "http://localhost:8787/contact");
        assert_eq!(lead["consent"]["source"], "form");
        let text = lead.to_string();
        for secret in ["Ann", "ann@", "1701234567", "170 1234567", "PDF", "message"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
}

#[test]
fn a_form_with_a_lead_id_is_stored_once_and_always_sent_on() {
    let database = FailingDatabase::new(SqliteDatabase::of_development());
    let collector = NativeCollector::new(&database);
    let request = urlencoded(&[("ad_storage", "granted"), ("lead_id", "7k3m9qxa2f4hjk5nr")]);
    for later_ms in [0, 5_000] {
        let reply = collector.answer(&request, now().plus_ms(later_ms));
        assert_eq!(
            (reply.status, reply.header("Location")),
            (303, Some("http://localhost:8787/contact"))
        );
    }
    assert_eq!(database.database().rows_in("leads"), 1);
    assert_eq!(database.database().rows_in("refused_counts"), 0);
}

#[test]
fn a_filled_trap_is_kept_and_marked_and_the_robot_learns_nothing() {
    let database = FailingDatabase::new(SqliteDatabase::of_development());
    let collector = NativeCollector::new(&database);
    let request = urlencoded(&[
        ("ad_storage", "granted"),
        ("website_confirm", "https://spam.example"),
    ]);
    assert_eq!(collector.answer(&request, now()).status, 303);
    assert_eq!(
        database.database().texts("SELECT suspicion FROM leads"),
        [["honeypot_filled"]]
    );
}

#[test]
fn err_what_is_refused_says_why_and_stores_nothing() {
    let granted = ("ad_storage", "granted");
    let with = |request: Request, change: fn(&mut Request)| {
        let mut request = request;
        change(&mut request);
        request
    };
    let good = || urlencoded(&[granted]);
    let table = [
        (urlencoded(&[("gclid", "x")]), 403, "consent_missing"),
        (urlencoded(&[("ad_storage", "on")]), 403, "consent_missing"),
        (
            with(good(), |it| it.sec_gpc = Some("1".to_owned())),
            403,
            "opted_out",
        ),
        (urlencoded(&[granted, ("site", "nobody")]), 404, "site_unknown"),
        (
            urlencoded(&[granted, ("lead_id", "7K3M9QXA2F4HJK5NS")]),
            422,
            "lead_id_check_failed",
        ),
        (
            with(good(), |it| it.origin = Some("https://evil.example".to_owned())),
            403,
            "origin_not_allowed",
        ),
        (
            with(good(), |it| it.origin = Some("null".to_owned())),
            403,
            "origin_not_allowed",
        ),
        (
            with(good(), |it| {
                it.origin = None;
                it.referer = Some("https://evil.example/http://localhost:8787/".to_owned());
            }),
            403,
            "origin_not_allowed",
        ),
        (
            with(good(), |it| {
                it.origin = None;
                it.referer = None;
            }),
            403,
            "origin_not_allowed",
        ),
        (with(good(), |it| it.body = Body::TooLarge), 413, "too_large"),
        (with(good(), |it| it.body = Body::Cut), 400, "body_cut"),
        (
            with(good(), |it| it.content_encoding = Some("gzip".to_owned())),
            415,
            "content_encoding",
        ),
        (with(good(), |it| it.random = None), 503, "no_randomness"),
        (
            form("multipart/form-data", b"ad_storage=granted".to_vec()),
            400,
            "form_unreadable",
        ),
        (
            form("multipart/form-data; boundary=x", b"ad_storage=granted".to_vec()),
            400,
            "form_unreadable",
        ),
        (
            form("multipart/form-data; boundary=x", b"--x\r\n\r\n".to_vec()),
            400,
            "form_unreadable",
        ),
        (
            form("application/x-www-form-urlencoded", vec![0xff, b'=', 0xfe]),
            403,
            "consent_missing",
        ),
    ];
    for (request, status, code) in table {
        let (reply, leads, refused) = answer(&request);
        let body: Value = serde_json::from_slice(&reply.body).expect("JSON");
        assert_eq!(
            (reply.status, body["code"].as_str()),
            (status, Some(code)),
            "{body}"
        );
        assert_eq!(reply.header("Location"), None);
        assert!(leads.is_empty(), "{code}: {leads:?}");
        assert_eq!(refused, [[code]]);
    }
}

#[test]
fn a_page_that_hides_its_origin_is_known_by_its_address() {
    let request = Request {
        origin: None,
        ..urlencoded(&[("ad_storage", "granted")])
    };
    let (reply, leads, _) = answer(&request);
    assert_eq!((reply.status, leads.len()), (303, 1));
    assert_eq!(reply.header("Location"), Some("http://localhost:8787/contact"));
}

#[test]
fn a_form_is_not_sent_on_before_it_is_stored() {
    let database = FailingDatabase::new(SqliteDatabase::of_development());
    database.fault.set(Fault::BeforeCommit);
    let reply = NativeCollector::new(&database).answer(&urlencoded(&[("ad_storage", "granted")]), now());
    assert_eq!((reply.status, reply.header("Location")), (503, None));
}

#[test]
fn a_thousand_fields_and_ten_times_as_many_are_read_as_well() {
    for count in [1_000, 4_000] {
        let many: String = (0..count).map(|number| format!("f{number}=&")).collect();
        let body = format!("{many}gclid=Cj0KCQ&ad_storage=granted");
        let (reply, leads, _) = answer(&form("application/x-www-form-urlencoded", body.into_bytes()));
        assert_eq!((reply.status, leads.len()), (303, 1));
        assert_eq!(leads[0]["touches"][0]["ids"]["gclid"], "Cj0KCQ");
    }
}

/// Every payload of the corpus of open redirects, as the form's own field and as the address of its page.
#[test]
fn no_payload_leads_to_another_host() {
    let Some(folder) = std::env::var_os("THROUGHLINE_CORPORA").map(PathBuf::from) else {
        println!("THROUGHLINE_CORPORA is not set, so no open redirects are tried");
        return;
    };
    let files = [
        "urls/patt-Open-Redirect-payloads.txt",
        "urls/patt-openredirects.txt",
        "strings/fuzzdb-crlf-injection.txt",
    ];
    let texts = files.map(|file| std::fs::read_to_string(folder.join(file)).expect("a list"));
    let payloads: Vec<&str> = texts.iter().flat_map(|text| text.lines()).collect();
    assert!(payloads.len() > 300, "{}", payloads.len());
    let database = FailingDatabase::new(SqliteDatabase::of_development());
    let collector = NativeCollector::new(&database);
    for payload in &payloads {
        let decoded = form_urlencoded::parse(format!("x={payload}").as_bytes())
            .next()
            .map(|(_, value)| value.into_owned());
        for redirect in [*payload, decoded.as_deref().unwrap_or_default()] {
            let as_field = urlencoded(&[("ad_storage", "granted"), ("redirect", redirect)]);
            let as_page = Request {
                referer: Some(redirect.to_owned()),
                ..urlencoded(&[("ad_storage", "granted")])
            };
            for request in [as_field, as_page] {
                let reply = collector.answer(&request, now());
                let location = reply.header("Location").expect("a next page");
                assert!(
                    location.starts_with("http://localhost:8787/"),
                    "{redirect:?} leads to {location}"
                );
                assert!(
                    location.bytes().all(|byte| byte.is_ascii_graphic()),
                    "{location:?}"
                );
            }
        }
    }
    println!("{} payloads, 0 to another host", payloads.len());
}
