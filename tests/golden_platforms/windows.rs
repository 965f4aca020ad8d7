//! Windows, waits and the writing of times, each case with its source.

use attribution::adjustment::{Adjustment, Change};
use attribution::google::adjustment_rules;
use attribution::judgement::Judgement;
use attribution::meta::event_rules::ActionSource;
use attribution::microsoft::click_rules::GoalRules;
use attribution::time_zone::{TimeZone, rfc3339_seconds};
use attribution::timestamp::SECOND_MS;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::cases::moment;

fn verdict(judgement: &Judgement<()>) -> String {
    match judgement {
        Judgement::Deliverable(()) => "ok".to_owned(),
        Judgement::Wait { until, reason } => {
            format!("wait until {}: {}", rfc3339_seconds(*until), reason.code())
        }
        Judgement::Hold(reason) | Judgement::Refuse(reason) => reason.code().to_owned(),
    }
}

fn cases<T: DeserializeOwned>(file: &str) -> Vec<T> {
    let mut cases = csv::Reader::from_reader(file.as_bytes());
    cases.deserialize().map(|case| case.expect("a case")).collect()
}

#[derive(Deserialize)]
struct MicrosoftCase {
    id: String,
    click: Option<String>,
    conversion: String,
    now: String,
    look_back_days: u16,
    goal_created: Option<String>,
    expected: String,
    source: String,
}

#[test]
fn every_window_of_microsoft() {
    let cases: Vec<MicrosoftCase> = cases(include_str!("../golden/microsoft/windows.csv"));
    for case in &cases {
        let rules = GoalRules {
            look_back_days: case.look_back_days,
            created_at: case.goal_created.as_deref().map(moment),
        };
        let clicked_at = case.click.as_deref().map(moment);
        let judgement = rules.judge(clicked_at, moment(&case.conversion), moment(&case.now));
        assert_eq!(verdict(&judgement), case.expected, "{}, {}", case.id, case.source);
    }
    assert_eq!(cases.len(), 12);
}

#[derive(Deserialize)]
struct MetaCase {
    id: String,
    action_source: ActionSource,
    event: String,
    now: String,
    expected: String,
    source: String,
}

#[test]
fn every_window_of_meta() {
    let cases: Vec<MetaCase> = cases(include_str!("../golden/meta/windows.csv"));
    for case in &cases {
        let judgement = case.action_source.judge(moment(&case.event), moment(&case.now));
        assert_eq!(verdict(&judgement), case.expected, "{}, {}", case.id, case.source);
    }
    assert_eq!(cases.len(), 7);
}

#[derive(Deserialize)]
struct AdjustmentCase {
    id: String,
    conversion: String,
    changed: String,
    now: String,
    expected: String,
    source: String,
}

#[test]
fn every_window_of_googles_adjustments() {
    let cases: Vec<AdjustmentCase> = cases(include_str!("../golden/google/adjustment_windows.csv"));
    for case in &cases {
        let adjustment = Adjustment {
            change: Change::Retract,
            changed_at: moment(&case.changed),
        };
        let judgement = adjustment_rules::judge(moment(&case.conversion), &adjustment, moment(&case.now));
        assert_eq!(verdict(&judgement), case.expected, "{}, {}", case.id, case.source);
    }
    assert_eq!(cases.len(), 6);
}

#[derive(Deserialize)]
struct TimeCase {
    id: String,
    moment: String,
    zone: String,
    google_file: String,
    data_manager_file: String,
    api: String,
    unix_seconds: i64,
}

/// Daylight saving in both directions, the repeated hour, and a year's end: V41 to V48.
#[test]
fn every_time_on_the_clocks_of_its_zone() {
    let cases: Vec<TimeCase> = cases(include_str!("../golden/google/times.csv"));
    for case in &cases {
        let zone = TimeZone::named(&case.zone).expect("a zone");
        let at = moment(&case.moment);
        assert_eq!(zone.write_for_google_file(at), case.google_file, "{}", case.id);
        assert_eq!(
            zone.write_for_data_manager_file(at),
            case.data_manager_file,
            "{}",
            case.id
        );
        assert_eq!(rfc3339_seconds(at), case.api, "{}", case.id);
        assert_eq!(at.ms() / SECOND_MS, case.unix_seconds, "{}", case.id);
        // What is written means the same second again.
        assert_eq!(moment(&case.data_manager_file), moment(&case.api), "{}", case.id);
    }
    assert_eq!(cases.len(), 8);
}
