//! What is cut off in the middle, and counts once.

use attribution::delivery::DeliveryRecord;
use attribution::timestamp::HOUR_MS;
use collector::store::Store;
use collector::store::deliveries::{DeliveryKey, Move};
use futures_util::FutureExt;
use serde_json::json;
use support::failing_database::Fault;
use support::platform_double::{Faults, Mishap};

use crate::stage::{CLICK, MINUTE_MS, OUTCOME, Stage, destination, outcome_id, seen, start};

#[test]
fn a_sweep_that_dies_after_sending_sends_nothing_twice() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    let dies = Faults {
        sender_dies: 1_000,
        ..Faults::default()
    };
    *stage.platform.faults.borrow_mut() = dies;
    assert!(!stage.sweep());
    assert_eq!(stage.platform.times_taken(), [1]);
    *stage.platform.faults.borrow_mut() = Faults::default();
    // Its lease still holds: the next run leaves it alone.
    stage.later(5 * MINUTE_MS);
    assert!(stage.sweep());
    assert_eq!(stage.platform.requests.get(), 1);
    // Then the same bytes go again, and Google takes them for what they are.
    stage.sweep_for_days(1);
    assert_eq!(stage.state(0), seen("confirmed", "", "DUPLICATE_TRANSACTION_ID"));
    let conversions = stage.platform.conversions.borrow();
    let payloads = conversions.values().next().expect("a conversion");
    assert_eq!(payloads.len(), 2);
    assert_eq!(payloads[0], payloads[1]);
}

#[test]
fn what_may_have_arrived_goes_again_as_it_was_whatever_was_told_meanwhile() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    stage
        .platform
        .script
        .borrow_mut()
        .push(("google", Mishap::AnswerLost));
    assert!(stage.sweep());
    stage.later(MINUTE_MS);
    let restated = json!({"outcome_id": outcome_id(0), "change": "restate", "value": "900.00", "currency": "EUR",
        "changed_at": "2026-11-23T11:00:00Z"});
    assert_eq!(stage.ask("POST", "v1/outcomes", &restated).0, 200);
    stage.sweep_for_days(2);
    let conversions = stage.platform.conversions.borrow();
    let payloads = conversions.values().next().expect("a conversion");
    assert_eq!(payloads.len(), 3, "{payloads:?}");
    assert_eq!(payloads[0], payloads[1]);
    assert!(
        payloads[0].contains("1250") && payloads[2].contains("900"),
        "{payloads:?}"
    );
    stage.assert_strict();
}

#[test]
fn an_answer_that_cannot_be_written_down_comes_round_again() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    // The ledger is moved by statements that insert nothing, so the fault is told apart by its own name.
    stage.database.fault.set(Fault::None);
    stage.database.moves_fail_after.set(Some(1));
    assert!(!stage.sweep());
    assert_eq!(stage.platform.times_taken(), [1]);
    stage.database.moves_fail_after.set(None);
    stage.sweep_for_days(1);
    assert_eq!(stage.state(0)[0], "confirmed");
}

/// 2,000 outcomes at three platforms, told in shuffled parts and told again, a tenth of the answers lost, requests lost,
/// 429, 500, and sweeps that die: every outcome counts once at each.
#[test]
fn two_thousand_outcomes_through_everything_that_goes_wrong() {
    let stage = Stage::new("google", 7);
    for platform in ["microsoft", "meta"] {
        let path = format!("v1/destinations/{platform}");
        assert_eq!(stage.ask("PUT", &path, &destination(platform)).0, 201);
    }
    for number in 0..2_000 {
        stage.lead(number, CLICK);
    }
    *stage.platform.faults.borrow_mut() = Faults {
        shares: vec![
            (100, Mishap::AnswerLost),
            (100, Mishap::RequestLost),
            (100, Mishap::Busy),
            (100, Mishap::Failing),
            (50, Mishap::Html),
        ],
        sender_dies: 100,
    };
    // 7 and 40 have no common factor, so this goes through all parts, and through half of them twice.
    for step in 0..60 {
        let part = step * 7 % 40;
        stage.outcomes(part * 50..(part + 1) * 50, OUTCOME);
        let _ = stage.sweep();
        stage.later(MINUTE_MS);
    }
    stage.sweep_for_days(5);
    assert_eq!(stage.states(), [["confirmed", "6000"]]);
    assert!(
        stage.platform.requests.get() > 150,
        "{}",
        stage.platform.requests.get()
    );
    assert_eq!(stage.platform.conversions.borrow().len(), 6_000);
    let mut repeated = 0;
    for (id, payloads) in stage.platform.conversions.borrow().iter() {
        assert!(
            payloads.iter().all(|payload| payload == &payloads[0]),
            "{id} was changed"
        );
        repeated += usize::from(payloads.len() > 1);
    }
    // The faults were real: some went out twice, and counted once.
    assert!(repeated > 100, "{repeated}");
    stage.assert_strict();
}

