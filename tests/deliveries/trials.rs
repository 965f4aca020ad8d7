//! Whether a platform takes a destination's settings, told when they are set. The settings are stored whatever it says.

use serde_json::{Value, json};
use support::native_collector::{ADMIN_TOKEN, NativeCollector, ask};
use support::platform_double::Mishap;

use crate::stage::{Stage, destination};

/// Sets another destination, and gives what is told of its trial.
fn trial(stage: &Stage, settings: &Value) -> Value {
    let (status, answer) = stage.ask("PUT", "v1/destinations/other", settings);
    assert!(status == 200 || status == 201, "{status} {answer}");
    let (status, stored) = stage.ask("GET", "v1/destinations/other", &Value::Null);
    assert_eq!(status, 200);
    assert_eq!(
        stored["api"], settings["api"],
        "it is stored whatever the platform says"
    );
    assert_eq!(stored["trial"], Value::Null, "a trial is told once");
    answer["trial"].clone()
}

/// A destination with one of its settings changed.
fn changed(platform: &str, setting: &str, value: &str) -> Value {
    let mut settings = destination(platform);
    settings["api"][setting] = json!(value);
    settings
}

#[test]
fn right_settings_pass_and_count_nothing() {
    for settings in [
        destination("google"),
        changed("google", "event_source", "WEB"),
        changed("google", "login_account", "999-999-9999"),
        changed("meta", "test_event_code", "TEST123"),
    ] {
        let stage = Stage::new("microsoft", 1);
        let trial = trial(&stage, &settings);
        assert_eq!(trial["result"], "passed", "{trial}");
        assert!(
            trial["detail"]
                .as_str()
                .is_some_and(|detail| detail.ends_with('.'))
        );
        assert_eq!(stage.platform.requests.get(), 1);
        assert_eq!(stage.platform.times_taken(), Vec::<usize>::new());
        stage.assert_strict();
    }
}

#[test]
fn a_website_and_a_purchase_are_tried_with_what_meta_asks_of_them() {
    let stage = Stage::new("microsoft", 1);
    let mut settings = changed("meta", "test_event_code", "TEST123");
    settings["api"]["action_source"] = json!("website");
    settings["conversion_action"] = json!("Purchase");
    assert_eq!(trial(&stage, &settings)["result"], "passed");
    stage.assert_strict();
}

#[test]
fn err_wrong_settings_are_named_with_the_platforms_own_words() {
    let stage = Stage::new("microsoft", 1);
    for (settings, code, advice, said) in [
        (
            changed("google", "conversion_action_id", "1"),
            "INVALID_CONVERSION_ACTION_ID",
            "number of a conversion action",
            "The conversion action was not found.",
        ),
        (
            changed("google", "operating_account", "1"),
            "PERMISSION_DENIED",
            "Give the service account access",
            "The caller does not have permission",
        ),
    ] {
        let trial = trial(&stage, &settings);
        assert_eq!(trial["result"], "refused", "{trial}");
        assert_eq!((&trial["code"], &trial["said"]), (&json!(code), &json!(said)));
        assert!(
            trial["detail"]
                .as_str()
                .is_some_and(|detail| detail.contains(advice)),
            "{trial}"
        );
    }
}

#[test]
fn err_a_secret_that_is_missing_unreadable_or_refused() {
    let mut stage = Stage::new("microsoft", 1);
    for (secret, result, code) in [
        (None, "not_checked", "secret_missing"),
        (Some(""), "not_checked", "secret_missing"),
        (Some("{"), "refused", "secret_unreadable"),
        (Some(r#"{"client_id":"stranger"}"#), "refused", "secret_refused"),
    ] {
        stage.access.google.secret = secret.map(str::to_owned);
        let trial = trial(&stage, &destination("google"));
        assert_eq!(
            (&trial["result"], &trial["code"]),
            (&json!(result), &json!(code)),
            "{trial}"
        );
        let detail = trial["detail"].as_str().expect("a sentence");
        assert!(detail.contains("GOOGLE_CREDENTIALS"), "{detail}");
        let said = (code == "secret_refused").then_some("Bad Request");
        assert_eq!(trial["said"].as_str(), said);
    }
    assert_eq!(stage.platform.requests.get(), 0);
}

#[test]
fn err_a_platform_that_does_not_answer_stands_in_nobodys_way() {
    for mishap in [
        Mishap::RequestLost,
        Mishap::AnswerLost,
        Mishap::Silent,
        Mishap::Busy,
        Mishap::Failing,
        Mishap::Html,
    ] {
        let stage = Stage::new("microsoft", 1);
        stage.platform.script.borrow_mut().push(("google", mishap));
        let trial = trial(&stage, &destination("google"));
        let told = (&trial["result"], &trial["code"]);
        assert_eq!(told, (&json!("not_checked"), &json!("no_answer")), "{mishap:?}");
    }
}

#[test]
fn where_a_platform_offers_no_trial_nothing_is_sent_that_could_count() {
    let stage = Stage::new("google", 1);
    for platform in ["microsoft", "meta"] {
        let trial = trial(&stage, &destination(platform));
        let told = (&trial["result"], &trial["code"]);
        assert_eq!(told, (&json!("not_checked"), &json!("no_trial")), "{trial}");
    }
    assert_eq!(stage.platform.requests.get(), 0);
    // Microsoft's secret is tried all the same.
    assert_eq!(stage.platform.tokens.get(), 1);
    stage.platform.refuses_secrets.set(true);
    assert_eq!(trial(&stage, &destination("microsoft"))["code"], "secret_refused");
}

#[test]
fn a_feed_is_fetched_by_the_platform_and_has_no_trial() {
    let stage = Stage::new("google", 1);
    let feed = json!({"site": "default", "platform": "google", "transport": "feed", "dialect": "legacy_upload",
        "conversion_action": "Closed deal", "outcome_kinds": ["won"], "time_zone": "UTC"});
    let request = ask("PUT", "v1/destinations/feed", ADMIN_TOKEN, &feed.to_string());
    let collector = NativeCollector::new(&stage.database);
    // No platform is asked: the network of this collector would fail the test.
    let reply = collector.answer(&request, stage.platform.now.get());
    assert_eq!(reply.status, 201);
    let answer: Value = serde_json::from_slice(&reply.body).expect("JSON");
    assert_eq!(answer["trial"], Value::Null);
}
