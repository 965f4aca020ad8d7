//! What the collector answers to a visitor's consent.

use super::*;
use crate::limits::COOKIE_BYTES_MAX;
use crate::timestamp::{DAY_MS, HOUR_MS};
use serde_json::{Value, json};

/// 2026-11-24T00:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_478_400_000)
}

/// A record with a touch of each of these ages in hours.
fn record(ages_hours: &[i64]) -> String {
    let mut text = String::from("1");
    for age in ages_hours {
        text.push('|');
        crate::digits::push_number(
            &mut text,
            now().plus_ms(-age * HOUR_MS).ms().unsigned_abs(),
            36,
            1,
        );
        text.push_str("!!!gclid=Cj0KCQ-");
        text.push_str(&age.to_string().replace('-', "m"));
    }
    text
}

fn grant() -> Value {
    json!({"v": 1, "site": "default", "ad_storage": "granted", "record": record(&[24]), "domain": "", "days": 90})
}

fn with(pointer: &str, value: Value) -> Value {
    let mut body = grant();
    *body.pointer_mut(pointer).expect("a field of the notice") = value;
    body
}

const SAME_HOST: Arrival<'_> = Arrival {
    page_origin: "https://www.example.com",
    own_origin: "https://www.example.com",
    sec_purpose: "",
    sec_gpc: "",
};

fn answer(body: &Value, arrival: Arrival<'_>) -> Result<CookieAnswer, ConsentNoticeRefusal> {
    ReceivedConsentNotice::from_json(body.to_string().as_bytes())?
        .accept(now())?
        .answer(arrival, now())
}

#[test]
fn a_grant_sets_the_record_for_what_remains_of_its_newest_touch() {
    let days = |days: i64| days * DAY_MS / 1_000;
    let table = [
        // Ages of the touches in hours, days that the site keeps, the seconds that remain.
        (vec![24], 90, days(89)),
        (vec![24 * 89, 24 * 10, 12], 90, days(90) - 12 * 3_600),
        // Only a new click renews the cookie, so the same record asked for a day later lives a day less.
        (vec![48], 90, days(88)),
        (vec![0], 400, days(400)),
        // A clock that runs ahead gains nothing.
        (vec![-48], 90, days(90)),
        // The order of the touches in the text is anybody's.
        (vec![1, 24 * 30], 90, days(90) - 3_600),
    ];
    for (ages, keep_days, seconds) in table {
        let mut body = with("/record", json!(record(&ages)));
        body["days"] = json!(keep_days);
        let answer = answer(&body, SAME_HOST).expect("taken");
        assert_eq!(answer.result, CookieResult::Set, "{ages:?}");
        assert_eq!(
            answer.set_cookies,
            [format!(
                "throughline={}; Path=/; SameSite=Lax; Max-Age={seconds}; Secure",
                record(&ages)
            )],
        );
    }
}

#[test]
fn what_the_site_keeps_no_longer_is_dropped_and_an_empty_record_expires_the_cookie() {
    let old_and_new = with("/record", json!(record(&[24 * 91, 24])));
    let answer_to_both = answer(&old_and_new, SAME_HOST).expect("taken");
    assert!(answer_to_both.set_cookies[0].starts_with(&format!("throughline={};", record(&[24]))));

    let only_old = with("/record", json!(record(&[24 * 91])));
    let answer_to_old = answer(&only_old, SAME_HOST).expect("taken");
    assert_eq!(answer_to_old.result, CookieResult::Expired);
    assert!(answer_to_old.set_cookies[0].starts_with("throughline=; "));
}

#[test]
fn what_is_set_is_written_by_the_core_and_never_copied_from_the_body() {
    // A path that the core writes otherwise, an id that it does not know, and a value that would end the attribute.
    let mut text = record(&[1]);
    text.push_str("&evil%3B=x&utm_source=a;%20Domain=evil.example%0d%0aSet-Cookie:%20x=1");
    let answer = answer(&with("/record", json!(text)), SAME_HOST).expect("taken");
    let cookie = &answer.set_cookies[0];
    assert_eq!(cookie.matches("; ").count(), 4, "{cookie}");
    assert!(!cookie.contains("; Domain") && !cookie.contains(['\r', '\n']) && !cookie.contains("evil;"));
}

