//! Outcomes that a generator thinks of, with order ids and names that a file must quote: every file says by another reader what
//! was written, and a platform's file and its API take the same outcomes and tell the same of them.

use attribution::adjustment::{Adjustment, Change};
use attribution::file_check::{Weight, check_file};
use attribution::google::adjustments_upload;
use attribution::google::legacy_upload::ConversionAction;
use attribution::judgement::Judgement;
use attribution::microsoft::adjustments_file;
use attribution::microsoft::conversion::Goal;
use attribution::money::Money;
use attribution::timestamp::{DAY_MS, Timestamp};
use proptest::prelude::*;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::cases::{Case, Golden, Told, conversion_action, data_manager, goal, moment};
use crate::deliverable::{File, cells, rows_of, verdict};

const NOW: &str = "2026-11-23T12:00:00Z";

/// Text with all that makes a cell hard: quotes, commas, line breaks, a beginning that a spreadsheet computes, letters of
/// every script.
fn hard_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\"".to_owned()),
        Just("\"\"".to_owned()),
        Just(",".to_owned()),
        Just(";".to_owned()),
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\r".to_owned()),
        Just("\t".to_owned()),
        Just("=1+1".to_owned()),
        Just("+".to_owned()),
        Just("-".to_owned()),
        Just("@".to_owned()),
        Just("'".to_owned()),
        Just("#".to_owned()),
        Just(" ".to_owned()),
        Just("Ünïcödé 漢字 🦊 עברית".to_owned()),
        Just("\u{feff}".to_owned()),
        "[a-z0-9-]{1,8}",
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn id() -> impl Strategy<Value = (&'static str, &'static str)> {
    proptest::sample::select(vec![
        (
            "gclid",
            "CjwKCAiAnsvXBhAfEiwAozRy1_vhegEpOJMy5gX7oGvLgLK2wCeuLZWT6kieDLy67NguzP872fvLhBoC1_UQAvD_BwE",
        ),
        ("gclid", "EAIaIQobChMIwK-LrI-CmAMVDHJCGR002_BIEAAYCCAAEgJ1PvD_BwE"),
        ("gclid", "Cjw KCA"),
        ("gbraid", "0AAAAADcdDU8NxuHbP0cnjgnaxxW8mVMPq"),
        (
            "wbraid",
            "CkAKCAiAwdDXBhBgEjAA8H7CNH8GbtCPXcdRJEfjQEMAAmtuVFWUoGVoXWTEmAu41FRKhyGpmgGtIZ61nPYaAqFe",
        ),
        ("msclkid", "f894f652ea334e739002f7167ab8f8e3"),
        ("msclkid", "f894f652ea334e739002f7167ab8f8e"),
        ("fbclid", "AbC-1_x"),
    ])
}

/// Hours before now, with the edges of every window among them.
fn hours_ago() -> impl Strategy<Value = i64> {
    prop_oneof![
        0_i64..8,
        0_i64..200,
        0_i64..2_400,
        proptest::sample::select(vec![
            0,
            1,
            6,
            24 * 30,
            24 * 63,
            24 * 90,
            24 * 90 + 1,
            -1,
            -7,
            -24 * 30,
            -24 * 80
        ]),
    ]
}

fn at(hours_ago: i64) -> String {
    moment(NOW).plus_ms(-hours_ago * DAY_MS / 24).to_rfc3339()
}

