use super::*;
use crate::consent::{Answer, Answers, ConsentListener, ConsentMode, Signal, gate};
use crate::timestamp::DAY_MS;

const NOW: Timestamp = Timestamp::EPOCH;
const PAGE: &str = "https://www.example.com/lp";

fn touch(query: &str, day: i64) -> Touch {
    let at = NOW.plus_ms(day * DAY_MS);
    Touch::of_page(
        &format!("{PAGE}?{query}"),
        "https://www.google.com/",
        &["partner".to_owned()],
        at,
    )
    .expect("a touch")
}

fn record(queries: &[&str]) -> VisitRecord {
    let mut record = VisitRecord::default();
    for (query, day) in queries.iter().zip(0..) {
        record.add(touch(query, day));
    }
    record
}

fn permitted(record: VisitRecord) -> Permitted<VisitRecord> {
    let mut listener = ConsentListener::new(ConsentMode::Manual, NOW);
    listener.hear(
        Signal::Site(Answers {
            ad_storage: Some(Answer::Granted),
            ..Answers::default()
        }),
        NOW,
    );
    gate(record, listener.state()).expect("granted")
}

#[test]
fn the_text_is_a_promise() {
    let kept = permitted(record(&[
        "utm_source=google&gclid=Cj0KCQ-_&partner=a%26b",
        "fbclid=IwAR+x",
    ]))
    .encode();
    assert_eq!(
        kept,
        "1|0!https%3A%2F%2Fwww.example.com%2Flp!https%3A%2F%2Fwww.google.com%2F!gclid=Cj0KCQ-_&utm_source=google&partner=a%26b\
         |1ffuo0!https%3A%2F%2Fwww.example.com%2Flp!https%3A%2F%2Fwww.google.com%2F!fbclid=IwAR+x"
    );
}

#[test]
fn what_was_kept_is_read_back() {
    let before = record(&[
        "gclid=1",
        "utm_campaign=a%7Cb%21c%26d%3De",
        "msclkid=2&utm_term=%F0%9F%98%80%00%22%3B%2C%5C",
    ]);
    let text = permitted(before.clone()).encode();
    assert!(
        text.bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte)),
        "{text}"
    );
    assert_eq!(VisitRecord::decode(&text), Some(before));
}

#[test]
fn err_texts_that_are_not_ours() {
    for text in [
        "",
        "1",
        "1|",
        "2|0!!!gclid=1",
        "1|zz zz!!!",
        "1|0",
        "1|0!!",
        "1|0!!!gclid=1!more",
        "{\"v\":1}",
        "|||",
    ] {
        assert_eq!(VisitRecord::decode(text).map(|_| ()), None, "{text:?}");
    }
}

#[test]
fn a_new_click_wins_and_the_first_touch_stays() {
    let record = record(&["utm_source=news", "gclid=old", "gclid=new", "utm_source=mail"]);
    let value = |touch: Option<&Touch>, name: &str| {
        touch
            .and_then(|touch| touch.landing.value(name))
            .map(str::to_owned)
    };
    assert_eq!(value(record.first(), "utm_source").as_deref(), Some("news"));
    assert_eq!(value(record.last(), "utm_source").as_deref(), Some("mail"));
    assert_eq!(value(record.click("google"), "gclid").as_deref(), Some("new"));
    assert_eq!(value(record.click("meta"), "fbclid"), None);
}

#[test]
fn visits_are_never_mixed() {
    let record = record(&["gclid=1&utm_campaign=spring", "utm_source=newsletter"]);
    let last = record.last().expect("a touch");
    assert_eq!(
        (last.landing.value("utm_campaign"), last.landing.value("gclid")),
        (None, None)
    );
}

#[test]
fn a_reload_keeps_the_time_of_the_click() {
    let mut record = record(&["gclid=1", "gclid=2"]);
    record.add(touch("gclid=1", 9));
    assert_eq!(record.touches().len(), 2);
    assert_eq!(record.first().map(|touch| touch.at), Some(NOW));
}

#[test]
fn the_same_campaign_after_another_visit_is_a_visit_of_its_own() {
    let mut record = record(&["utm_source=news", "gclid=1"]);
    record.add(touch("utm_source=news", 30));
    record.add(touch("utm_source=news", 30));
    assert_eq!(record.touches().len(), 3);
    assert_eq!(
        record.last().and_then(|last| last.landing.value("utm_source")),
        Some("news")
    );
}

#[test]
fn what_is_older_than_the_window_is_forgotten() {
    let record = record(&["gclid=1", "gclid=2"]);
    let after = |days: i64| {
        let mut left = record.clone();
        left.expire(90, NOW.plus_ms(days * DAY_MS));
        left.touches().len()
    };
    assert_eq!((after(90), after(91), after(92)), (2, 1, 0));
}

#[test]
fn the_cookie_never_outgrows_its_limit_and_the_newest_click_survives() {
    let long = "x".repeat(500);
    let queries: Vec<String> = (0..20)
        .map(|number| format!("gclid=click{number}&utm_campaign={number}{long}&utm_term={long}"))
        .collect();
    let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
    let text = permitted(record(&queries)).encode();
    assert!(
        RECORD_NAME.len() + 1 + text.len() <= COOKIE_BYTES_MAX,
        "{}",
        text.len()
    );
    let kept = VisitRecord::decode(&text).expect("readable");
    assert_eq!(
        kept.click("google")
            .and_then(|touch| touch.landing.value("gclid")),
        Some("click19")
    );
}

#[test]
fn one_landing_with_every_id_at_its_longest_still_fits() {
    let long = "é".repeat(500);
    let query: Vec<String> = crate::click_id::ClickIdParameter::all()
        .map(|parameter| format!("{}={long}", parameter.name()))
        .collect();
    let text = permitted(record(&[&query.join("&")])).encode();
    assert!(
        RECORD_NAME.len() + 1 + text.len() <= COOKIE_BYTES_MAX,
        "{}",
        text.len()
    );
}
