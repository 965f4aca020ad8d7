//! Outcomes that were told before their destination was there.

use attribution::limits::EARLIER_OUTCOMES_PER_STEP;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use support::native_collector::{ADMIN_TOKEN, ask};

use crate::stage::{CLICK, MINUTE_MS, OUTCOME, Stage, destination};

/// The same way to Google, set up when outcomes have been told already.
fn late(since: Option<&str>) -> Value {
    let mut settings = destination("google");
    settings["outcomes_since"] = json!(since);
    settings
}

/// State and reason of what goes to that destination, and how often.
fn ledger(stage: &Stage, destination: &str) -> Vec<Vec<String>> {
    stage.texts(&format!(
        "SELECT state, coalesce(reason, ''), count(*) FROM deliveries WHERE destination = '{destination}'
        GROUP BY state, reason ORDER BY state, reason"
    ))
}

/// State and code at that destination, as a person reads them of an outcome.
fn stands(stage: &Stage, outcome_id: &str) -> (Value, Value, Value) {
    let (status, outcome) = stage.ask("GET", &format!("v1/outcomes/{outcome_id}"), &Value::Null);
    assert_eq!(status, 200);
    let mut deliveries = outcome["deliveries"].as_array().expect("deliveries").iter();
    let delivery = deliveries.find(|delivery| delivery["destination"] == "late");
    let delivery = delivery.expect("a delivery");
    (
        delivery["state"].clone(),
        delivery["code"].clone(),
        delivery["advice"].clone(),
    )
}

#[test]
fn they_are_held_until_somebody_says_since_when_they_go() {
    let stage = Stage::new("meta", 1);
    for number in 0..4 {
        stage.lead(number, CLICK);
    }
    stage.outcomes(0..2, "2026-11-21T12:00:00Z");
    stage.outcomes(2..4, OUTCOME);
    assert_eq!(stage.ask("PUT", "v1/destinations/late", &late(None)).0, 201);
    assert!(stage.sweep());
    assert_eq!(stage.platform.count_of("google"), 0);
    let (state, code, advice) = stands(&stage, "deal-2");
    assert_eq!((state, code), (json!("held"), json!("told_before_destination")));
    assert!(
        advice
            .as_str()
            .is_some_and(|advice| advice.contains("outcomes_since"))
    );
    // What happened since then goes, at once as far as anybody reads, and once.
    let (status, set) = stage.ask(
        "PUT",
        "v1/destinations/late",
        &late(Some("2026-11-22T13:00:00+01:00")),
    );
    assert_eq!(
        (status, &set["outcomes_since"]),
        (200, &json!("2026-11-22T12:00:00.000Z"))
    );
    assert_eq!(stands(&stage, "deal-2").0, json!("due"));
    assert_eq!(stands(&stage, "deal-1").0, json!("held"));
    stage.sweep_for_days(1);
    assert_eq!(ledger(&stage, "late"), [["confirmed", "", "2"]]);
    assert_eq!(stage.platform.count_of("google"), 2);
    // Set again it looks again, further back too, and sends nothing twice.
    let earlier = late(Some("2026-11-01T00:00:00Z"));
    assert_eq!(stage.ask("PUT", "v1/destinations/late", &earlier).0, 200);
    stage.sweep_for_days(1);
    assert_eq!(ledger(&stage, "late"), [["confirmed", "", "4"]]);
    assert_eq!(stage.platform.times_taken(), vec![1; 8]);
}

#[test]
fn many_are_planned_in_steps_and_each_once() {
    let stage = Stage::new("meta", 1);
    let count = EARLIER_OUTCOMES_PER_STEP + 150;
    for number in 0..count {
        stage.lead(number, CLICK);
    }
    // Some in the same millisecond, across the end of a step.
    for (place, start) in (0..count).step_by(50).enumerate() {
        stage.outcomes(start..start + 50, OUTCOME);
        stage.later((place % 2) as i64);
    }
    let settings = late(Some("2026-11-01T00:00:00Z"));
    assert_eq!(stage.ask("PUT", "v1/destinations/late", &settings).0, 201);
    let planned = |stage: &Stage| stage.texts("SELECT count(*) FROM deliveries WHERE destination = 'late'");
    assert_eq!(planned(&stage), [[EARLIER_OUTCOMES_PER_STEP.to_string()]]);
    assert!(stage.sweep());
    assert_eq!(planned(&stage), [[count.to_string()]]);
    let left = "SELECT earlier_after_ms FROM destinations WHERE destination = 'late'";
    assert_eq!(stage.texts(left), [[""]]);
    stage.sweep_for_days(1);
    assert_eq!(stage.platform.count_of("google"), count);
}

