use super::*;
use crate::consent::{ConsentListener, ConsentPolicy, Statement, gate};
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

pub(crate) fn record(queries: &[&str]) -> VisitRecord {
    let mut record = VisitRecord::default();
    for (query, day) in queries.iter().zip(0..) {
        record.add(touch(query, day));
    }
    record
}

pub(crate) fn permitted(record: VisitRecord) -> Permitted<VisitRecord> {
    let mut listener = ConsentListener::new(ConsentPolicy::default(), NOW);
    listener.hear(
        Statement::parse("site,explicit,granted").expect("a statement"),
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
        "1|0!!!gclid=1!mo re",
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

/// Four hundred visits, one a day, by ads of so many platforms in turn.
fn busy_visitor(platforms: &[&str], id_bytes: usize) -> VisitRecord {
    let filler = "x".repeat(id_bytes);
    let mut record = VisitRecord::default();
    for (visit, name) in (0..400).zip(platforms.iter().cycle()) {
        record.add(touch(
            &format!("{name}={visit}-{filler}&utm_campaign={visit}"),
            visit,
        ));
        record.add(touch(&format!("utm_source=news{visit}"), visit));
    }
    record
}

/// The visits whose ids are still there, by platform.
fn clicks_left(text: &str) -> Vec<(&'static str, String)> {
    assert!(
        RECORD_NAME.len() + 1 + text.len() <= COOKIE_BYTES_MAX,
        "{}",
        text.len()
    );
    let record = VisitRecord::decode(text).expect("readable");
    let visit = |touch: &Touch| touch.landing.pairs().next().map(|(_, value)| value.to_owned());
    record
        .clicks()
        .filter_map(|(platform, touch)| Some((platform, visit(touch)?.split('-').next()?.to_owned())))
        .collect()
}

#[test]
fn after_four_hundred_visits_the_newest_click_of_each_platform_is_there() {
    type Row<'a> = (&'a [&'a str], usize, &'a [(&'a str, &'a str)]);
    let table: [Row; 4] = [
        (&["gclid"], 1_000, &[("google", "399")]),
        (
            &["gclid", "fbclid", "msclkid"],
            1_000,
            &[("google", "399"), ("microsoft", "398"), ("meta", "397")],
        ),
        // Five ids of a kilobyte are more than a cookie holds: the newest stay.
        (
            &["gclid", "fbclid", "msclkid", "ttclid", "epik"],
            1_000,
            &[("microsoft", "397"), ("tiktok", "398"), ("pinterest", "399")],
        ),
        (
            &[
                "gclid",
                "fbclid",
                "msclkid",
                "ttclid",
                "epik",
                "twclid",
                "li_fat_id",
                "rdt_cid",
            ],
            200,
            &[
                ("google", "392"),
                ("microsoft", "394"),
                ("meta", "393"),
                ("tiktok", "395"),
                ("x", "397"),
                ("linkedin", "398"),
                ("pinterest", "396"),
                ("reddit", "399"),
            ],
        ),
    ];
    for (platforms, id_bytes, expected) in table {
        let text = permitted(busy_visitor(platforms, id_bytes)).encode();
        let mut left = clicks_left(&text);
        let mut expected: Vec<_> = expected
            .iter()
            .map(|(name, visit)| (*name, (*visit).to_owned()))
            .collect();
        left.sort();
        expected.sort();
        assert_eq!(left, expected, "{platforms:?}");
    }
}

#[test]
fn an_old_click_of_another_platform_outlives_many_visits() {
    let mut record = record(&["utm_source=first", "fbclid=old"]);
    for day in 2..40 {
        record.add(touch(&format!("gclid={day}"), day));
        record.add(touch(&format!("utm_source=mail{day}"), day));
    }
    assert_eq!(record.touches().len(), TOUCHES_MAX);
    let kept = VisitRecord::decode(&permitted(record).encode()).expect("readable");
    assert_eq!(
        kept.click("meta").and_then(|touch| touch.landing.value("fbclid")),
        Some("old")
    );
    assert_eq!(
        kept.first().and_then(|touch| touch.landing.value("utm_source")),
        Some("first")
    );
    assert_eq!(
        kept.last().and_then(|touch| touch.landing.value("utm_source")),
        Some("mail39")
    );
}

#[test]
fn what_a_short_cookie_gives_up_first() {
    let record = record(&[
        "utm_source=first",
        "gclid=1",
        "utm_source=mail",
        "gclid=2&utm_term=t",
        "utm_source=last",
    ]);
    let ids = |text: &str| {
        let record = VisitRecord::decode(text).unwrap_or_default();
        let line = |touch: &Arc<Touch>| {
            let values: Vec<_> = touch.landing.pairs().map(|(_, value)| value).collect();
            let pages = [&touch.landing_page, &touch.referrer]
                .map(|page| page.iter().map(|_| "+").collect::<String>());
            format!("{}{}", values.join(","), pages.concat())
        };
        record.touches().iter().map(line).collect::<Vec<_>>().join(" ")
    };
    let permitted = permitted(record);
    let mut stages: Vec<String> = (0..600)
        .rev()
        .map(|room| ids(&permitted.encode_within(room)))
        .collect();
    stages.dedup();
    assert_eq!(
        stages,
        [
            "first++ 1++ mail++ 2,t++ last++",
            "first++ mail++ 2,t++ last++",
            "first++ 2,t++ last++",
            "2,t++ last++",
            "2,t+ last+",
            "2,t last",
            "2",
            "",
        ]
    );
}

#[test]
fn a_companion_names_no_click_but_stands_in_where_there_is_none() {
    let table: [(&[&str], Option<&str>); 5] = [
        (&["gclid=1", "gad_source=2"], Some("1")),
        (&["gad_source=2", "gclid=1"], Some("1")),
        (
            &["gclid=1&gad_source=5", "gad_source=2", "gclsrc=aw.ds"],
            Some("1"),
        ),
        (&["gad_source=2", "gad_source=3"], None),
        (&["fbclid=1", "gad_source=2"], None),
    ];
    for (queries, gclid) in table {
        let record = record(queries);
        let click = record.click("google").expect("a touch of Google's");
        assert_eq!(click.landing.value("gclid"), gclid, "{queries:?}");
    }
    let record = record(&["gclid=1&gad_source=5", "gad_source=2"]);
    let gad_source = record
        .click("google")
        .and_then(|touch| touch.landing.value("gad_source"));
    assert_eq!(gad_source, Some("5"), "every value is of the one click");
}

#[test]
fn a_campaign_without_its_click_id_may_bring_the_visitor_again() {
    let mut record = record(&["gad_source=1", "utm_source=mail"]);
    record.add(touch("gad_source=1", 7));
    assert_eq!(record.touches().len(), 3);
}

#[test]
fn two_copies_of_a_record_repair_each_other() {
    let all = ["utm_source=news", "gclid=1", "fbclid=2", "utm_source=mail"];
    let whole = record(&all);
    for missing in 0..16 {
        let part = |is_kept: &dyn Fn(usize) -> bool| {
            let mut part = VisitRecord::default();
            for (place, (query, day)) in all.iter().zip(0..).enumerate() {
                if is_kept(place) {
                    part.add(touch(query, day));
                }
            }
            part
        };
        let is_missing = |place: usize| missing >> place & 1 == 1;
        let mut joined = part(&is_missing);
        joined.join(part(&|place| !is_missing(place)));
        assert_eq!(joined, whole);
        joined.join(whole.clone());
        assert_eq!(joined, whole);
    }
}

#[test]
fn of_one_click_seen_on_two_sites_the_first_sighting_counts() {
    let mut here = VisitRecord::default();
    here.add(touch("gclid=1", 5));
    let mut there = VisitRecord::default();
    there.add(touch("gclid=1", 3));
    let mut joined = here.clone();
    joined.join(there.clone());
    assert_eq!(joined, there);
    there.join(here);
    assert_eq!(joined, there);
}

#[test]
fn what_a_cookie_told_is_marked_in_the_text() {
    let fbc = "fb.2.1618377853639.AbC-1_x.AQICAQMC";
    let text = format!("1|cuyo00!!!gclid=A!_gcl_aw|cuyo01!!!fbclid=AbC-1_x!_fbc={fbc}|cuyo02!!!ttclid=t");
    let record = VisitRecord::decode(&text).expect("readable");
    let cookies: Vec<_> = record
        .touches()
        .iter()
        .map(|touch| touch.cookie.as_deref())
        .collect();
    assert_eq!(cookies, [Some("_gcl_aw"), Some("_fbc"), None]);
    assert_eq!(record.fbc().as_deref(), Some(fbc));
    assert_eq!(permitted(record).encode(), text);
}

#[test]
fn err_a_cookie_that_no_platform_has_and_a_foreign_fbc() {
    for (name, is_readable) in [
        // Which cookies the platforms have, asks the collector: a browser need not know them all.
        ("_gcl_au", true),
        ("_nobody", true),
        ("", false),
        ("_gcl_aw!x", false),
        ("a b", false),
        ("_x;Domain=a.example", false),
        ("\u{e9}", false),
    ] {
        let text = format!("1|cuyo00!!!gclid=A!{name}");
        assert_eq!(VisitRecord::decode(&text).is_some(), is_readable, "{name}");
    }
    for fbc in [
        "",
        "fb.1.1618377853639.other",
        "fb.1.1618377853639.A;x",
        "xx.1.1618377853639.A",
        "fb.x",
        "A",
    ] {
        let text = format!("1|cuyo00!!!fbclid=A!_fbc={fbc}");
        let record = VisitRecord::decode(&text).expect("readable");
        assert_eq!(record.fbc().as_deref(), Some("fb.1.777600000.A"), "{fbc}");
    }
}
