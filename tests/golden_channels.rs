//! The golden table of channels: what a landing says, the label it gets, the reason, and the rule that wants it so.

#![allow(clippy::panic, clippy::expect_used, reason = "tests fail by panicking")]

use std::collections::BTreeSet;

use attribution::channel::{Channel, Label};
use attribution::timestamp::Timestamp;
use attribution::touch::Touch;
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    query: String,
    referrer: String,
    label: String,
    reason: String,
    /// Where it is written.
    rule: String,
}

fn cases() -> Vec<Case> {
    let mut reader = csv::Reader::from_reader(include_str!("golden/channels.csv").as_bytes());
    reader
        .deserialize()
        .map(|case| case.expect("a row of five columns"))
        .collect()
}

/// The touch of a landing; a visit that says nothing makes none, but a record of an older script may hold one.
fn touch(case: &Case) -> Touch {
    let href = format!("https://www.example.com/lp?{}", case.query);
    let landing = |referrer| Touch::of_page(&href, referrer, &[], Timestamp::EPOCH);
    landing(&case.referrer).unwrap_or_else(|| {
        let mut direct = landing("https://blog.example/").expect("a referrer makes a touch");
        direct.referrer = None;
        direct
    })
}

#[test]
fn every_landing_gets_its_label_and_its_reason() {
    let mut wrong = Vec::new();
    for case in cases() {
        let channel = Channel::of(&touch(&case));
        let told = (channel.label().name(), channel.reason());
        if told != (case.label.as_str(), case.reason.as_str()) {
            wrong.push(format!(
                "{}\t{}\t{}\t{}",
                case.query, case.referrer, told.0, told.1
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_holds_eighty_rows_every_label_and_every_row_its_rule() {
    let cases = cases();
    assert!(cases.len() >= 80, "{}", cases.len());
    assert!(cases.iter().all(|case| !case.rule.is_empty()));
    let covered: BTreeSet<&str> = cases.iter().map(|case| case.label.as_str()).collect();
    let labels = [
        Label::Direct,
        Label::CrossNetwork,
        Label::PaidShopping,
        Label::PaidSearch,
        Label::PaidSocial,
        Label::PaidVideo,
        Label::Display,
        Label::PaidGoogle,
        Label::PaidOther,
        Label::AiAssistant,
        Label::OrganicShopping,
        Label::OrganicSocial,
        Label::OrganicVideo,
        Label::OrganicSearch,
        Label::Referral,
        Label::Email,
        Label::Affiliates,
        Label::Audio,
        Label::Sms,
        Label::MobilePush,
        Label::Unassigned,
    ];
    assert_eq!(covered, labels.iter().map(|label| label.name()).collect());
}