/// Both have read the delivery before either takes it.
#[test]
fn of_two_sweeps_one_gets_a_delivery() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    let store = Store::new(&stage.database);
    let read = || {
        let due = store.due_deliveries("sales", start(), None, 10).now_or_never();
        let due = due.expect("SQLite answers at once").expect("rows");
        let [due] = due.as_slice() else {
            panic!("one is due")
        };
        due.record.clone()
    };
    let take = |record: DeliveryRecord| {
        let key = DeliveryKey {
            outcome_id: outcome_id(0),
            change: String::new(),
        };
        let leased = record
            .delivery("google")
            .and_then(|delivery| delivery.lease(start()));
        let step = Move::new("sales", &key, &record, &leased.expect("it is due"));
        let moved = store.move_deliveries("default", start(), &[step]).now_or_never();
        moved.expect("SQLite answers at once").expect("rows").len()
    };
    let (one, other) = (read(), read());
    assert_eq!((take(one), take(other)), (1, 0));
}

/// Meta takes an event of the same id for a repetition for two days, and counts it once more after that.
#[test]
fn what_may_be_at_meta_is_not_sent_again_after_two_days() {
    for (away_hours, expected, may_be_there) in [
        (47, seen("confirmed", "", ""), "0"),
        (49, seen("held", "repetition_window_closed", ""), "1"),
    ] {
        let stage = Stage::new("meta", 1);
        stage.lead(0, CLICK);
        stage.outcomes(0..1, OUTCOME);
        stage
            .platform
            .script
            .borrow_mut()
            .push(("meta", Mishap::AnswerLost));
        assert!(stage.sweep());
        assert_eq!(stage.state(0), seen("due", "", ""));
        stage.later(away_hours * HOUR_MS);
        assert!(stage.sweep());
        assert_eq!(stage.state(0), expected, "{away_hours} h");
        assert_eq!(
            stage.texts("SELECT may_be_there FROM deliveries"),
            [[may_be_there]]
        );
        stage.assert_strict();
    }
}

/// Whoever is away is asked once in a run, however much is due, and does not keep the others from their turn.
#[test]
fn a_platform_that_is_away_is_not_asked_again_and_again() {
    for mishap in [Mishap::RequestLost, Mishap::Busy, Mishap::Failing] {
        let stage = Stage::new("google", 1);
        assert_eq!(
            stage
                .ask("PUT", "v1/destinations/zzz", &destination("microsoft"))
                .0,
            201
        );
        for number in 0..1_001 {
            stage.lead(number, CLICK);
        }
        stage.outcomes(0..1_001, OUTCOME);
        let of_google = vec![("google", mishap); 20];
        *stage.platform.script.borrow_mut() = of_google;
        assert!(stage.sweep());
        assert_eq!(stage.platform.script.borrow().len(), 19, "{mishap:?}");
        assert_eq!(stage.platform.count_of("microsoft"), 1_001, "{mishap:?}");
        stage.platform.script.borrow_mut().clear();
        stage.sweep_for_days(1);
        assert_eq!(stage.platform.count_of("google"), 1_001, "{mishap:?}");
        stage.assert_strict();
    }
}
