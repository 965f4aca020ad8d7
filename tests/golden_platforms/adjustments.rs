//! Changes of outcomes that the platforms have.

use attribution::adjustment::{Adjustment, Change};
use attribution::google::{adjustments_upload, data_manager};
use attribution::judgement::{Judgement, Reason};
use attribution::microsoft::{adjustments_file, offline_conversions};
use attribution::money::Money;
use attribution::payload::Payload;
use support::golden_file::assert_golden;

use crate::cases::{Golden, Told, conversion_action, data_manager, goal, moment};

fn restate(amount: &str, at: &str) -> Adjustment {
    Adjustment {
        change: Change::Restate(Money::parse(amount, "EUR").expect("money")),
        changed_at: moment(at),
    }
}

fn retract(at: &str) -> Adjustment {
    Adjustment {
        change: Change::Retract,
        changed_at: moment(at),
    }
}

/// The outcome's place among the golden ones, and what was said of it later.
fn changes(golden: &Golden) -> Vec<(Told, Adjustment)> {
    let mut told: Vec<Option<Told>> = golden.told().into_iter().map(Some).collect();
    let changes = [
        ("deal-01", restate("900.00", "2026-11-22T10:00:00Z")),
        ("deal-02", retract("2026-11-22T10:00:00Z")),
        ("deal-19", restate("0", "2026-11-22T23:30:00Z")),
        // After the look-back of the click, but within the window of changes.
        ("deal-20", restate("1.005", "2026-11-22T10:00:00Z")),
        // Before the outcome, and after its window.
        ("deal-24", retract("2026-11-20T13:04:59Z")),
        ("deal-28", retract("2026-11-22T10:00:00Z")),
    ];
    let take = |(outcome_id, adjustment): (&str, Adjustment)| {
        let place = told.iter().position(|told| {
            let outcome = told.as_ref().map(|told| told.outcome.outcome_id.as_str());
            outcome == Some(outcome_id)
        });
        let told = told[place.expect("the outcome")].take();
        (told.expect("each outcome once"), adjustment)
    };
    changes.into_iter().map(take).collect()
}

fn payloads(judgements: Vec<Judgement<Payload>>) -> Vec<Payload> {
    let payload = |judgement| match judgement {
        Judgement::Deliverable(payload) => Some(payload),
        _ => None,
    };
    judgements.into_iter().filter_map(payload).collect()
}

fn at_the_data_manager(golden: &Golden) -> Vec<Judgement<Payload>> {
    let action = data_manager();
    let changes = changes(golden).into_iter().map(|(told, adjustment)| {
        golden.judge("google", &told, |conversion| {
            action.judge_adjustment(conversion, &adjustment, golden.now())
        })
    });
    changes.collect()
}

fn at_microsoft(golden: &Golden) -> Vec<Judgement<Payload>> {
    let goal = goal(true);
    let changes = changes(golden).into_iter().map(|(told, adjustment)| {
        golden.judge("microsoft", &told, |conversion| {
            goal.judge_adjustment(conversion, &adjustment, golden.now())
        })
    });
    changes.collect()
}

pub(crate) fn bodies(golden: &Golden) -> Vec<(&'static str, String)> {
    let google = payloads(at_the_data_manager(golden));
    let microsoft = payloads(at_microsoft(golden));
    let google = data_manager::Batch::split(&google).next().expect("a batch");
    let microsoft = offline_conversions::Batch::split(&microsoft)
        .next()
        .expect("a batch");
    vec![
        (
            "google/adjustments.request.json",
            data_manager().request(google, false),
        ),
        ("microsoft/adjustments.request.json", microsoft.adjustments()),
    ]
}

#[test]
fn every_body_byte_for_byte() {
    for (name, body) in bodies(&Golden::read()) {
        assert_golden(name, &(body.replace("},{", "},\n{") + "\n"));
    }
}

#[test]
fn the_file_byte_for_byte() {
    let golden = Golden::read();
    let mut file = adjustments_upload::new_file().expect("a header");
    for (told, adjustment) in changes(&golden) {
        let row = adjustments_upload::row(&conversion_action(), &told.outcome, &adjustment, golden.now());
        file.add(&row).expect("a row");
    }
    let file = file.finish().expect("a file");
    assert_golden(
        "google/adjustments.csv",
        &String::from_utf8(file.csv).expect("UTF-8"),
    );
    let left_out: Vec<_> = file.left_out.into_iter().collect();
    assert_eq!(
        left_out,
        [
            (Reason::AdjustmentWindowClosed, 1),
            (Reason::AdjustmentBeforeConversion, 1)
        ]
    );
}

#[test]
fn microsofts_file_byte_for_byte() {
    let golden = Golden::read();
    let goal = goal(true);
    let mut file = adjustments_file::new_file().expect("a header");
    for (told, adjustment) in changes(&golden) {
        let row = golden.judge("microsoft", &told, |conversion| {
            adjustments_file::row(&goal, conversion, &adjustment, golden.now())
        });
        file.add(&row).expect("a row");
    }
    let file = file.finish().expect("a file");
    assert_golden(
        "microsoft/adjustments.csv",
        &String::from_utf8(file.csv).expect("UTF-8"),
    );
    let left_out: Vec<_> = file.left_out.into_iter().collect();
    // What Microsoft found by hashed contact data has no click id, by which alone the file names a conversion.
    assert_eq!(
        left_out,
        [
            (Reason::NoMicrosoftClick, 2),
            (Reason::AdjustmentBeforeConversion, 1)
        ]
    );
}

#[test]
fn what_cannot_be_changed_says_why() {
    let golden = Golden::read();
    let reasons = |judgements: Vec<Judgement<Payload>>| -> Vec<Option<Reason>> {
        judgements.iter().map(Judgement::reason).collect()
    };
    assert_eq!(
        reasons(at_the_data_manager(&golden)),
        [
            None,
            Some(Reason::RetractionByOtherTransport),
            None,
            None,
            Some(Reason::RetractionByOtherTransport),
            Some(Reason::RetractionByOtherTransport),
        ]
    );
    assert_eq!(
        reasons(at_microsoft(&golden)),
        [
            None,
            Some(Reason::NoMicrosoftClick),
            None,
            None,
            Some(Reason::AdjustmentBeforeConversion),
            None,
        ]
    );
}
