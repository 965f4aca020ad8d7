//! Diagnostics: the numbers agree with the ledger, whatever happened, and say no more than the collector can know.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeSet;

use attribution::timestamp::{DAY_MS, HOUR_MS};
use proptest::prelude::*;
use serde_json::{Value, json};
use stage::{Stage, moment};
use sums::check;
use support::platform_double::{Faults, Mishap};

mod stage;
mod sums;

const WHOLE_GCLID: &str = "EAIaIQobChMIwK-LrI-CmAMVDHJCGR002_BIEAAYCCAAEgJ1PvD_BwE";
const MSCLKID: &str = "f894f652ea334e739002f7167ab8f8e3";

/// What may happen.
#[derive(Clone, Debug)]
enum Action {
    Submit {
        lead: u64,
        touch: usize,
        consent: usize,
    },
    Tell {
        outcome: u64,
        lead: u64,
        is_won: bool,
        days_ago: i64,
    },
    Change {
        outcome: u64,
        is_retract: bool,
    },
    Poison {
        outcome: u64,
    },
    Fail {
        share: u32,
    },
    /// One more API, and another kind for the one that is there.
    Destine {
        takes_calls: bool,
    },
    Fetch,
    Sweep,
    Later {
        hours: i64,
    },
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        4 => (0..6_u64, 0..5_usize, 0..3_usize)
            .prop_map(|(lead, touch, consent)| Action::Submit { lead, touch, consent }),
        5 => (0..12_u64, 0..7_u64, prop::bool::weighted(0.8), 0..120_i64)
            .prop_map(|(outcome, lead, is_won, days_ago)| Action::Tell { outcome, lead, is_won, days_ago: days_ago.min(9) + 85 * i64::from(days_ago > 110) }),
        2 => (0..12_u64, any::<bool>()).prop_map(|(outcome, is_retract)| Action::Change { outcome, is_retract }),
        1 => (0..12_u64).prop_map(|outcome| Action::Poison { outcome }),
        1 => (0..2_u32).prop_map(|share| Action::Fail { share: share * 1_000 }),
        1 => any::<bool>().prop_map(|takes_calls| Action::Destine { takes_calls }),
        2 => Just(Action::Fetch),
        3 => Just(Action::Sweep),
        3 => (1..40_i64).prop_map(|hours| Action::Later { hours }),
    ]
}