#[test]
fn what_another_destination_gave_the_same_conversion_action_is_not_given_again() {
    let stage = Stage::new("meta", 1);
    for number in 0..3 {
        stage.lead(number, CLICK);
    }
    let feed = |conversion_action: &str| {
        json!({"site": "default", "platform": "google", "transport": "feed", "dialect": "data_manager",
            "conversion_action": conversion_action, "outcome_kinds": ["won"], "time_zone": "UTC", "feed_user": "ads"})
    };
    let mut passwords = Vec::new();
    for (id, action) in [("same", "Closed deal"), ("other", "Another deal")] {
        let (status, made) = stage.ask("PUT", &format!("v1/destinations/{id}"), &feed(action));
        assert_eq!(status, 201, "{made}");
        passwords.push((id, made["feed_password"].as_str().expect("a password").to_owned()));
    }
    let fetch = |stage: &Stage, (id, password): &(&str, String)| {
        let mut request = ask("GET", &format!("feeds/{id}/conversions.csv"), ADMIN_TOKEN, "");
        let basic = format!("ads:{password}");
        request.authorization = Some(format!("Basic {}", STANDARD.encode(basic)));
        assert_eq!(stage.answer(&request).status, 200);
    };
    stage.outcomes(0..1, OUTCOME);
    fetch(&stage, &passwords[0]);
    stage.later(MINUTE_MS);
    stage.outcomes(1..3, OUTCOME);
    fetch(&stage, &passwords[1]);
    let settings = late(Some("2026-11-01T00:00:00Z"));
    assert_eq!(stage.ask("PUT", "v1/destinations/late", &settings).0, 201);
    assert_eq!(stands(&stage, "deal-0").1, json!("given_elsewhere"));
    stage.sweep_for_days(1);
    assert_eq!(
        ledger(&stage, "late"),
        [["confirmed", "", "2"], ["refused", "given_elsewhere", "1"]]
    );
    assert_eq!(stage.platform.count_of("google"), 2);
}

/// What another destination will send is as good as sent; what is held there may never go, and goes here.
#[test]
fn what_another_destination_is_about_to_give_is_left_to_it_and_what_it_holds_is_not() {
    for (platform_refuses, expected) in [
        (false, ["refused", "given_elsewhere", "1"]),
        (true, ["due", "", "1"]),
    ] {
        let stage = Stage::new("google", 1);
        stage.lead(0, CLICK);
        stage.outcomes(0..1, OUTCOME);
        if platform_refuses {
            stage.platform.oldest_token.set(99);
            assert!(stage.sweep());
            assert_eq!(stage.state(0)[0], "held");
        }
        let settings = late(Some("2026-11-01T00:00:00Z"));
        assert_eq!(stage.ask("PUT", "v1/destinations/late", &settings).0, 201);
        assert_eq!(ledger(&stage, "late"), [expected]);
    }
}

#[test]
fn err_only_an_api_has_a_moment_and_it_has_an_offset() {
    let stage = Stage::new("meta", 1);
    for since in ["2026-11-01T00:00:00", "yesterday", ""] {
        let (status, refusal) = stage.ask("PUT", "v1/destinations/late", &late(Some(since)));
        assert_eq!(status, 422, "{refusal}");
        assert!(refusal.to_string().contains("/outcomes_since"), "{refusal}");
    }
    let feed = json!({"site": "default", "platform": "google", "transport": "feed", "dialect": "data_manager",
        "conversion_action": "Closed deal", "outcome_kinds": ["won"], "time_zone": "UTC",
        "outcomes_since": "2026-11-01T00:00:00Z"});
    assert_eq!(stage.ask("PUT", "v1/destinations/late", &feed).0, 422);
}