#[test]
fn the_longest_record_still_fits_a_cookie() {
    let mut text = String::from("1");
    for age in 0..10 {
        text.push_str(record(&[age]).trim_start_matches('1'));
        text.push_str(&"x".repeat(600));
    }
    let answer = answer(&with("/record", json!(text)), SAME_HOST).expect("taken");
    let value = answer.set_cookies[0].split(';').next().expect("the pair");
    assert!(value.len() <= COOKIE_BYTES_MAX, "{}", value.len());
}

#[test]
fn which_hosts_get_a_cookie_and_whether_it_is_secure() {
    let table = [
        ("https://www.example.com", "https://www.example.com", Some(true)),
        ("http://localhost:8787", "http://localhost:8787", Some(false)),
        ("http://localhost:8787", "http://localhost:1", Some(false)),
        ("http://[::1]:8787", "http://[::1]:8787", Some(false)),
        ("http://www.example.com", "https://www.example.com", None),
        ("https://example.com", "https://www.example.com", None),
        ("https://www.example.com", "https://throughline.workers.dev", None),
        ("http://[::1]", "http://[::2]", None),
        ("null", "https://www.example.com", None),
        ("", "", None),
    ];
    for (page_origin, own_origin, is_secure) in table {
        let arrival = Arrival {
            page_origin,
            own_origin,
            ..Arrival::default()
        };
        for body in [
            grant(),
            json!({"v": 1, "site": "default", "ad_storage": "denied"}),
        ] {
            let answer = answer(&body, arrival).expect("taken");
            match is_secure {
                Some(is_secure) => {
                    assert_ne!(answer.result, CookieResult::Ignored, "{page_origin}");
                    assert_eq!(answer.set_cookies[0].ends_with("; Secure"), is_secure);
                }
                None => {
                    assert_eq!(answer.result, CookieResult::Ignored, "{page_origin}");
                    assert_eq!(answer.set_cookies, [""; 0]);
                }
            }
        }
    }
}

#[test]
fn which_domains_a_host_may_set() {
    let table = [
        ("www.example.com", "", true),
        ("www.example.com", "www.example.com", true),
        ("www.example.com", "example.com", true),
        ("a.b.example.com", "example.com", true),
        ("www.example.com", "com", false),
        ("www.example.com", ".example.com", false),
        ("www.example.com", "ample.com", false),
        ("www.example.com", "shop.example.com", false),
        ("www.example.com", "evil.example", false),
        ("www.example.com", "example.com; HttpOnly", false),
        ("www.example.com", "EXAMPLE.com", false),
        ("localhost", "", true),
        ("localhost", "localhost", false),
        ("192.168.0.1", "", true),
        ("192.168.0.1", "192.168.0.1", false),
        ("192.168.0.1", "168.0.1", false),
        ("[::1]", "", true),
        ("[::1]", "::1", false),
    ];
    for (host, domain, may) in table {
        let origin = format!("https://{host}");
        let arrival = Arrival {
            page_origin: &origin,
            own_origin: &origin,
            ..Arrival::default()
        };
        let answer = answer(&with("/domain", json!(domain)), arrival);
        if !may {
            assert_eq!(
                answer,
                Err(ConsentNoticeRefusal::FieldInvalid("/domain")),
                "{host} {domain}"
            );
            continue;
        }
        let cookie = answer.expect("taken").set_cookies.remove(0);
        let expected = if domain.is_empty() {
            String::new()
        } else {
            format!("; Domain={domain}")
        };
        assert!(cookie.ends_with(&format!("{expected}; Secure")), "{cookie}");
    }
}