fn touches() -> [Value; 5] {
    [
        json!({"ids": {"gclid": WHOLE_GCLID, "msclkid": MSCLKID}}),
        json!({"ids": {"gclid": "Cj0 KCQ"}}),
        json!({"utm": {"utm_source": "google", "utm_medium": "cpc"}}),
        json!({"ids": {"gclid": WHOLE_GCLID}}),
        json!({"referrer": "https://example.org/"}),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_numbers_agree_with_what_is_said_of_each_lead_and_outcome(actions in prop::collection::vec(action(), 1..50)) {
        let stage = Stage::new();
        let (mut leads, mut outcomes) = (BTreeSet::new(), BTreeSet::new());
        for action in actions {
            match action {
                Action::Submit { lead, touch, consent } => {
                    stage.lead(lead, &touches()[touch], [Some("granted"), Some("denied"), None][consent]);
                    leads.insert(lead);
                }
                Action::Tell { outcome, lead, is_won, days_ago } => {
                    stage.outcome(outcome, lead, if is_won { "won" } else { "call" }, days_ago);
                    // Refused at the door where the lead is there and its click came later.
                    if stage.ask("GET", &format!("v1/outcomes/deal-{outcome}"), &Value::Null).0 == 200 {
                        outcomes.insert(outcome);
                    }
                }
                Action::Change { outcome, is_retract } => {
                    let id = format!("deal-{outcome}");
                    stage.tell(&match is_retract {
                        true => json!({"outcome_id": id, "change": "retract"}),
                        false => json!({"outcome_id": id, "change": "restate", "value": "9", "currency": "EUR"}),
                    });
                }
                Action::Poison { outcome } => {
                    stage.platform.poisoned.borrow_mut().push(format!("deal-{outcome}"));
                }
                Action::Fail { share } => *stage.platform.faults.borrow_mut() = Faults::of(share, Mishap::Failing),
                Action::Destine { takes_calls } => stage.destine(takes_calls),
                Action::Fetch => stage.fetch(),
                Action::Sweep => stage.sweep(),
                Action::Later { hours } => stage.later(hours * HOUR_MS),
            }
        }
        check(&stage, &leads, &outcomes);
    }
}

#[test]
fn a_lead_counts_on_the_day_of_its_arrival_on_the_sites_clocks() {
    let stage = Stage::new();
    // 22:59 and 23:00 UTC are the last minute and the first of a day in Berlin.
    stage.platform.now.set(moment("2026-11-01T22:59:59.999Z"));
    stage.lead(1, &touches()[0], Some("granted"));
    stage.later(1);
    stage.lead(2, &touches()[1], Some("granted"));
    stage.lead(3, &touches()[2], Some("granted"));
    stage.lead(4, &json!({"params": {"acmeclid": "x"}}), Some("granted"));
    let report = stage.diagnostics("from=2026-11-01&to=2026-11-02");
    assert_eq!(
        [&report["time_zone"], &report["from"], &report["to"]],
        [
            &json!("Europe/Berlin"),
            &json!("2026-11-01"),
            &json!("2026-11-02")
        ]
    );
    let leads = |usable: u64, damaged: u64, unknown: u64, paid: u64| {
        json!({"count": usable + damaged + unknown + paid, "suspected": 0, "usable_click": usable, "damaged_click": damaged,
            "unknown_id": unknown, "paid_without_id": paid, "no_click": 0, "not_recorded": 0})
    };
    assert_eq!(report["days"][0]["leads"], leads(1, 0, 0, 0));
    assert_eq!(report["days"][1]["leads"], leads(0, 1, 1, 1));
    assert_eq!(report["total"]["leads"], leads(1, 1, 1, 1));
}

#[test]
fn an_outcome_counts_once_however_often_it_was_changed_and_whichever_way_it_went_before() {
    let stage = Stage::new();
    stage.lead(1, &touches()[0], Some("granted"));
    stage.outcome(1, 1, "won", 1);
    stage.fetch();
    stage.sweep();
    stage.later(HOUR_MS);
    for value in ["8", "7"] {
        stage.tell(&json!({"outcome_id": "deal-1", "change": "restate", "value": value, "currency": "EUR"}));
        stage.sweep();
        stage.later(HOUR_MS);
    }
    let ledger = stage.database.database().rows_in("deliveries");
    assert!(ledger > 3, "the changes have rows of their own: {ledger}");
    check(&stage, &BTreeSet::from([1]), &BTreeSet::from([1]));
    // An API's row of what was refused there says nothing of the file that the destination is now.
    stage.lead(2, &touches()[0], Some("granted"));
    stage.platform.poisoned.borrow_mut().push("deal-2".to_owned());
    stage.outcome(2, 2, "won", 1);
    stage.sweep();
    let feed = json!({"site": "default", "platform": "google", "transport": "feed", "dialect": "data_manager",
        "conversion_action": "Closed deal", "outcome_kinds": ["won"], "time_zone": "UTC"});
    assert_eq!(stage.ask("PUT", "v1/destinations/google", &feed).0, 200);
    check(&stage, &BTreeSet::from([1, 2]), &BTreeSet::from([1, 2]));
}

#[test]
fn what_was_told_before_an_api_was_there_says_how_it_gets_there() {
    let stage = Stage::new();
    stage.lead(1, &touches()[0], Some("granted"));
    stage.outcome(1, 1, "won", 1);
    stage.outcome(2, 1, "call", 1);
    stage.destine(false);
    let at_late = || {
        let (_, outcome) = stage.ask("GET", "v1/outcomes/deal-1", &Value::Null);
        let mut all = outcome["deliveries"].as_array().expect("deliveries").iter();
        let late = all
            .find(|delivery| delivery["destination"] == "late")
            .expect("it is stated");
        [&late["state"], &late["code"]].map(|text| text.as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(at_late(), ["held", "told_before_destination"]);
    check(&stage, &BTreeSet::from([1]), &BTreeSet::from([1, 2]));
    assert_eq!(stage.status_of("late").0, "no_recent_upload");
    // As the advice says.
    stage.outcome(1, 1, "won", 1);
    assert_eq!(at_late(), ["due", ""]);
    stage.sweep();
    assert_eq!(at_late(), ["confirmed", ""]);
    check(&stage, &BTreeSet::from([1]), &BTreeSet::from([1, 2]));
}

#[test]
fn a_lead_that_is_older_than_the_count_is_said_to_be_so() {
    let stage = Stage::new();
    stage.lead(1, &touches()[0], Some("granted"));
    stage
        .database
        .database()
        .execute("UPDATE leads SET click = NULL, suspicion = 'crawler'");
    let leads = &stage.diagnostics("")["total"]["leads"];
    assert_eq!(
        [
            &leads["count"],
            &leads["not_recorded"],
            &leads["usable_click"],
            &leads["suspected"]
        ],
        [&json!(1), &json!(1), &json!(0), &json!(1)]
    );
}

#[test]
fn a_destination_says_how_it_does_and_why() {
    let stage = Stage::new();
    let nothing = "The platform has taken nothing in the last 28 days.";
    for destination in ["google", "google-demo", "microsoft"] {
        assert_eq!(
            stage.status_of(destination),
            ("no_recent_upload".to_owned(), nothing.to_owned())
        );
    }
    for lead in 1..=3 {
        stage.lead(lead, &touches()[0], Some("granted"));
        stage.outcome(lead, lead, "won", 1);
    }
    stage.fetch();
    stage.sweep();
    for destination in ["google", "google-demo", "microsoft"] {
        assert_eq!(stage.status_of(destination).0, "excellent", "{destination}");
    }
    // A visitor who has said no takes nothing from it; one who was never asked does.
    stage.lead(4, &touches()[0], Some("denied"));
    stage.outcome(4, 4, "won", 1);
    assert_eq!(stage.status_of("google-demo").0, "excellent");
    stage.lead(5, &touches()[0], None);
    stage.outcome(5, 5, "won", 1);
    let (status, reason) = stage.status_of("google-demo");
    assert_eq!(status, "good");
    assert!(
        reason.starts_with("ad_user_data_unanswered of 1: The visitor has not said"),
        "{reason}"
    );
    // The platform refuses one of four.
    stage.lead(6, &touches()[0], Some("granted"));
    stage.outcome(6, 6, "won", 1);
    stage.platform.poisoned.borrow_mut().push("deal-6".to_owned());
    stage.sweep();
    let (status, reason) = stage.status_of("google");
    assert_eq!(status, "needs_attention");
    assert!(reason.starts_with("EVENT_TIME_INVALID of 1: "), "{reason}");
    // Exactly 28 days later the fetch is recent, and a millisecond later it is not.
    stage.later(28 * DAY_MS);
    assert_ne!(stage.status_of("google-demo").0, "no_recent_upload");
    stage.later(1);
    assert_eq!(stage.status_of("google-demo").0, "no_recent_upload");
}

#[test]
fn a_destination_that_nobody_lets_in_needs_attention() {
    let stage = Stage::new();
    stage.lead(1, &touches()[0], Some("granted"));
    stage.outcome(1, 1, "won", 1);
    stage.platform.refuses_secrets.set(true);
    stage.sweep();
    let (status, reason) = stage.status_of("google");
    assert_eq!(status, "needs_attention");
    assert!(reason.starts_with("no_access of 1: "), "{reason}");
}

#[test]
fn err_what_is_no_range_of_days() {
    let stage = Stage::new();
    for query in [
        "from=2026-11-02&to=2026-11-01",
        "from=yesterday",
        "to=2026-11-31",
        "from=2026-01-01&to=2026-04-03",
        "from=2026-11-01T00:00:00Z&to=2026-11-02",
        "from=&to=",
    ] {
        let (status, problem) = stage.ask("GET", &format!("v1/diagnostics?{query}"), &Value::Null);
        assert_eq!(
            (status, &problem["code"]),
            (422, &json!("query_invalid")),
            "{query}: {problem}"
        );
    }
    assert_eq!(
        stage.diagnostics("from=2026-01-01&to=2026-04-02")["days"]
            .as_array()
            .map(Vec::len),
        Some(92)
    );
    assert_eq!(stage.diagnostics("")["days"].as_array().map(Vec::len), Some(28));
}

/// A lead is still three written rows: itself, its arrival, and nothing for the counts.
#[test]
fn counting_costs_a_lead_no_further_row() {
    let stage = Stage::new();
    let before = stage.database.database().rows_written();
    stage.lead(1, &touches()[0], Some("granted"));
    assert!(stage.database.database().rows_written() - before <= 3);
}
