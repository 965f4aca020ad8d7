//! Whatever is sent in whatever order, repeated, lost on its way or refused: the store holds what a small model says,
//! and every outcome is either a row of the file or left out of it for a stated reason.
//!
//! To add an action, give it a variant, a strategy, a step and its lines of the model.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeMap;

use attribution::lead_id::LeadId;
use attribution::timestamp::{HOUR_MS, SECOND_MS, Timestamp};
use collector::reply::Reply;
use collector::request::Request;
use collector::store::Store;
use collector::sweep;
use futures_util::FutureExt;
use model::{Expected, LeftOut, Model};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::failing_database::{FailingDatabase, Fault};
use support::native_collector::{ADMIN_TOKEN, NativeCollector, ask, get_feed, post_lead, post_outcomes};
use support::sqlite_database::SqliteDatabase;

mod model;

/// So few leads and outcomes that lists of actions meet again and again.
const LEADS: u64 = 4;
const OUTCOMES: u8 = 5;

/// What may happen.
#[derive(Clone, Debug)]
enum Action {
    /// A form is sent, or sent again. Two variants of one lead have one lead_id.
    Submit { lead: u64, variant: u8, is_robot: bool },
    /// The CRM tells an outcome, or tells it again.
    Tell { outcome: u8, lead: u64, variant: u8 },
    /// The CRM says another value of an outcome, or takes it back (`None`), maybe before the outcome itself.
    Change { outcome: u8, value: Option<u8> },
    /// The person of a lead wants to be forgotten.
    Erase { lead: u64 },
    /// The clock sweeps the outbox.
    Sweep,
    /// The ad platform fetches the file.
    Fetch,
    /// It fetches the file of changes.
    FetchChanges,
}

/// What becomes of the store's next write.
#[derive(Clone, Debug)]
struct Step {
    action: Action,
    fault: Fault,
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        4 => (0..LEADS, 0..2_u8, prop::bool::weighted(0.2))
            .prop_map(|(lead, variant, is_robot)| Action::Submit { lead, variant, is_robot }),
        4 => (0..OUTCOMES, 0..LEADS, 0..2_u8)
            .prop_map(|(outcome, lead, variant)| Action::Tell { outcome, lead, variant }),
        3 => (0..OUTCOMES, prop::option::weighted(0.7, 0..2_u8))
            .prop_map(|(outcome, value)| Action::Change { outcome, value }),
        1 => (0..LEADS).prop_map(|lead| Action::Erase { lead }),
        1 => Just(Action::Sweep),
        2 => Just(Action::Fetch),
        1 => Just(Action::FetchChanges),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let fault =
        prop_oneof![6 => Just(Fault::None), 1 => Just(Fault::BeforeCommit), 1 => Just(Fault::AfterCommit)];
    (action(), fault).prop_map(|(action, fault)| Step { action, fault })
}

/// The moment of a step: 2026-11-23T12:00:00Z and so many seconds.
fn at(step: usize) -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000 + step as i64 * SECOND_MS)
}

fn lead_id(lead: u64) -> String {
    LeadId::from_random([lead, 7]).as_str().to_owned()
}

fn lead_request(lead: u64, variant: u8, is_robot: bool) -> Request {
    let body = json!({"v": 1, "site": "default", "lead_id": lead_id(lead), "submitted_at": "2026-11-18T09:10:00Z",
        "touches": [{"at": "2026-11-18T09:00:00Z", "ids": {"gclid": format!("Cj0KCQ{lead}-{variant}")}}],
        "consent": {"ad_storage": "granted", "ad_user_data": "granted"}});
    let user_agent = if is_robot {
        "curl/8.5.0"
    } else {
        "Mozilla/5.0 (X11; Linux x86_64) Firefox/153.0"
    };
    Request {
        user_agent: Some(user_agent.to_owned()),
        ..post_lead("http://localhost:8787", body.to_string().as_bytes())
    }
}

fn outcome_request(outcome: u8, lead: u64, variant: u8) -> Request {
    let body = json!({"outcome_id": format!("deal-{outcome}"), "lead_id": lead_id(lead), "kind": "won",
        "occurred_at": "2026-11-20T14:05:00Z", "value": format!("{variant}.50"), "currency": "EUR"});
    post_outcomes(&body.to_string())
}

fn change_request(outcome: u8, value: Option<u8>) -> Request {
    let outcome_id = format!("deal-{outcome}");
    let body = match value {
        Some(value) => {
            json!({"outcome_id": outcome_id, "change": "restate", "value": format!("{value}.75"), "currency": "EUR"})
        }
        None => json!({"outcome_id": outcome_id, "change": "retract"}),
    };
    post_outcomes(&body.to_string())
}

fn changes_request() -> Request {
    Request {
        path: "/throughline/feeds/google-demo/adjustments.csv".to_owned(),
        ..get_feed()
    }
}

/// What the collector says, in the model's words; `None` where it bids to come again.
fn said_of_lead(reply: &Reply) -> Option<Expected> {
    match reply.status {
        201 => Some(Expected::New),
        200 => Some(Expected::Same),
        409 => Some(Expected::Other),
        410 => Some(Expected::Erased),
        503 => None,
        _ => panic!("{reply:?}"),
    }
}

fn said_of_erasure(reply: &Reply) -> Option<Expected> {
    match reply.status {
        200 => Some(Expected::Erased),
        404 => Some(Expected::Other),
        503 => None,
        _ => panic!("{reply:?}"),
    }
}

