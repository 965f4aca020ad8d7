//! Every bad outcome ends somewhere, with a word and advice: each one told to the native collector, for three platforms by
//! their APIs and by their files, and its end read back from `GET v1/outcomes/{id}`.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod stage; // a collector with a destination of each way
mod table; // what is told, and how it ends

use std::collections::BTreeMap;

use attribution::timestamp::DAY_MS;
use serde_json::{Value, json};

use crate::stage::{CLICK, OUTCOME, Stage, WAYS, lead, outcome};
use crate::table::Step::{Deliver, Lead, Tell};
use crate::table::bad_outcomes;

#[test]
fn every_bad_outcome_ends_in_its_stated_state_with_advice_by_every_way() {
    for (what, steps, expected) in bad_outcomes() {
        let stage = Stage::new();
        for step in steps {
            match step {
                Lead(lead) => stage.lead(&lead),
                Tell(row, said) => assert_eq!(stage.tell(&row)["result"], said, "{what}"),
                Deliver => stage.deliver(),
            }
        }
        let expected: BTreeMap<String, String> = WAYS
            .into_iter()
            .zip(expected)
            .map(|(way, end)| (way.to_owned(), end.to_owned()))
            .collect();
        assert_eq!(stage.ends(), expected, "{what}");
        assert_eq!(*stage.platform.breaches.borrow(), Vec::<String>::new(), "{what}");
        // Nothing went out twice: whoever took it, took it once, and once more for each change that it is told.
        let times = stage.platform.times_taken();
        let changes = usize::from(what == "retracted twice after it was sent");
        assert!(
            times.iter().all(|times| *times <= 1 + changes),
            "{what}: {times:?}"
        );
        // An outcome whose lead never comes is refused when no platform would take it any more.
        if what == "without a lead that ever comes" {
            stage.later(91 * DAY_MS);
            stage.deliver();
            let ends: Vec<String> = stage.ends().into_values().collect();
            let [api, file] = ["refused lead_waiting", "refused conversion_too_old"];
            assert_eq!(ends, [api, file, file, api, api, file]);
        }
    }
}

/// What is wrong by itself is refused at the door, so that its teller hears of it: nothing of it is stored.
#[test]
fn err_what_is_refused_at_the_door_says_why_and_is_nowhere() {
    let mut currency = outcome(OUTCOME);
    currency["currency"] = json!("XBT");
    let before_click = outcome("2026-11-19T12:00:00Z");
    // A day more than any window.
    let far_ahead = outcome("2027-02-21T12:00:00.001Z");
    for (row, code) in [
        (far_ahead, "time_too_far_ahead"),
        (currency, "currency_unknown"),
        (before_click, "outcome_before_click"),
    ] {
        let stage = Stage::new();
        stage.lead(&lead(CLICK));
        let said = stage.tell(&row);
        assert_eq!(
            [&said["result"], &said["code"]],
            [&json!("refused"), &json!(code)]
        );
        assert!(
            said["advice"].as_str().is_some_and(|advice| advice.len() > 30),
            "{said}"
        );
        assert_eq!(stage.ask("GET", "v1/outcomes/deal-1", &Value::Null).0, 404);
        assert_eq!(stage.database.database().rows_in("deliveries"), 0);
        stage.deliver();
        assert_eq!(stage.platform.requests.get(), 0);
    }
}
