//! Whatever is sent in whatever order, repeated, lost on its way or refused: the store holds what a small model says,
//! and every outcome is either a row of the file or left out of it for a stated reason.
//!
//! The model is two lists and a few lines for each action. To add an action, give it a variant, a strategy and a step.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};

use attribution::lead_id::LeadId;
use attribution::timestamp::{HOUR_MS, Timestamp};
use collector::reply::Reply;
use collector::request::Request;
use collector::store::Store;
use collector::sweep;
use futures_util::FutureExt;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::failing_database::{FailingDatabase, Fault};
use support::native_collector::{ADMIN_TOKEN, NativeCollector, ask, get_feed, post_lead, post_outcomes};
use support::sqlite_database::SqliteDatabase;

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
    /// The person of a lead wants to be forgotten.
    Erase { lead: u64 },
    /// The clock sweeps the outbox.
    Sweep,
    /// The ad platform fetches the file.
    Fetch,
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
        1 => (0..LEADS).prop_map(|lead| Action::Erase { lead }),
        1 => Just(Action::Sweep),
        1 => Just(Action::Fetch),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let fault =
        prop_oneof![6 => Just(Fault::None), 1 => Just(Fault::BeforeCommit), 1 => Just(Fault::AfterCommit)];
    (action(), fault).prop_map(|(action, fault)| Step { action, fault })
}

/// What the store must hold: who came first, stays.
#[derive(Debug, Default)]
struct Model {
    /// Variant, and whether a robot sent it.
    leads: BTreeMap<u64, (u8, bool)>,
    /// Lead and variant.
    outcomes: BTreeMap<u8, (u64, u8)>,
    /// Leads whose persons are forgotten.
    erased: BTreeSet<u64>,
}

/// What must come of an action: done, done before, another was before or nothing is there, or it was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    New,
    Same,
    Other,
    Erased,
}

fn put<K: Ord, V: PartialEq>(
    map: &mut BTreeMap<K, V>,
    key: K,
    value: V,
    is_same: fn(&V, &V) -> bool,
    is_kept: bool,
) -> Expected {
    match map.get(&key) {
        Some(held) if is_same(held, &value) => Expected::Same,
        Some(_) => Expected::Other,
        None => {
            if is_kept {
                map.insert(key, value);
            }
            Expected::New
        }
    }
}

impl Model {
    fn submit(&mut self, lead: u64, variant: u8, is_robot: bool, is_kept: bool) -> Expected {
        if self.erased.contains(&lead) {
            return Expected::Erased;
        }
        // The browser that sends is no part of what makes it the same lead.
        put(
            &mut self.leads,
            lead,
            (variant, is_robot),
            |held, new| held.0 == new.0,
            is_kept,
        )
    }

    fn tell(&mut self, outcome: u8, lead: u64, variant: u8, is_kept: bool) -> Expected {
        if self.erased.contains(&lead) {
            return Expected::Other;
        }
        put(
            &mut self.outcomes,
            outcome,
            (lead, variant),
            |held, new| held == new,
            is_kept,
        )
    }

    /// Whatever comes of a lead later stays away; an erasure of nothing at all is told so.
    fn erase(&mut self, lead: u64, is_kept: bool) -> Expected {
        let is_known = self.leads.contains_key(&lead)
            || self.outcomes.values().any(|(of, _)| *of == lead)
            || self.erased.contains(&lead);
        if is_kept {
            self.leads.remove(&lead);
            self.outcomes.retain(|_, (of, _)| *of != lead);
            self.erased.insert(lead);
        }
        if is_known {
            Expected::Erased
        } else {
            Expected::Other
        }
    }

    /// Rows of the file, and how many are left out for which reason.
    fn file(&self) -> (usize, BTreeMap<&'static str, usize>) {
        let (mut rows, mut left_out) = (0, BTreeMap::new());
        for (lead, _) in self.outcomes.values() {
            match self.leads.get(lead) {
                Some((_, false)) => rows += 1,
                Some((_, true)) => *left_out.entry("lead_suspected").or_default() += 1,
                None => *left_out.entry("lead_waiting").or_default() += 1,
            }
        }
        (rows, left_out)
    }
}

/// 2026-11-23T12:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
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

fn check_file(reply: &Reply, model: &Model) {
    let (rows, left_out) = model.file();
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("Throughline-Rows"), Some(rows.to_string().as_str()));
    let said: BTreeMap<&str, usize> = reply
        .header("Throughline-Left-Out")
        .unwrap_or_default()
        .split(", ")
        .filter_map(|part| part.split_once('='))
        .map(|(reason, count)| (reason, count.parse().expect("a number")))
        .collect();
    assert_eq!(said, left_out);
    // The ledger: every outcome is in one of the two.
    assert_eq!(rows + said.values().sum::<usize>(), model.outcomes.len());
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
    for Step { action, fault } in steps {
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
                check_file(&collector.answer(&get_feed(), now()), &model);
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
    check_file(&collector.answer(&get_feed(), now()), &model);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_store_holds_what_the_model_says_and_the_ledger_adds_up(steps in prop::collection::vec(step(), 1..40)) {
        run(&steps);
    }
}
