use super::*;
use crate::consent::{Answer, Statement};
use crate::form_fields::Field;

const NOW: Timestamp = Timestamp::EPOCH;
const LANDING: &str = "https://a.example/?gclid=1";

fn site(answer: Answer) -> Statement {
    said(&["site,explicit,", answer.name()].concat())
}

fn said(command: &str) -> Statement {
    Statement::parse(command).expect("a consent command")
}

fn visit(consent: &str, href: &str) -> Visit {
    let settings = TagSettings::read(|name| (name == "consent").then_some(consent));
    Visit::begin(settings, href, "", "", NOW)
}

fn value(visit: &Visit, name: &str, value: &str, moment: Moment) -> Option<String> {
    let field = Field {
        input_type: "hidden",
        name,
        value,
        ..Field::default()
    };
    let found = field.recognise(visit.settings())?;
    visit
        .field_value(&found, "00000000000000000", moment)
        .map(FieldValue::into_text)
}

#[test]
fn before_consent_nothing_is_remembered_filled_or_kept() {
    let visit = visit("manual", LANDING);
    assert_eq!(visit.first_step(), Step::None);
    assert!(visit.record().is_none());
    assert_eq!(value(&visit, "gclid", "", Moment::Passing), None);
    assert_eq!(value(&visit, "gclid", "", Moment::Submitting), None);
    assert_eq!(value(&visit, "x", "[gclid]", Moment::Passing), None);
    assert_eq!(
        value(&visit, "x", "[gclid]", Moment::Submitting).as_deref(),
        Some("")
    );
}

#[test]
fn only_fields_that_may_be_written_are_looked_for() {
    let table = [
        ("manual", "", Moment::Passing, None),
        ("manual", "", Moment::Submitting, Some(FIELDS.to_owned())),
        ("not-required", "", Moment::Passing, Some(FIELDS.to_owned())),
        ("not-required", "off", Moment::Submitting, None),
        (
            "not-required",
            "#a, .b",
            Moment::Passing,
            Some(format!(":is(#a, .b) {FIELDS}")),
        ),
    ];
    for (consent, forms, moment, expected) in table {
        let settings = TagSettings::read(|name| match name {
            "consent" => Some(consent),
            "forms" => Some(forms),
            _ => None,
        });
        let mut visit = Visit::begin(settings, LANDING, "", "", NOW);
        let _ = visit.remember("", LANDING, NOW);
        assert_eq!(visit.fields(moment), expected, "{consent} {forms}");
    }
}

#[test]
fn remember_without_consent_keeps_nothing() {
    let mut visit = visit("manual", LANDING);
    assert_eq!(visit.remember("1|0!!!gclid=forged", LANDING, NOW), None);
    assert!(visit.record().is_none());
}

#[test]
fn a_grant_remembers_and_a_withdrawal_forgets_at_once() {
    let mut visit = visit("manual", LANDING);
    assert_eq!(visit.hear(site(Answer::Granted), NOW), Step::Remember);
    assert!(
        visit
            .remember("", LANDING, NOW)
            .is_some_and(|text| text.contains("gclid=1"))
    );
    assert_eq!(value(&visit, "gclid", "", Moment::Passing).as_deref(), Some("1"));
    assert_eq!(visit.hear(site(Answer::Granted), NOW), Step::None);
    assert_eq!(visit.hear(site(Answer::Denied), NOW), Step::Forget);
    assert!(visit.record().is_none());
    assert_eq!(value(&visit, "gclid", "", Moment::Submitting), None);
}

#[test]
fn a_grant_after_a_refusal_reads_the_address_again() {
    let mut visit = visit("manual", LANDING);
    assert_eq!(visit.hear(site(Answer::Denied), NOW), Step::Forget);
    assert_eq!(visit.hear(site(Answer::Granted), NOW), Step::Remember);
    assert!(visit.remember("", LANDING, NOW).is_some());
    assert_eq!(value(&visit, "gclid", "", Moment::Passing).as_deref(), Some("1"));
}

