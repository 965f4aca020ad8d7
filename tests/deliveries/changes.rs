//! What is said of an outcome later.

use serde_json::{Value, json};
use support::native_collector::{NativeCollector, post_outcomes};

use crate::stage::{CLICK, MINUTE_MS, OUTCOME, Stage, outcome_id};

/// Says something later of an outcome.
fn change(stage: &Stage, number: usize, change: Value) -> u16 {
    let mut row = change;
    row["outcome_id"] = json!(outcome_id(number));
    let reply = NativeCollector::new(&stage.database)
        .answer(&post_outcomes(&row.to_string()), stage.platform.now.get());
    reply.status
}

/// Change, state and reason of every delivery of an outcome.
fn story(stage: &Stage) -> Vec<Vec<String>> {
    stage.texts("SELECT change, state, coalesce(reason, '') FROM deliveries ORDER BY change")
}

fn values(stage: &Stage) -> Vec<String> {
    let conversions = stage.platform.conversions.borrow();
    let value = |payload: &String| {
        let payload: Value = serde_json::from_str(payload).expect("JSON");
        let value = &payload["conversionValue"];
        let value = if value.is_null() {
            &payload["AdjustmentType"]
        } else {
            value
        };
        value.to_string()
    };
    conversions.values().flatten().map(value).collect()
}

#[test]
fn a_new_value_before_sending_is_the_value_that_is_sent() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    let restated = json!({"change": "restate", "value": "900.00", "currency": "EUR"});
    assert_eq!(change(&stage, 0, restated), 200);
    stage.later(MINUTE_MS);
    stage.sweep_for_days(1);
    assert_eq!(story(&stage), [["", "confirmed", ""]]);
    assert_eq!(values(&stage), ["900.0"]);
}

#[test]
fn what_is_taken_back_before_sending_is_never_sent() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    assert_eq!(change(&stage, 0, json!({"change": "retract"})), 200);
    stage.sweep_for_days(1);
    assert_eq!(story(&stage), [["", "refused", "retracted"]]);
    assert_eq!(stage.platform.requests.get(), 0);
}

#[test]
fn a_change_after_sending_is_sent_as_a_change() {
    let restate = json!({"change": "restate", "value": "900.00", "currency": "EUR", "changed_at": "2026-11-23T11:00:00Z"});
    for (platform, expected, retraction) in [
        (
            "google",
            vec!["1250.0", "900.0"],
            ["held", "retraction_by_other_transport"],
        ),
        (
            "microsoft",
            vec!["null", "\"Restate\"", "\"Retract\""],
            ["confirmed", ""],
        ),
        ("meta", vec!["null"], ["refused", "adjustment_not_supported"]),
    ] {
        let stage = Stage::new(platform, 1);
        stage.lead(0, CLICK);
        stage.outcomes(0..1, OUTCOME);
        assert!(stage.sweep());
        // A change that comes while the first value is on its way, one that repeats it, and two retractions.
        for _ in 0..2 {
            assert_eq!(change(&stage, 0, restate.clone()), 200);
            assert_eq!(
                story(&stage).len(),
                2,
                "{platform}: also before the first is confirmed"
            );
        }
        stage.sweep_for_days(1);
        for _ in 0..2 {
            assert_eq!(change(&stage, 0, json!({"change": "retract"})), 200);
        }
        stage.sweep_for_days(1);
        let story = story(&stage);
        assert_eq!(story.len(), 3, "{platform}: {story:?}");
        assert_eq!(story[0][1], "confirmed", "{platform}");
        assert_eq!(story[2][1..], retraction, "{platform}");
        assert_eq!(values(&stage), expected, "{platform}");
        stage.assert_strict();
    }
}

