//! Bad outcomes: each with its steps and how it ends by each way.

use serde_json::{Value, json};

use crate::stage::{CLICK, OUTCOME, lead, outcome, restate, retract};

/// What happens, in order.
pub(crate) enum Step {
    Lead(Value),
    /// A row, and what the collector must say of it.
    Tell(Value, &'static str),
    Deliver,
}

use Step::{Deliver, Lead, Tell};

/// The same end everywhere.
fn everywhere(end: &'static str) -> [&'static str; 6] {
    [end; 6]
}

/// What a platform has: by API it has said so, a file was fetched.
const AT_THE_PLATFORM: [&str; 6] = [
    "confirmed",
    "fetched",
    "fetched",
    "confirmed",
    "confirmed",
    "fetched",
];

/// Each with its steps and its end by each of [`WAYS`].
pub(crate) fn bad_outcomes() -> Vec<(&'static str, Vec<Step>, [&'static str; 6])> {
    let damaged = || {
        let mut lead = lead(CLICK);
        lead["touches"][0]["ids"] = json!({"gclid": "Cj0 KCQ"});
        lead
    };
    let denied = || {
        let mut lead = lead(CLICK);
        lead["consent"]["ad_user_data"] = json!("denied");
        lead
    };
    vec![
        (
            "in the future",
            vec![
                Lead(lead(CLICK)),
                Tell(outcome("2026-12-14T12:00:00Z"), "accepted"),
                Deliver,
            ],
            everywhere("waiting conversion_in_future"),
        ),
        (
            "dated a day ahead by a wrong clock",
            vec![
                Lead(lead(CLICK)),
                Tell(outcome("2026-11-24T12:00:00Z"), "accepted"),
                Deliver,
            ],
            AT_THE_PLATFORM,
        ),
        (
            "dated a year ahead, and then rightly",
            vec![
                Lead(lead(CLICK)),
                Tell(outcome("2027-11-22T12:00:00Z"), "refused"),
                Tell(outcome(OUTCOME), "accepted"),
                Deliver,
            ],
            AT_THE_PLATFORM,
        ),
        (
            "before the click, told before its lead arrived",
            vec![
                Tell(outcome("2026-11-19T12:00:00Z"), "accepted"),
                Lead(lead(CLICK)),
                Deliver,
            ],
            everywhere("refused conversion_before_click"),
        ),
        (
            "outside the click's window",
            vec![
                Lead(lead("2026-08-20T09:00:00Z")),
                Tell(outcome("2026-09-20T12:00:00Z"), "accepted"),
                Deliver,
            ],
            [
                "refused click_window_closed",
                "refused click_window_closed",
                "refused click_window_closed",
                "refused conversion_too_old",
                "refused outside_lookback_of_action",
                "refused outside_lookback_of_action",
            ],
        ),
        (
            "older than any window",
            vec![
                Lead(lead("2026-08-20T09:00:00Z")),
                Tell(outcome("2026-08-21T12:00:00Z"), "accepted"),
                Deliver,
            ],
            [
                "refused click_window_closed",
                "refused conversion_too_old",
                "refused conversion_too_old",
                "refused conversion_too_old",
                "refused conversion_too_old",
                "refused conversion_too_old",
            ],
        ),
        (
            "with a mangled gclid",
            vec![Lead(damaged()), Tell(outcome(OUTCOME), "accepted"), Deliver],
            [
                "refused gclid_damaged",
                "refused gclid_damaged",
                "refused gclid_damaged",
                "refused no_meta_identifier",
                "refused no_microsoft_click",
                "refused no_microsoft_click",
            ],
        ),
        (
            "for a denied consent",
            vec![Lead(denied()), Tell(outcome(OUTCOME), "accepted"), Deliver],
            everywhere("refused ad_user_data_denied"),
        ),
        (
            "told twice",
            vec![
                Lead(lead(CLICK)),
                Tell(outcome(OUTCOME), "accepted"),
                Tell(outcome(OUTCOME), "repeated"),
                Deliver,
                Tell(outcome(OUTCOME), "repeated"),
                Deliver,
            ],
            AT_THE_PLATFORM,
        ),
        (
            "restated before it was sent",
            vec![
                Lead(lead(CLICK)),
                Tell(outcome(OUTCOME), "accepted"),
                Tell(restate("900.00"), "accepted"),
                Tell(restate("900.00"), "repeated"),
                Deliver,
            ],
            AT_THE_PLATFORM,
        ),
        (
            "retracted twice before it was sent",
            vec![
                Lead(lead(CLICK)),
                Tell(outcome(OUTCOME), "accepted"),
                Tell(retract(), "accepted"),
                Tell(retract(), "repeated"),
                Deliver,
            ],
            everywhere("refused retracted"),
        ),
        (
            "retracted twice after it was sent",
            vec![
                Lead(lead(CLICK)),
                Tell(outcome(OUTCOME), "accepted"),
                Deliver,
                Tell(retract(), "accepted"),
                Tell(retract(), "repeated"),
                Deliver,
            ],
            [
                "confirmed + held retraction_by_other_transport",
                "fetched + fetched",
                "fetched + fetched",
                "confirmed + refused adjustment_not_supported",
                "confirmed + confirmed",
                "fetched + fetched",
            ],
        ),
        (
            "without a lead that ever comes",
            vec![Tell(outcome(OUTCOME), "accepted"), Deliver],
            everywhere("waiting lead_waiting"),
        ),
    ]
}