fn said_of_outcome(reply: &Reply) -> Option<Expected> {
    if reply.status == 503 {
        return None;
    }
    let body: Value = serde_json::from_slice(&reply.body).expect("JSON");
    match body["rows"][0]["result"].as_str() {
        Some("accepted") => Some(Expected::New),
        Some("repeated") => Some(Expected::Same),
        Some("refused") => Some(Expected::Other),
        _ => panic!("{body}"),
    }
}

/// Rows and reasons of a file; `None` where it does not go out, because it could not be written down.
fn said_of_file(reply: &Reply) -> Option<(usize, BTreeMap<String, usize>)> {
    if reply.status == 503 {
        return None;
    }
    assert_eq!(reply.status, 200);
    let rows = reply.header("Throughline-Rows").expect("a count");
    let left_out = reply
        .header("Throughline-Left-Out")
        .unwrap_or_default()
        .split(", ")
        .filter_map(|part| part.split_once('='))
        .map(|(reason, count)| (reason.to_owned(), count.parse().expect("a number")))
        .collect();
    Some((rows.parse().expect("a number"), left_out))
}

fn named(left_out: LeftOut) -> BTreeMap<String, usize> {
    left_out
        .into_iter()
        .map(|(reason, count)| (reason.to_owned(), count))
        .collect()
}

/// Every outcome is in the file or left out of it.
fn check_file(reply: &Reply, model: &Model) {
    let (rows, left_out) = model.file();
    let said = said_of_file(reply).expect("a file");
    assert_eq!(said, (rows.len(), named(left_out)));
    assert_eq!(said.0 + said.1.values().sum::<usize>(), model.outcomes.len());
}

/// Every change of an outcome that is there is in the file or left out of it.
fn check_changes(reply: &Reply, model: &Model) {
    let (rows, left_out) = model.file_of_changes();
    let said = said_of_file(reply).expect("a file");
    assert_eq!(said, (rows, named(left_out)));
    let outcomes = model.outcomes.keys();
    let changes: usize = outcomes.map(|outcome| model.changes_of(*outcome).len()).sum();
    assert_eq!(said.0 + said.1.values().sum::<usize>(), changes);
}

fn check_store(sqlite: &SqliteDatabase, model: &Model) {
    let count = |table| usize::try_from(sqlite.rows_in(table));
    assert_eq!(count("leads"), Ok(model.leads.len()));
    assert_eq!(
        count("lead_arrivals"),
        Ok(model.leads.len()),
        "each lead has its row of the outbox"
    );
    assert_eq!(count("outcomes"), Ok(model.outcomes.len()));
}

fn run(steps: &[Step]) {
    let database = FailingDatabase::new(SqliteDatabase::of_development());
    let collector = NativeCollector::new(&database);
    let mut model = Model::default();
    for (step, Step { action, fault }) in steps.iter().enumerate() {
        let now = || at(step);
        database.fault.set(*fault);
        let is_kept = *fault != Fault::BeforeCommit;
        let (expected, said) = match *action {
            Action::Submit {
                lead,
                variant,
                is_robot,
            } => {
                let reply = collector.answer(&lead_request(lead, variant, is_robot), now());
                (
                    model.submit(lead, variant, is_robot, is_kept),
                    said_of_lead(&reply),
                )
            }
            Action::Tell {
                outcome,
                lead,
                variant,
            } => {
                let reply = collector.answer(&outcome_request(outcome, lead, variant), now());
                (
                    model.tell(outcome, lead, variant, is_kept),
                    said_of_outcome(&reply),
                )
            }
            Action::Change { outcome, value } => {
                let reply = collector.answer(&change_request(outcome, value), now());
                (
                    model.change(outcome, value, now().ms(), is_kept),
                    said_of_outcome(&reply),
                )
            }
            Action::Erase { lead } => {
                let body = json!({"lead_id": lead_id(lead)}).to_string();
                let request = ask("POST", "v1/erasures?site=default", ADMIN_TOKEN, &body);
                let reply = collector.answer(&request, now());
                (model.erase(lead, is_kept), said_of_erasure(&reply))
            }
            Action::Sweep => {
                let store = Store::new(&database);
                let swept = sweep::run(&store, now().plus_ms(HOUR_MS));
                let _ = swept.now_or_never().expect("SQLite answers at once");
                check_store(database.database(), &model);
                continue;
            }
            Action::Fetch => {
                let reply = collector.answer(&get_feed(), now());
                if *fault == Fault::None {
                    check_file(&reply, &model);
                } else {
                    assert_eq!(said_of_file(&reply), None, "what is not written down goes out");
                }
                model.fetch(now().ms(), is_kept);
                continue;
            }
            Action::FetchChanges => {
                let reply = collector.answer(&changes_request(), now());
                if *fault == Fault::None {
                    check_changes(&reply, &model);
                }
                continue;
            }
        };
        // A fault is never taken for an answer, and an answer is never a fault's.
        assert_eq!(
            said,
            (*fault == Fault::None).then_some(expected),
            "{action:?} {fault:?}"
        );
        check_store(database.database(), &model);
    }
    database.fault.set(Fault::None);
    check_changes(&collector.answer(&changes_request(), at(steps.len())), &model);
    check_file(&collector.answer(&get_feed(), at(steps.len())), &model);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_store_holds_what_the_model_says_and_the_ledger_adds_up(steps in prop::collection::vec(step(), 1..40)) {
        run(&steps);
    }
}
