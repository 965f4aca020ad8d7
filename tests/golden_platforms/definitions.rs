//! Every body is read by the platforms' own definitions, extracted from their official packages by
//! `golden/definitions/extract.py`: a field that the platform does not know, or a value of another type, is refused.

use attribution::google::data_manager::{AT_ONCE, LATER_ON};
use serde_json::Value;
use support::definitions::Definitions;

use crate::adjustments;
use crate::cases::Golden;
use crate::deliverable;

#[test]
fn every_body_is_one_that_the_platforms_packages_know() {
    let golden = Golden::read();
    let bodies = deliverable::bodies(&golden)
        .into_iter()
        .chain(adjustments::bodies(&golden));
    let mut checked = 0;
    for (name, body) in bodies {
        let (platform, file) = name.split_once('/').expect("a platform");
        let definitions = Definitions::read(platform);
        let root = match file {
            "adjustments.request.json" if platform == "microsoft" => "OfflineConversionAdjustments",
            _ => &definitions.root,
        };
        let body: Value = serde_json::from_str(&body).expect("JSON");
        let breaches = definitions.breaches(root, &body, name);
        assert!(breaches.is_empty(), "{breaches:#?}");
        checked += 1;
    }
    assert_eq!(checked, 7);
}

#[test]
fn an_unknown_field_and_a_wrong_type_are_seen() {
    let definitions = Definitions::read("google");
    for (body, breach) in [
        (r#"{"events":[{"gclid":"x"}]}"#, "body.events[0].gclid is unknown"),
        (
            r#"{"events":[{"conversionValue":"1.00"}]}"#,
            "body.events[0].conversionValue is no number",
        ),
        (
            r#"{"events":[{"transactionId":""}]}"#,
            "body.events[0].transactionId is no string",
        ),
        (
            r#"{"events":[{"eventTimestamp":"2026-11-20 13:05:00"}]}"#,
            "body.events[0].eventTimestamp is no timestamp",
        ),
        (
            r#"{"events":[{"consent":{"adUserData":"GRANTED"}}]}"#,
            "body.events[0].consent.adUserData is no enum:CONSENT_STATUS_UNSPECIFIED|CONSENT_GRANTED|CONSENT_DENIED",
        ),
        (r#"{"events":{}}"#, "body.events is no list"),
    ] {
        let body: Value = serde_json::from_str(body).expect("JSON");
        assert_eq!(
            definitions.breaches("IngestEventsRequest", &body, "body"),
            [breach]
        );
    }
}

#[test]
fn every_word_of_the_data_manager_is_one_of_its_own() {
    let definitions = Definitions::read("google");
    for word in AT_ONCE {
        // The status of an HTTP answer of 401, which is none of the API's own reasons.
        let is_status = word.name == "UNAUTHENTICATED";
        assert!(
            is_status
                || definitions.reasons["ErrorReason"]
                    .iter()
                    .any(|reason| reason == word.name),
            "{}",
            word.name
        );
    }
    for word in LATER_ON {
        let known = &definitions.reasons["ProcessingErrorReason"];
        let full = |prefix: &str| format!("{prefix}{}", word.name);
        let names = [full("PROCESSING_ERROR_REASON_"), full("PROCESSING_ERROR_")];
        assert!(names.iter().any(|name| known.contains(name)), "{}", word.name);
    }
}