#[test]
fn another_word_on_the_same_moment_is_sent_once_more() {
    let restate = |value: &str| json!({"change": "restate", "value": value, "currency": "EUR", "changed_at": "2026-11-23T11:00:00Z"});
    for (platform, expected) in [
        ("google", ["1250.0", "900.0", "800.0"]),
        ("microsoft", ["null", "\"Restate\"", "\"Restate\""]),
    ] {
        let stage = Stage::new(platform, 1);
        stage.lead(0, CLICK);
        stage.outcomes(0..1, OUTCOME);
        assert!(stage.sweep());
        // A word that is repeated is sent once. News begins anew, whatever became of the word before.
        for (value, is_news) in [
            ("900.00", true),
            ("900.00", false),
            ("800.00", true),
            ("800.00", false),
        ] {
            stage.later(MINUTE_MS);
            if is_news {
                let hard = "UPDATE deliveries SET asked = 3, request_id = 'r', reason = 'x', answer = 'y', may_be_there = 1 WHERE change <> ''";
                stage.database.database().execute(hard);
            }
            assert_eq!(change(&stage, 0, restate(value)), 200);
            let planned = stage.texts(
                "SELECT state, since_ms, attempts, asked, request_id, request_row, reason, answer, may_be_there,
                    payload, frozen_at_ms FROM deliveries WHERE change <> ''",
            );
            let anew = [["due", "", "0", "0", "", "", "", "", "0", "", ""]];
            assert_eq!(planned == anew, is_news, "{platform} {value} {planned:?}");
            stage.sweep_for_days(1);
        }
        let states: Vec<String> = story(&stage).into_iter().map(|row| row[1].clone()).collect();
        assert_eq!(states, ["confirmed", "confirmed"], "{platform}");
        assert_eq!(values(&stage), expected, "{platform}");
        stage.assert_strict();
    }
}

#[test]
fn a_word_that_is_on_its_way_arrives_before_another_one_on_its_moment() {
    let restate = |value: &str| json!({"change": "restate", "value": value, "currency": "EUR", "changed_at": "2026-11-23T11:00:00Z"});
    let stage = Stage::new("microsoft", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    assert!(stage.sweep());
    stage.later(MINUTE_MS);
    assert_eq!(change(&stage, 0, restate("900.00")), 200);
    assert!(stage.sweep());
    let lease_ends = stage.platform.now.get().plus_ms(10 * MINUTE_MS).ms();
    stage.database.database().execute(&format!(
        "UPDATE deliveries SET state = 'sending', next_at_ms = {lease_ends} WHERE change <> ''"
    ));
    stage.later(MINUTE_MS);
    assert_eq!(change(&stage, 0, restate("800.00")), 200);
    assert_eq!(story(&stage)[1][1], "sending");
    stage.sweep_for_days(1);
    let is_of_newest = "SELECT state, payload LIKE '%800%' FROM deliveries WHERE change <> ''";
    assert_eq!(stage.texts(is_of_newest), [["confirmed", "1"]]);
    stage.assert_strict();
}

#[test]
fn a_change_is_sent_of_its_own_outcome_at_its_own_site_alone() {
    let stage = Stage::new("google", 1);
    let restate = |changed_at: &str| json!({"change": "restate", "value": "900.00", "currency": "EUR", "changed_at": changed_at});
    for number in 0..2 {
        stage.lead(number, CLICK);
    }
    stage.outcomes(0..2, OUTCOME);
    // Another site has an outcome of the same id, which changed, and a destination that has it.
    stage.ask(
        "PUT",
        "v1/sites/other",
        &json!({"origins": ["https://other.example"]}),
    );
    let elsewhere = json!({"site": "other", "platform": "microsoft", "transport": "api", "conversion_action": "Sale",
        "outcome_kinds": ["won"], "api": {"customer_id": "1", "account_id": "2"}});
    assert_eq!(stage.ask("PUT", "v1/destinations/elsewhere", &elsewhere).0, 201);
    stage.database.database().execute(
        "INSERT INTO deliveries (destination, site, outcome_id, change, state, since_ms, frozen_at_ms)
            VALUES ('elsewhere', 'other', 'deal-0', '', 'confirmed', 1, 1);
        INSERT INTO outcome_changes (site, outcome_id, change, changed_at_ms, value, currency, received_at_ms, content_sha256)
            VALUES ('other', 'deal-0', 'restate', 5, '7.00', 'EUR', 9999999999999, 'x')",
    );
    stage.sweep_for_days(1);
    for (number, changed_at) in [(1, "2026-11-23T10:00:00Z"), (0, "2026-11-23T11:00:00Z")] {
        assert_eq!(change(&stage, number, restate(changed_at)), 200);
        stage.later(MINUTE_MS);
        stage.sweep_for_days(1);
    }
    let [at_10, at_11] = [10, 11].map(|hour| 1_795_392_000_000_i64 + hour * 3_600_000);
    assert_eq!(
        stage.texts(
            "SELECT destination, outcome_id, change FROM deliveries ORDER BY destination, outcome_id, change"
        ),
        [
            ["elsewhere", "deal-0", ""],
            ["sales", "deal-0", ""],
            ["sales", "deal-0", &format!("restate:{at_11}")],
            ["sales", "deal-1", ""],
            ["sales", "deal-1", &format!("restate:{at_10}")],
        ]
    );
    stage.assert_strict();
}