prop_compose! {
    pub(crate) fn case()(
        outcome_id in hard_text(),
        touches in proptest::collection::vec((hours_ago(), proptest::collection::vec(id(), 0..3)), 0..4),
        occurred in hours_ago(),
        received in hours_ago(),
        consent in proptest::sample::select(vec!["granted,granted", "granted,denied", "denied,denied", "", "not_required"]),
        contact in proptest::sample::select(vec!["", "email", "phone", "email phone"]),
        value in proptest::option::of(proptest::sample::select(vec!["0", "1250.00", "80.5", "0.0001", "12.50000", "999999999999", "1000000000000.1"])),
        is_waiting in proptest::bool::weighted(0.05),
    ) -> Case {
        let touch = |(hours, ids): &(i64, Vec<(&str, &str)>)| {
            let ids: serde_json::Map<String, Value> = ids.iter().map(|(name, id)| ((*name).to_owned(), json!(id))).collect();
            json!({"at": at(*hours), "ids": ids})
        };
        Case {
            outcome_id,
            touches: touches.iter().map(touch).collect(),
            consent: consent.to_owned(),
            received_at: at(received),
            occurred_at: at(occurred),
            currency: value.map(|_| "EUR".to_owned()),
            value: value.map(str::to_owned),
            contact: contact.to_owned(),
            lead: if is_waiting { "waiting".to_owned() } else { String::new() },
        }
    }
}

fn written(judgements: &[Judgement<Vec<String>>]) -> Vec<Vec<String>> {
    let row = |judgement: &Judgement<Vec<String>>| match judgement {
        Judgement::Deliverable(row) => Some(row.clone()),
        _ => None,
    };
    judgements.iter().filter_map(row).collect()
}

/// The file's bytes, and its rows as another reader sees them, header first.
fn reread((way, mut file, judgements): File) -> (String, Vec<Vec<String>>) {
    for judgement in &judgements {
        file.add(judgement).expect("a row");
    }
    let file = file.finish().expect("a file");
    let text = String::from_utf8(file.csv).expect("UTF-8");
    let table = text.strip_prefix("Parameters:TimeZone=+0000\n").unwrap_or(&text);
    let rows = cells(table);
    assert_eq!(rows.len(), file.rows + 1, "{way}");
    let left_out: usize = file.left_out.values().sum();
    assert_eq!(
        file.rows + left_out,
        judgements.len(),
        "{way}: every outcome is a row or counted"
    );
    assert_eq!(rows.get(1..).unwrap_or_default(), written(&judgements), "{way}");
    (text, rows)
}

/// A row of a file by the names of its header.
fn named<'a>(rows: &'a [Vec<String>], place: usize, column: &str) -> &'a str {
    let at = rows[0].iter().position(|name| name == column).expect("a column");
    &rows[place + 1][at]
}

/// What an API says in JSON, as the file's cell has it: the digits of a number as they are, nothing as an empty cell.
fn said(payload: &Value, raw: &str, place: &str) -> String {
    match payload.pointer(place) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(_)) => number_of(raw, place.rsplit('/').next().unwrap_or_default()),
        _ => String::new(),
    }
}

/// A number of the top level with its own digits, which a float would lose.
fn number_of(raw: &str, name: &str) -> String {
    let members: std::collections::BTreeMap<String, Box<RawValue>> =
        serde_json::from_str(raw).expect("an object");
    members[name].get().to_owned()
}

/// The hashes of an event, in the order e-mail, telephone.
fn contact_of(event: &Value) -> [String; 2] {
    let identifiers = event.pointer("/userData/userIdentifiers");
    let identifiers: Vec<&Value> = identifiers
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .collect();
    ["emailAddress", "phoneNumber"].map(|name| {
        let found = identifiers.iter().find_map(|one| one[name].as_str());
        found.unwrap_or_default().to_owned()
    })
}

fn moment_of(text: &str) -> Timestamp {
    // Microsoft's file has no colon in the offset, and a blank before the time.
    let text = text.replace(' ', "T").replace("+0000", "Z");
    Timestamp::from_rfc3339(&text).expect("a moment")
}

/// What the checker for people calls refused in a file, but for rows that say the same. A file is text to it, and some ids here
/// hold a byte that no text has.
fn refused_by_the_checker(text: &str, rows: usize, now: Timestamp) -> Vec<String> {
    let Ok(report) = check_file(text.as_bytes(), now, 100) else {
        assert!(text.contains('\0'));
        return Vec::new();
    };
    // A row of nothing but blanks, which no id makes, would be none.
    assert_eq!(report.rows, rows);
    // Order ids and names of blanks are none.
    let of_this_test = ["row_repeated", "name_missing", "identifier_missing"];
    let refused = report
        .findings
        .iter()
        .filter(|finding| finding.weight == Weight::Refused);
    let refused = refused.filter(|finding| !of_this_test.contains(&finding.code));
    refused.map(|finding| format!("{finding:?}")).collect()
}

