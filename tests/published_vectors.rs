//! The test vectors of the platforms, once more and apart from the tests of the code that they are about: hashes of contact data
//! that Google, Microsoft and Meta publish (V01 to V24), click ids (C01 to C10), and a list of where every other one stands.
//! The hash of each row is computed here by another way than the product's, so a wrong vector cannot pass as a wrong rule.

#![allow(clippy::panic, clippy::expect_used, reason = "tests fail by panicking")]

use std::collections::BTreeSet;

use attribution::click_id::ClickIdParameter;
use attribution::click_id_check::{self, ClickIdWarning};
use attribution::timestamp::Timestamp;
use attribution::user_data::{Email, Phone, PlatformHashes};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

const CONTACT: &str = include_str!("golden/contact_vectors.csv");
const CLICK_IDS: &str = include_str!("golden/click_id_vectors.csv");

/// Files whose rows begin with the id of their vector.
const ELSEWHERE: [&str; 5] = [
    include_str!("golden/google/times.csv"),
    include_str!("golden/google/windows.csv"),
    include_str!("golden/google/adjustment_windows.csv"),
    include_str!("golden/microsoft/windows.csv"),
    include_str!("golden/meta/windows.csv"),
];

/// Vectors without a row in any of the files, and why.
const NOT_IN_A_FILE: [(std::ops::RangeInclusive<u8>, &str); 4] = [
    (
        25..=33,
        "Google's names and addresses: nobody's name or address is collected",
    ),
    (34..=40, "Meta's names, addresses and birthdays: neither"),
    (67..=67, "LinkedIn is no destination"),
    (
        68..=69,
        "fbc: crates/attribution/src/meta/fbc.rs, is_rebuilt_exactly",
    ),
];

#[derive(Deserialize)]
struct Contact {
    id: String,
    platform: String,
    what: String,
    written: String,
    /// Empty where the platform's rules leave nothing to hash, or nobody can know what is meant.
    normalised: String,
    sha256: String,
    source: String,
}

#[derive(Deserialize)]
struct ClickIdCase {
    id: String,
    parameter: String,
    value: String,
    warning: String,
    clicked: String,
}

fn rows<T: DeserializeOwned>(file: &str) -> Vec<T> {
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn hash_of(hashes: &PlatformHashes, platform: &str) -> Option<String> {
    let mut named = hashes.named();
    named
        .find(|(name, _)| *name == platform)
        .map(|(_, hash)| hash.as_str().to_owned())
}

#[test]
fn every_hash_is_the_platforms_own() {
    let cases: Vec<Contact> = rows(CONTACT);
    assert_eq!(cases.len(), 24);
    for case in cases {
        let (normalised, hashes) = if case.what == "email" {
            let email = Email::parse(&case.written);
            let normalised = email
                .as_ref()
                .ok()
                .and_then(|email| match case.platform.as_str() {
                    "google" => email.google(),
                    "microsoft" => email.microsoft(),
                    _ => Some(email.meta()),
                });
            (normalised, email.map(|email| email.hashes()).ok())
        } else {
            let phone = Phone::parse(&case.written, None);
            let normalised = phone.as_ref().ok().map(|phone| match case.platform.as_str() {
                "meta" => phone.meta().to_owned(),
                _ => phone.e164(),
            });
            (normalised, phone.map(|phone| phone.hashes()).ok())
        };
        let hash = hashes.and_then(|hashes| hash_of(&hashes, &case.platform));
        assert_eq!(normalised.unwrap_or_default(), case.normalised, "{}", case.id);
        assert_eq!(hash.unwrap_or_default(), case.sha256, "{}", case.id);
        if !case.normalised.is_empty() {
            let of_vector = hex::encode(Sha256::digest(case.normalised.as_bytes()));
            assert_eq!(of_vector, case.sha256, "{}: the vector itself", case.id);
        }
        assert!(case.source.starts_with("https://"), "{}", case.id);
    }
}

#[test]
fn every_click_id_is_read_or_warned_of() {
    // A day on which all of them are fresh but the one of 2012.
    let now = Timestamp::from_rfc3339("2026-11-20T12:00:00Z").expect("a moment");
    for case in rows::<ClickIdCase>(CLICK_IDS) {
        let parameter = ClickIdParameter::named(&case.parameter).expect("a parameter");
        let warning = click_id_check::check(parameter, &case.value, None, now);
        let expected = if case.id == "C01" {
            "window_closed"
        } else {
            &case.warning
        };
        assert_eq!(
            warning.map_or("", ClickIdWarning::code),
            expected,
            "{} {}",
            case.id,
            case.value
        );
        if case.warning.is_empty() {
            let moment = click_id_check::click_moment(parameter, &case.value);
            let told = moment.map(|click| click.at().to_rfc3339());
            assert_eq!(told.unwrap_or_default(), case.clicked, "{}", case.id);
        }
    }
}

#[test]
fn a_gclid_with_the_rest_of_its_address_can_be_mended() {
    let gclid = ClickIdParameter::named("gclid").expect("a parameter");
    for case in rows::<ClickIdCase>(CLICK_IDS)
        .iter()
        .filter(|case| case.warning == "address_tail")
    {
        let whole = case.value.split('&').next();
        assert_eq!(click_id_check::extracted(gclid, &case.value), whole);
    }
}

/// So that none is lost on the way: 69 vectors and 10 click ids, each in a file that a test reads, or with its reason.
#[test]
fn no_vector_is_missing() {
    let firsts = |file: &'static str| file.lines().filter_map(|line| line.split(',').next());
    let there: BTreeSet<&str> = ELSEWHERE
        .into_iter()
        .chain([CONTACT, CLICK_IDS])
        .flat_map(firsts)
        .collect();
    let is_explained = |number: u8| NOT_IN_A_FILE.iter().any(|(range, _)| range.contains(&number));
    for number in 1..=69 {
        let is_there = there.contains(format!("V{number:02}").as_str());
        assert!(is_there != is_explained(number), "V{number:02}");
    }
    for number in 1..=10 {
        assert!(there.contains(format!("C{number:02}").as_str()), "C{number:02}");
    }
}