#[test]
fn a_refusal_empties_the_memory_too() {
    let mut visit = visit("manual", LANDING);
    assert_eq!(visit.hear(site(Answer::Denied), NOW), Step::Forget);
    assert_eq!(visit.hear(site(Answer::Granted), NOW), Step::Remember);
    assert_eq!(visit.remember("", "https://a.example/next", NOW), None);
    assert_eq!(value(&visit, "gclid", "", Moment::Passing).as_deref(), Some(""));
}

#[test]
fn the_copy_with_the_newer_touch_repairs_the_other() {
    let mut visit = visit("not-required", "https://a.example/");
    assert_eq!(visit.first_step(), Step::Remember);
    let kept = [
        "1|0!!!gclid=old",
        "garbage",
        "1|5!!!gclid=new",
        "1|3!!!gclid=middle",
    ]
    .join("\n");
    assert_eq!(
        visit
            .remember(&kept, "https://a.example/", NOW.plus_ms(9))
            .as_deref(),
        Some("7775999 90 1|5!!!gclid=new")
    );
}

#[test]
fn a_direct_visit_is_a_lead_without_touches_and_keeps_nothing() {
    let mut visit = visit("not-required", "https://a.example/");
    assert_eq!(visit.remember("", "https://a.example/", NOW), None);
    assert!(visit.record().is_some());
    assert_eq!(
        value(&visit, "lead_id", "", Moment::Passing).as_deref(),
        Some("00000000000000000")
    );
    assert_eq!(
        value(&visit, "x", "[gclid]", Moment::Passing).as_deref(),
        Some("")
    );
}

#[test]
fn forgetting_leaves_consent_and_nothing_else() {
    let mut visit = visit("not-required", LANDING);
    assert!(visit.remember("", LANDING, NOW).is_some());
    visit.forget();
    assert_eq!(visit.consent().name(), "granted");
    assert_eq!(value(&visit, "gclid", "", Moment::Passing).as_deref(), Some(""));
}

#[test]
fn touches_of_another_record_join_only_while_consent_is_granted() {
    let other = "1|a!!!fbclid=IwAR0other";
    let mut visit = visit("manual", LANDING);
    assert_eq!(visit.join(other), Step::None, "nobody has answered");
    assert_eq!(visit.hear(site(Answer::Granted), NOW), Step::Remember);
    let kept = visit.remember("", LANDING, NOW).expect("a text to keep");
    assert!(
        !kept.contains("fbclid"),
        "what was told before consent is forgotten"
    );
    for damaged in ["", "1", "2|a!!!fbclid=x", "<script>"] {
        assert_eq!(visit.join(damaged), Step::None, "{damaged}");
    }
    for _ in 0..2 {
        assert_eq!(visit.join(other), Step::Remember);
        let joined = visit
            .remember(text_in(&kept), LANDING, NOW)
            .expect("a text to keep");
        assert!(
            joined.contains("gclid=1") && joined.contains("fbclid=IwAR0other"),
            "{joined}"
        );
    }
    assert_eq!(visit.hear(site(Answer::Denied), NOW), Step::Forget);
    assert_eq!(visit.join(other), Step::None, "refused");
}

/// Behind the seconds and the days.
fn text_in(answer: &str) -> &str {
    answer.split(' ').nth(2).expect("the text of the record")
}

#[test]
fn where_the_device_takes_nothing_the_page_remembers_what_it_saw() {
    let mut visit = visit("not-required", LANDING);
    let _ = visit.remember("", LANDING, NOW);
    assert_eq!(visit.moved("https://a.example/?msclkid=2", NOW), Step::Remember);
    let kept = visit.remember("", LANDING, NOW).expect("a text");
    assert!(kept.contains("gclid=1") && kept.contains("msclkid=2"), "{kept}");
    visit.forget();
    assert_eq!(visit.moved("https://a.example/?ttclid=3", NOW), Step::Remember);
    let kept = visit.remember("", LANDING, NOW).expect("a text");
    assert!(!kept.contains("gclid=1") && kept.contains("ttclid=3"), "{kept}");
}