fn file<'a>(files: &'a [File], way: &str) -> &'a File {
    files.iter().find(|(name, _, _)| *name == way).expect("a file")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_file_says_to_another_reader_what_was_written(
        cases in proptest::collection::vec(case(), 1..12), name in hard_text(),
    ) {
        let golden = Golden::of(cases);
        let action = ConversionAction { name: name.clone(), ..conversion_action() };
        let goal = Goal { name, ..goal(true) };
        for file in rows_of(&golden, &action, &goal) {
            reread(file);
        }
    }

    #[test]
    fn a_platforms_file_and_its_api_take_the_same_and_say_the_same(cases in proptest::collection::vec(case(), 1..8)) {
        let golden = Golden::of(cases);
        let (now, told) = (golden.now(), golden.told());
        let files = rows_of(&golden, &conversion_action(), &goal(true));
        let (google, microsoft) = (data_manager(), goal(true));
        let of_google: Vec<_> = told.iter()
            .map(|told| golden.judge("google", told, |conversion| google.judge(conversion, None, now))).collect();
        let of_microsoft: Vec<_> = told.iter()
            .map(|told| golden.judge("microsoft", told, |conversion| microsoft.judge(conversion, now))).collect();
        let verdicts = |way: &str| -> Vec<String> { file(&files, way).2.iter().map(verdict).collect() };
        prop_assert_eq!(of_google.iter().map(verdict).collect::<Vec<_>>(), verdicts("google/data_manager"));
        prop_assert_eq!(of_microsoft.iter().map(verdict).collect::<Vec<_>>(), verdicts("microsoft/offline_conversions"));
        // What the older file takes, the Data Manager takes too; and so with the file of leads, unless a gbraid or wbraid,
        // which that file leaves out, tells of a click that does not fit.
        let of_the_click = |newer: &str| {
            let reasons = ["click_window_closed", "conversion_before_click", "click_too_recent"];
            reasons.iter().any(|reason| newer.ends_with(reason))
        };
        for (older, newer) in verdicts("google/legacy").iter().zip(&of_google) {
            prop_assert!(older != "ok" || verdict(newer) == "ok");
        }
        for (older, newer) in verdicts("google/enhanced_leads").iter().zip(&of_google) {
            let newer = verdict(newer);
            prop_assert!(older != "ok" || newer == "ok" || of_the_click(&newer), "{newer}");
        }
        for (way, judgements) in [("google/data_manager", &of_google), ("microsoft/offline_conversions", &of_microsoft)] {
            let place = files.iter().position(|(name, _, _)| *name == way).expect("a file");
            let (_, table, rows) = rows_of(&golden, &conversion_action(), &goal(true)).swap_remove(place);
            let (_, rows) = reread((way, table, rows));
            let sent = judgements.iter().filter_map(|judgement| match judgement {
                Judgement::Deliverable(payload) => Some(payload.as_str()),
                _ => None,
            });
            for (place, raw) in sent.enumerate() {
                let payload: Value = serde_json::from_str(raw).expect("JSON");
                if way == "google/data_manager" {
                    for (column, pointer) in [
                        ("Google Click ID", "/adIdentifiers/gclid"), ("GBRAID", "/adIdentifiers/gbraid"),
                        ("WBRAID", "/adIdentifiers/wbraid"), ("Order ID", "/transactionId"),
                        ("Conversion Value", "/conversionValue"), ("Conversion Currency", "/currency"),
                    ] {
                        prop_assert_eq!(said(&payload, raw, pointer), named(&rows, place, column), "{}", column);
                    }
                    let of_file = ["Email", "Phone Number"].map(|column| named(&rows, place, column).to_owned());
                    prop_assert_eq!(contact_of(&payload), of_file);
                    prop_assert_eq!(
                        moment_of(named(&rows, place, "Conversion Time")),
                        moment_of(&said(&payload, raw, "/eventTimestamp"))
                    );
                    for (column, pointer) in [("Ad User Data", "/consent/adUserData"), ("Ad Personalization", "/consent/adPersonalization")] {
                        let word = said(&payload, raw, pointer);
                        let word = word.trim_start_matches("CONSENT_").to_ascii_lowercase();
                        prop_assert_eq!(word, named(&rows, place, column).to_ascii_lowercase());
                    }
                } else {
                    for (column, pointer) in [
                        ("Microsoft Click ID", "/MicrosoftClickId"), ("Conversion Name", "/ConversionName"),
                        ("Conversion Value", "/ConversionValue"), ("Conversion Currency", "/ConversionCurrencyCode"),
                        ("Hashed Email Address", "/HashedEmailAddress"), ("Hashed Phone Number", "/HashedPhoneNumber"),
                    ] {
                        prop_assert_eq!(said(&payload, raw, pointer), named(&rows, place, column), "{}", column);
                    }
                    prop_assert_eq!(
                        moment_of(named(&rows, place, "Conversion Time")),
                        moment_of(&said(&payload, raw, "/ConversionTime"))
                    );
                }
            }
        }
    }

    #[test]
    fn files_of_changes_say_what_was_written_and_the_api_takes_them_too(
        cases in proptest::collection::vec(case(), 1..8),
        changes in proptest::collection::vec((proptest::option::of(0_u32..2_000), hours_ago()), 8),
        name in hard_text(),
    ) {
        let golden = Golden::of(cases);
        let (now, told) = (golden.now(), golden.told());
        let action = ConversionAction { name: name.clone(), ..conversion_action() };
        let goal = Goal { name, ..goal(true) };
        let change = |(value, hours): &(Option<u32>, i64)| Adjustment {
            change: value.map_or(Change::Retract, |value| {
                Change::Restate(Money::parse(&format!("{value}.50"), "EUR").expect("money"))
            }),
            changed_at: moment(&at(*hours)),
        };
        let changed: Vec<(&Told, Adjustment)> = told.iter().zip(changes.iter().map(change)).collect();
        let of_google = changed.iter().map(|(told, change)| adjustments_upload::row(&action, &told.outcome, change, now));
        let of_microsoft = changed.iter().map(|(told, change)| {
            golden.judge("microsoft", told, |conversion| adjustments_file::row(&goal, conversion, change, now))
        });
        let (of_google, of_microsoft): (Vec<_>, Vec<_>) = (of_google.collect(), of_microsoft.collect());
        // The API finds people by hashes too, for which the file has no column.
        for ((told, change), row) in changed.iter().zip(&of_microsoft) {
            let of_api = golden.judge("microsoft", told, |conversion| goal.judge_adjustment(conversion, change, now));
            prop_assert!(verdict(row) == verdict(&of_api) || verdict(row) == "refuse: no_microsoft_click");
        }
        for (way, file, rows) in [
            ("google/adjustments", adjustments_upload::new_file(), of_google),
            ("microsoft/adjustments", adjustments_file::new_file(), of_microsoft),
        ] {
            let (text, rows) = reread((way, file.expect("a header"), rows));
            prop_assert_eq!(refused_by_the_checker(&text, rows.len() - 1, now), Vec::<String>::new());
        }
    }

    /// What we hand to a platform, the checker for people must not call refused.
    #[test]
    fn the_checker_finds_nothing_to_refuse_in_our_own_files(cases in proptest::collection::vec(case(), 1..8)) {
        let golden = Golden::of(cases);
        for file in rows_of(&golden, &conversion_action(), &goal(true)) {
            let (text, rows) = reread(file);
            prop_assert_eq!(refused_by_the_checker(&text, rows.len() - 1, golden.now()), Vec::<String>::new());
        }
    }
}
