use super::*;
use crate::timestamp::DAY_MS;
use crate::touch::Touch;
use crate::visit_record::tests::{permitted, record};

/// A day after the last touch of any record here.
const NOW: Timestamp = Timestamp::EPOCH;

fn later(ms: i64) -> Timestamp {
    NOW.plus_ms(9 * DAY_MS + ms)
}

fn token(queries: &[&str]) -> String {
    permitted(record(queries)).hand_over(later(0))
}

#[test]
fn what_is_handed_over_is_read_back() {
    let queries = [
        "utm_source=news",
        "gclid=Cj0KCQ-_&gad_source=1&utm_campaign=a%7E%25%2B",
        "fbclid=IwAR",
    ];
    let token = token(&queries);
    assert!(token.len() <= HAND_OVER_BYTES_MAX);
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~*".contains(&byte);
    assert!(token.bytes().all(is_unreserved), "{token}");
    assert_eq!(open(&token, later(0)), Ok(record(&queries)));
}

#[test]
fn the_text_of_the_link_is_a_promise() {
    assert_eq!(
        token(&["gclid=Cj0KCQ-_"]),
        "cuyo00.sroyq8.1~7C0~21https~253A~252F~252Fwww.example.com~252Flp~21https~253A~252F~252Fwww.google.com~252F~21gclid~3DCj0KCQ-_"
    );
}

#[test]
fn a_link_is_good_for_two_minutes() {
    let token = token(&["gclid=1"]);
    for (ms, expected) in [
        (0, Ok(())),
        (120_000, Ok(())),
        (120_001, Err(HandOverRefusal::OutOfTime)),
        (DAY_MS, Err(HandOverRefusal::OutOfTime)),
        (-10_000, Ok(())),
        (-10_001, Err(HandOverRefusal::OutOfTime)),
    ] {
        assert_eq!(open(&token, later(ms)).map(|_| ()), expected, "{ms}");
    }
}

#[test]
fn err_no_single_wrong_character_makes_another_record() {
    let queries = ["gclid=Cj0KCQ-_&utm_source=google"];
    let token = token(&queries);
    for place in 0..token.len() {
        for wrong in ["", "x", "7", "%", "é", ".", "~"] {
            let damaged = [&token[..place], wrong, &token[place + 1..]].concat();
            let opened = open(&damaged, later(0));
            assert!(opened.is_err() || opened == Ok(record(&queries)), "{damaged}");
        }
        assert!(open(&token[..place], later(0)).is_err());
    }
    for text in [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "~.~.~",
        "0.0.1",
        &"x".repeat(4_000),
    ] {
        assert_eq!(open(text, later(0)), Err(HandOverRefusal::Damaged), "{text}");
    }
}

/// A text that somebody else made, with the right checksum.
fn forged(record: &str) -> String {
    let mut time = String::new();
    push_number(&mut time, later(0).ms().unsigned_abs(), 36, 1);
    let mut text = time.clone();
    text.push('.');
    push_number(&mut text, checksum(&time, record), 36, 1);
    text.push('.');
    escape(&mut text, record);
    text
}

#[test]
fn err_a_forged_record_is_no_better_than_a_forged_cookie() {
    for record in [
        "",
        "1",
        "2|0!!!gclid=1",
        "1|0!!!gclid=1!_no;body",
        "1|zzzzzzzz!!!gclid=1",
        "<script>",
    ] {
        assert_eq!(
            open(&forged(record), later(0)),
            Err(HandOverRefusal::Damaged),
            "{record}"
        );
    }
    assert!(open(&forged("1|0!!!gclid=1"), later(0)).is_ok());
}

#[test]
fn a_long_record_hands_over_what_is_worth_most() {
    let long = "%C3%A9".repeat(200);
    let queries: Vec<String> = (0..8)
        .map(|number| format!("gclid=click{number}&utm_campaign={number}{long}&utm_term={long}"))
        .collect();
    let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
    let token = token(&queries);
    assert!(token.len() <= HAND_OVER_BYTES_MAX);
    let opened = open(&token, later(0)).expect("readable");
    let gclid = opened
        .click("google")
        .and_then(|touch| touch.landing.value("gclid"));
    assert_eq!(gclid, Some("click7"));
}

#[test]
fn nothing_to_hand_over_is_no_token() {
    assert_eq!(permitted(VisitRecord::default()).hand_over(NOW), "");
}

