//! What the answers about single leads and outcomes add up to, and the report that must say the same.

use std::collections::{BTreeMap, BTreeSet};

use attribution::time_zone::TimeZone;
use serde_json::{Value, json};

use crate::WHOLE_GCLID;
use crate::stage::{Stage, lead_id, moment};

/// The date in Berlin of a moment in an answer.
pub(crate) fn day_of(moment_text: &str) -> String {
    let berlin = TimeZone::named("Europe/Berlin").expect("a zone");
    berlin.write_for_data_manager_file(moment(moment_text))[..10].to_owned()
}

/// A count, by the path to it in the report of a day.
pub(crate) type Numbers = BTreeMap<String, u64>;

/// Every number of a part of the report that is not zero.
pub(crate) fn numbers_in(value: &Value, path: &str, numbers: &mut Numbers) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                numbers_in(value, &format!("{path}/{name}"), numbers);
            }
        }
        Value::Number(number) => {
            let number = number.as_u64().expect("a count");
            if number > 0 {
                numbers.insert(path.to_owned(), number);
            }
        }
        _ => {}
    }
}

/// What the answers about single leads and outcomes add up to, day by day.
pub(crate) fn expected(
    stage: &Stage,
    leads: &BTreeSet<u64>,
    outcomes: &BTreeSet<u64>,
) -> BTreeMap<String, Numbers> {
    let mut days: BTreeMap<String, Numbers> = BTreeMap::new();
    let mut add = |moment: &Value, path: String| {
        let day = day_of(moment.as_str().expect("a moment"));
        *days.entry(day).or_default().entry(path).or_default() += 1;
    };
    for lead in leads {
        let (_, story) = stage.ask("GET", &format!("v1/leads/{}", lead_id(*lead)), &Value::Null);
        add(&story["received_at"], "/leads/count".to_owned());
        let touch = &story["lead"]["touches"][0];
        let trace = match (&touch["ids"]["gclid"], &touch["utm"]["utm_medium"]) {
            (Value::String(gclid), _) if gclid == WHOLE_GCLID => "usable_click",
            (Value::String(_), _) => "damaged_click",
            (_, Value::String(_)) => "paid_without_id",
            _ => "no_click",
        };
        add(&story["received_at"], format!("/leads/{trace}"));
    }
    for outcome in outcomes {
        let (_, story) = stage.ask("GET", &format!("v1/outcomes/deal-{outcome}"), &Value::Null);
        let told_at = &story["received_at"];
        add(told_at, "/outcomes".to_owned());
        if story["match"] == "matched" {
            add(told_at, "/matched".to_owned());
        }
        for delivery in story["deliveries"].as_array().expect("deliveries") {
            if !delivery["change"].is_null() {
                continue;
            }
            let at = format!(
                "/destinations/{}",
                delivery["destination"].as_str().expect("a name")
            );
            let state = delivery["state"].as_str().expect("a state");
            add(told_at, format!("{at}/outcomes"));
            if ["waiting", "held", "refused"].contains(&state) {
                let code = delivery["code"].as_str().expect("a code");
                add(told_at, format!("{at}/{state}/{code}"));
                continue;
            }
            add(told_at, format!("{at}/deliverable"));
            if ["sent", "fetched", "confirmed"].contains(&state) {
                add(told_at, format!("{at}/delivered"));
            }
            if state == "confirmed" {
                add(told_at, format!("{at}/confirmed"));
            }
        }
    }
    days
}

/// Each day, the total, and that the parts of a whole add up to it.
pub(crate) fn check(stage: &Stage, leads: &BTreeSet<u64>, outcomes: &BTreeSet<u64>) {
    let report = stage.diagnostics("from=2026-10-20&to=2026-11-30");
    assert_eq!(report["days"].as_array().map(Vec::len), Some(42));
    let mut days = BTreeMap::new();
    for day in report["days"].as_array().expect("days") {
        let mut numbers = Numbers::new();
        numbers_in(day, "", &mut numbers);
        if !numbers.is_empty() {
            days.insert(day["day"].as_str().expect("a day").to_owned(), numbers);
        }
        for at in day["destinations"].as_object().expect("destinations").values() {
            let by_reason = ["waiting", "held", "refused"].map(|state| {
                let counts = at[state].as_object().expect("counts").values();
                counts.map(|count| count.as_u64().expect("a count")).sum::<u64>()
            });
            let sum = at["deliverable"].as_u64().expect("a count") + by_reason.iter().sum::<u64>();
            assert_eq!(at["outcomes"], json!(sum), "{at}");
        }
    }
    assert_eq!(days, expected(stage, leads, outcomes));
    let mut sums = Numbers::new();
    for (path, number) in days.values().flatten() {
        *sums.entry(path.clone()).or_default() += number;
    }
    let mut total = Numbers::new();
    numbers_in(&report["total"], "", &mut total);
    assert_eq!(total, sums);
}
