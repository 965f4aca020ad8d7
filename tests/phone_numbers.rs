//! Our one line for each country, held to libphonenumber: for the example numbers of every country, written at home and
//! abroad, we say what the library says, or refuse.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeSet;

use attribution::user_data::{Country, Phone};
use phonenumber::metadata::{DATABASE, Metadata};
use phonenumber::{Mode, Type};

/// What people write into a form.
const KINDS: [Type; 3] = [Type::FixedLine, Type::Mobile, Type::Voip];

/// Countries of which a line of lengths cannot tell everything: Argentina writes a 15 at home for the 9 that its mobile
/// numbers have abroad; in Mongolia and Somalia nothing stands before some numbers, although others of the same length lack
/// their area. What it cannot tell it refuses.
const REFUSED_AT_HOME: [&str; 3] = ["AR", "MN", "SO"];

/// An example of the library: its country, and its digits without the calling code.
struct Example {
    country: &'static Metadata,
    national: &'static str,
}

impl Example {
    fn all() -> Vec<Example> {
        let mut all = Vec::new();
        // Those that are no country have three digits for letters.
        for country in DATABASE.iter().filter(|country| country.id().len() == 2) {
            let examples = KINDS
                .iter()
                .filter_map(|kind| country.descriptors().get(*kind)?.example());
            all.extend(examples.map(|national| Example { country, national }));
        }
        all
    }

    fn e164(&self) -> String {
        format!("+{}{}", self.country.country_code(), self.national)
    }

    /// As the library writes it at home; `None` where the library does not read its own example as it stands.
    fn at_home(&self) -> Option<String> {
        let number = phonenumber::parse(None, self.e164()).ok()?;
        let is_read = number.format().mode(Mode::E164).to_string() == self.e164();
        is_read.then(|| number.format().mode(Mode::National).to_string())
    }
}

#[test]
fn every_country_of_the_library_has_its_line() {
    let missing: Vec<&str> = DATABASE
        .iter()
        .map(Metadata::id)
        .filter(|id| id.len() == 2 && Country::named(id).is_none())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn ok_every_example_written_for_abroad() {
    let examples = Example::all();
    assert!(examples.len() > 400, "only {} examples", examples.len());
    for example in examples {
        let read = |written: &str| Phone::parse(written, None).map(|phone| phone.e164());
        assert_eq!(
            read(&example.e164()),
            Ok(example.e164()),
            "{}",
            example.country.id()
        );
        if example.country.national_prefix() == Some("0") {
            let written = format!("+{} (0){}", example.country.country_code(), example.national);
            assert_eq!(read(&written), Ok(example.e164()), "{written}");
        }
    }
}

#[test]
fn ok_every_example_written_at_home_is_the_same_number() {
    let mut refused = BTreeSet::new();
    for example in Example::all() {
        let Some(written) = example.at_home() else {
            continue;
        };
        let country = Country::named(example.country.id());
        match Phone::parse(&written, country) {
            Ok(phone) => assert_eq!(
                phone.e164(),
                example.e164(),
                "{written} of {}",
                example.country.id()
            ),
            Err(_) => {
                refused.insert(example.country.id());
            }
        }
    }
    assert_eq!(refused, BTreeSet::from(REFUSED_AT_HOME));
}

/// Whatever the digits: where we make a number of them and the library finds a valid one too, it is the same.
#[test]
fn ok_no_number_at_home_is_read_otherwise_than_by_the_library() {
    let mut compared = 0;
    for example in Example::all() {
        let id: phonenumber::country::Id = example.country.id().parse().expect("a country");
        let (short, long) = (&example.national[1..], format!("0{}", example.national));
        for written in [
            example.national,
            short,
            &long,
            &format!("8{short}"),
            &format!("1{short}"),
        ] {
            let Ok(ours) = Phone::parse(written, Country::named(example.country.id())) else {
                continue;
            };
            let theirs = phonenumber::parse(Some(id), written);
            if let Some(theirs) = theirs.ok().filter(phonenumber::PhoneNumber::is_valid) {
                compared += 1;
                let theirs = theirs.format().mode(Mode::E164).to_string();
                assert_eq!(ours.e164(), theirs, "{written} in {}", example.country.id());
            }
        }
    }
    assert!(compared > 400, "only {compared} numbers were compared");
}