#[test]
fn a_withdrawal_expires_the_cookie_in_every_scope() {
    let body = json!({"v": 1, "site": "default", "ad_storage": "denied", "domain": "evil.example"});
    let origin = "https://a.b.example.com";
    let arrival = Arrival {
        page_origin: origin,
        own_origin: origin,
        // Neither stands in the way of a withdrawal.
        sec_purpose: "prefetch;prerender",
        sec_gpc: "1",
    };
    let answer = answer(&body, arrival).expect("taken");
    assert_eq!(answer.result, CookieResult::Expired);
    let expired = |domain: &str| format!("throughline=; Path=/; SameSite=Lax; Max-Age=0{domain}; Secure");
    assert_eq!(
        answer.set_cookies,
        [
            "",
            "; Domain=a.b.example.com",
            "; Domain=b.example.com",
            "; Domain=example.com"
        ]
        .map(expired)
    );
}

#[test]
fn a_host_of_very_many_labels_gets_no_endless_answer() {
    let origin = format!("https://{}example.com", "a.".repeat(100));
    let arrival = Arrival {
        page_origin: &origin,
        own_origin: &origin,
        ..Arrival::default()
    };
    let body = json!({"v": 1, "site": "default", "ad_storage": "denied"});
    let cookies = answer(&body, arrival).expect("taken").set_cookies;
    assert_eq!(cookies.len(), 1 + 8);
    assert!(cookies[8].contains("; Domain=example.com;"));
}

#[test]
fn an_opt_out_expires_and_a_page_fetched_ahead_changes_nothing() {
    let table = [
        ("", "1", CookieResult::Expired),
        ("", "0", CookieResult::Set),
        ("prefetch", "", CookieResult::Ignored),
        ("prefetch;prerender", "", CookieResult::Ignored),
        ("prefetch", "1", CookieResult::Expired),
        ("", "", CookieResult::Set),
    ];
    for (sec_purpose, sec_gpc, result) in table {
        let arrival = Arrival {
            sec_purpose,
            sec_gpc,
            ..SAME_HOST
        };
        assert_eq!(
            answer(&grant(), arrival).expect("taken").result,
            result,
            "{sec_purpose} {sec_gpc}"
        );
    }
}

#[test]
fn err_each_rule_by_name() {
    let field = ConsentNoticeRefusal::FieldInvalid;
    let table = [
        ("/v", json!(2), ConsentNoticeRefusal::VersionUnknown),
        ("/v", json!("1"), field("")),
        ("/site", json!(7), field("")),
        ("/ad_storage", json!("yes"), field("/ad_storage")),
        ("/ad_storage", json!(""), field("/ad_storage")),
        ("/ad_storage", json!(true), field("")),
        ("/days", json!(0), field("/days")),
        ("/days", json!(401), field("/days")),
        ("/days", json!(-1), field("")),
        ("/days", json!(70_000), field("")),
        ("/record", json!(""), ConsentNoticeRefusal::RecordInvalid),
        ("/record", json!("1"), ConsentNoticeRefusal::RecordInvalid),
        ("/record", json!("2|x"), ConsentNoticeRefusal::RecordInvalid),
        (
            "/record",
            json!("1|not a touch"),
            ConsentNoticeRefusal::RecordInvalid,
        ),
        ("/record", json!(["1"]), field("")),
    ];
    for (pointer, value, refusal) in table {
        assert_eq!(
            answer(&with(pointer, value), SAME_HOST),
            Err(refusal),
            "{pointer}"
        );
    }
    let of_windows: &[u8] = b"{\"v\":1,\"site\":\"K\xf6ln\"}";
    for text in [b"".as_slice(), b"{", b"record=1", b"[1,]", of_windows] {
        let received = ReceivedConsentNotice::from_json(text).map(|_| ());
        assert_eq!(received, Err(ConsentNoticeRefusal::NotJson), "{text:?}");
    }
}
