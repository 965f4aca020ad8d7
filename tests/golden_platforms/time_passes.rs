//! What becomes of an outcome while time passes: a file is judged anew whenever it is fetched, a ledger only when what it
//! waited for has come. Both bring the platform the same outcomes, at the same time.

use attribution::delivery::Delivery;
use attribution::google::data_manager_file;
use attribution::judgement::Judgement;
use attribution::microsoft::upload_file;
use attribution::timestamp::{HOUR_MS, Timestamp};
use proptest::prelude::*;

use crate::cases::{Golden, conversion_action, data_manager, goal};
use crate::generated::case;

/// Hours from now at which the file is fetched and the ledger is swept: around every wait, and until every window is shut.
const HOURS: [i64; 14] = [
    0,
    1,
    6,
    7,
    13,
    24,
    24 * 7,
    24 * 30 + 1,
    24 * 45,
    24 * 63,
    24 * 80,
    24 * 90,
    24 * 91,
    24 * 172,
];

/// At which of the hours it goes. A ledger looks only at what is due, and a refusal is its last word.
fn goes_from_ledger<P>(start: Timestamp, judge: impl Fn(Timestamp) -> Judgement<P>) -> Option<i64> {
    let mut delivery = Delivery::planned(&Judgement::Deliverable(()), start);
    HOURS.into_iter().find(|hours| {
        let now = start.plus_ms(hours * HOUR_MS);
        if !delivery.is_due(now) {
            return false;
        }
        let judgement = judge(now);
        delivery = delivery.judged_again(&judgement, now);
        matches!(judgement, Judgement::Deliverable(_))
    })
}

fn goes_in_file<P>(start: Timestamp, judge: impl Fn(Timestamp) -> Judgement<P>) -> Option<i64> {
    let mut hours = HOURS.into_iter();
    hours.find(|hours| matches!(judge(start.plus_ms(hours * HOUR_MS)), Judgement::Deliverable(_)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_ledger_and_a_file_bring_the_same_outcomes_at_the_same_time(cases in proptest::collection::vec(case(), 1..4)) {
        let golden = Golden::of(cases);
        let start = golden.now();
        let (google, microsoft, action) = (data_manager(), goal(true), conversion_action());
        for told in &golden.told() {
            let of_api = goes_from_ledger(start, |now| {
                golden.judge("google", told, |conversion| google.judge(conversion, None, now))
            });
            let of_file = goes_in_file(start, |now| {
                golden.judge("google", told, |conversion| data_manager_file::row(&action, false, conversion, now))
            });
            prop_assert_eq!(of_api, of_file);
            let of_api = goes_from_ledger(start, |now| {
                golden.judge("microsoft", told, |conversion| microsoft.judge(conversion, now))
            });
            let of_file = goes_in_file(start, |now| {
                golden.judge("microsoft", told, |conversion| upload_file::row(&microsoft, conversion, now))
            });
            prop_assert_eq!(of_api, of_file);
        }
    }
}