#[test]
fn the_parameter_comes_and_goes_and_all_else_stays() {
    let table = [
        ("https://b.example", "https://b.example?_tl=t"),
        ("https://b.example/p?x=1", "https://b.example/p?x=1&_tl=t"),
        (
            "https://b.example/p?x=%C3%a9+&&y#top?z",
            "https://b.example/p?x=%C3%a9+&&y&_tl=t#top?z",
        ),
        (
            "https://b.example/#/route?x=1",
            "https://b.example/?_tl=t#/route?x=1",
        ),
        ("https://b.example/?", "https://b.example/?&_tl=t"),
        ("https://b.example/#", "https://b.example/?_tl=t#"),
        (
            "https://b.example/?_tlx=1&x_tl=2",
            "https://b.example/?_tlx=1&x_tl=2&_tl=t",
        ),
    ];
    for (href, decorated) in table {
        assert_eq!(decorate(href, "t"), decorated);
        assert_eq!(decorate(decorated, "t"), decorated);
        assert_eq!(decorate(href, ""), href);
        assert_eq!(without_parameter(decorated), href);
        assert_eq!((parameter_in(href), parameter_in(decorated)), (None, Some("t")));
    }
    assert_eq!(
        without_parameter("https://b.example/?_tl=a&x&_tl=b"),
        "https://b.example/?x"
    );
    assert_eq!(parameter_in("https://b.example/?_tl=a&_tl=b"), Some("a"));
    assert_eq!(parameter_in("https://b.example/?_tl"), None);
    assert_eq!(parameter_in("https://b.example/#?_tl=a"), None);
}

#[test]
fn only_the_named_domains_and_what_is_below_them_are_linked() {
    let domains = ["shop.example".to_owned(), String::new(), "localhost".to_owned()];
    let table = [
        ("https://shop.example/", true),
        ("http://shop.example:8080?x", true),
        ("https://www.shop.example#x", true),
        ("https://SHOP.example/", true),
        ("https://ann@a.b.shop.example/", true),
        ("http://localhost:3000/x", true),
        ("https://myshop.example/", false),
        ("https://shop.example.evil.example/", false),
        ("https://evil.example/shop.example", false),
        ("https://evil.example/?.shop.example", false),
        ("https://evil.example\\.shop.example", false),
        ("https://shop.example:80@evil.example/", false),
        ("https://example/", false),
        ("https:///shop.example", false),
        ("ftp://shop.example/", false),
        ("mailto:ann@shop.example", false),
        ("javascript://shop.example/", false),
        ("//shop.example/", false),
        ("/shop.example", false),
        ("", false),
    ];
    for (href, linked) in table {
        assert_eq!(is_linked_host(href, &domains), linked, "{href}");
    }
    assert!(!is_linked_host("https://shop.example/", &[]));
}

#[test]
fn a_touch_of_the_future_is_not_taken() {
    let mut record = VisitRecord::default();
    let touch = Touch::of_page("https://a.example/?gclid=1", "", &[], later(DAY_MS));
    touch.into_iter().for_each(|touch| record.add(touch));
    let token = permitted(record).hand_over(later(0));
    assert_eq!(open(&token, later(0)), Err(HandOverRefusal::Damaged));
}

#[test]
fn a_record_is_received_only_from_a_site_that_the_tag_names() {
    let href = decorate("https://shop.example/lp?a=1", &token(&["gclid=1"]));
    let linked = "shop.example, other.example";
    for (addresses, referrer, domains, expected) in [
        (&*href, "https://other.example/", linked, Some(Ok(()))),
        (&href, "https://www.other.example/", linked, Some(Ok(()))),
        (&href, "", linked, Some(Ok(()))),
        (
            &href,
            "https://evil.example/",
            linked,
            Some(Err(HandOverRefusal::Stranger)),
        ),
        (
            &href,
            "https://other.example.evil.example/",
            linked,
            Some(Err(HandOverRefusal::Stranger)),
        ),
        (&href, "", "", Some(Err(HandOverRefusal::Stranger))),
        (
            "https://shop.example/?_tl=x",
            "",
            linked,
            Some(Err(HandOverRefusal::Damaged)),
        ),
        ("https://shop.example/", "https://other.example/", linked, None),
        ("https://shop.example/?gclid=1#_tl=x", "", linked, None),
    ] {
        let received = receive(addresses, referrer, &domains_in(domains), later(0));
        assert_eq!(
            received.map(|result| result.map(|_| ())),
            expected,
            "{referrer} {domains}"
        );
    }
    let moved = ["https://shop.example/\n", &href].concat();
    assert!(receive(&moved, "", &domains_in(linked), later(0)).is_some_and(|result| result.is_ok()));
}

#[test]
fn a_link_within_the_page_s_own_host_hands_nothing_over() {
    let domains = domains_in("a.example\tb.example;c.example,");
    assert_eq!(domains, ["a.example", "b.example", "c.example"]);
    for (href, leads) in [
        ("https://b.example/", true),
        ("https://shop.b.example/?x#y", true),
        ("https://www.a.example/", true),
        ("https://a.example/next", false),
        ("https://A.example:8080/next", false),
        ("https://d.example/", false),
        ("mailto:ann@b.example", false),
        ("javascript:b.example", false),
        ("", false),
    ] {
        assert_eq!(leads_to(href, "https://a.example/lp", &domains), leads, "{href}");
    }
}
