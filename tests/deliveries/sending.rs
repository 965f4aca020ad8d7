//! What goes out, and what never does.

use crate::stage::{CLICK, MINUTE_MS, OUTCOME, Stage, moment, msclkid, outcome_id, seen};

#[test]
fn an_outcome_is_told_to_google_and_seen_to_be_taken() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    assert_eq!(stage.state(0), seen("due", "", ""));
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("sent", "", ""));
    // Google is asked after half an hour, and not before.
    stage.later(29 * MINUTE_MS);
    assert!(stage.sweep());
    assert_eq!(stage.platform.requests.get(), 1);
    stage.later(MINUTE_MS);
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("sent", "", ""));
    assert_eq!(stage.texts("SELECT asked FROM deliveries"), [["1"]]);
    stage.sweep_for_days(1);
    assert_eq!(stage.state(0), seen("confirmed", "", ""));
    assert_eq!(stage.platform.times_taken(), [1]);
    assert_eq!(stage.texts("SELECT attempts FROM deliveries"), [["1"]]);
    stage.assert_strict();
    // Nothing is left: another run asks nobody.
    let requests = stage.platform.requests.get();
    assert!(stage.sweep());
    assert_eq!(stage.platform.requests.get(), requests);
}

#[test]
fn microsoft_and_meta_tell_at_once() {
    for platform in ["microsoft", "meta"] {
        let stage = Stage::new(platform, 1);
        stage.lead(0, CLICK);
        stage.outcomes(0..1, OUTCOME);
        assert!(stage.sweep());
        assert_eq!(stage.state(0), seen("confirmed", "", ""), "{platform}");
        assert_eq!(stage.platform.times_taken(), [1]);
        stage.assert_strict();
    }
}

#[test]
fn an_outcome_waits_for_its_lead_and_for_the_platform_to_know_the_click() {
    let stage = Stage::new("google", 1);
    stage.outcomes(0..1, "2026-11-23T11:59:00Z");
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("waiting", "lead_waiting", ""));
    stage.lead(0, "2026-11-23T11:00:00Z");
    stage.later(5 * MINUTE_MS);
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("waiting", "click_too_recent", ""));
    stage.platform.now.set(moment("2026-11-23T16:59:59Z"));
    assert!(stage.sweep());
    assert_eq!(stage.platform.requests.get(), 0);
    stage.later(MINUTE_MS);
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("sent", "", ""));
}

#[test]
fn what_the_rules_refuse_is_never_sent() {
    let stage = Stage::new("google", 1);
    stage.lead(0, "2026-11-22T13:00:00Z");
    // The collector refuses an outcome before its click at the door, so the outcome comes first.
    let early = Stage::new("google", 1);
    early.outcomes(0..1, OUTCOME);
    early.lead(0, "2026-11-22T13:00:00Z");
    assert!(early.sweep());
    assert_eq!(early.state(0), seen("refused", "conversion_before_click", ""));
    assert_eq!(early.platform.requests.get(), 0);
    assert!(!early.is_anything_left());
}

#[test]
fn one_poisoned_row_in_a_hundred_leaves_ninety_nine_delivered() {
    for (platform, answer) in [
        ("google", "EVENT_TIME_INVALID"),
        ("microsoft", "OfflineConversionTimeOutOfWindow"),
        ("meta", "100.2804003"),
    ] {
        let stage = Stage::new(platform, 1);
        for number in 0..100 {
            stage.lead(number, CLICK);
        }
        let poison = if platform == "microsoft" {
            msclkid(37)
        } else {
            outcome_id(37)
        };
        stage.platform.poisoned.borrow_mut().push(poison);
        stage.outcomes(0..100, OUTCOME);
        stage.sweep_for_days(2);
        assert_eq!(
            stage.states(),
            [["confirmed", "99"], ["refused", "1"]],
            "{platform}"
        );
        assert_eq!(stage.state(37), seen("refused", "", answer), "{platform}");
        assert_eq!(stage.platform.times_taken(), vec![1; 99], "{platform}");
        stage.assert_strict();
    }
}
