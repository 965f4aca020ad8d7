//! 2xx means stored: also when the machine loses its power at any moment while many write.
//!
//! Eight clients send leads without a pause. At a random acknowledgement the client that reads it ends everything, by one
//! system call between the answer's first line and the rest of it, in the midst of the requests of the other seven. SQLite
//! itself reads the store's file, and the next life begins on it. Whatever had no answer is sent again.
//!
//! In every second life the store is shut at that moment and the power fails a few answers later. An answer takes longer
//! through the runtime than a commit, so a collector that answers first and writes in `waitUntil` has mostly written by the
//! time that anybody reads the answer; where nothing can be committed any more, it acknowledges what is then not there.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;
use std::process::Stdio;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use attribution::lead_id::LeadId;
use serde_json::json;
use support::runtime::{Client, Runtime, ShutStore, column, integrity};

use crate::sender::{FROM_SCRIPT, deal, lead, send_lead, send_outcomes};

const KILLS: u64 = 10;
const CLIENTS: u64 = 8;

/// Acknowledgements in one life: at least so many, and as many more as chance will have.
const ACKNOWLEDGED_MIN: i64 = 150;
const ACKNOWLEDGED_MORE: i64 = 100;

/// Answers between the shutting of the store and the end: at least so many, and as many more as chance will have.
const ANSWERED_MIN: i64 = 8;
const ANSWERED_MORE: i64 = 24;

/// From the start of a runtime to its end.
#[derive(Debug)]
struct Life<'a> {
    client: Client,
    /// What ends; `None` in the life that nobody ends.
    mortal: Option<&'a Runtime>,
    /// Acknowledgements until the end, or until the store is shut.
    acknowledgements_left: AtomicI64,
    /// Whether the store is to be shut before the end.
    is_shut_first: bool,
    shut: OnceLock<ShutStore>,
    /// Answers after that until the end.
    answers_left: AtomicI64,
    is_over: AtomicBool,
}

/// What a client hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    Acknowledged,
    /// 503, which bids to come again.
    ComeAgain,
    Nothing,
}

/// What became of the leads of one client.
#[derive(Debug)]
struct Sent {
    /// Which client it is.
    number: u64,
    acknowledged: HashSet<String>,
    /// Acknowledged as repeated: they were stored before, and that answer never arrived.
    repeated: usize,
    /// Sent, and nobody knows.
    unanswered: Vec<String>,
}

pub(crate) fn no_acknowledged_lead_is_lost_or_doubled_over_ten_kills() {
    let state = tempfile::tempdir().expect("a folder for the store");
    let mut clients: Vec<Sent> = (0..CLIENTS).map(Sent::nothing).collect();
    for round in 0..KILLS {
        live_and_be_killed(state.path(), round, &mut clients);
        check_store(state.path(), &clients);
    }
    // In the last life everybody hears an answer.
    let runtime = Runtime::start(state.path());
    let life = Life::endless(&runtime);
    let mut sent_again = 0;
    for sent in &mut clients {
        for id in std::mem::take(&mut sent.unanswered) {
            sent_again += 1;
            assert_eq!(
                sent.send(&life, id),
                Heard::Acknowledged,
                "nobody kills this life"
            );
        }
    }
    check_store(state.path(), &clients);
    let acknowledged: usize = clients.iter().map(|sent| sent.acknowledged.len()).sum();
    let repeated: usize = clients.iter().map(|sent| sent.repeated).sum();
    println!(
        "{KILLS} kills: {acknowledged} acknowledged, {sent_again} of them in the last life, {repeated} stored before their \
         answer was lost; 0 lost, 0 doubled"
    );
    assert!(acknowledged >= 1_500, "{acknowledged}");
    let stored = column(state.path(), "SELECT lead_id FROM leads");
    assert_eq!(stored.len(), acknowledged, "nothing is stored that nobody sent");

    // A lead that outlived a life is as good as any other.
    let id = clients.iter().find_map(|sent| sent.acknowledged.iter().next());
    let id = id.expect("a lead");
    let report = send_outcomes(&runtime, &deal("after-the-kills", id)).json();
    assert_eq!(report["rows"][0]["match"], "matched", "{report}");
    let again = send_lead(&runtime, &lead(id));
    assert_eq!((again.status, &again.json()["result"]), (200, &json!("repeated")));
}

/// Lets all clients write until one of them has heard what ends this life.
fn live_and_be_killed(state: &Path, round: u64, clients: &mut [Sent]) {
    let is_shut_first = round % 2 == 1;
    // A shut store makes the runtime complain of every single lead.
    let log = if is_shut_first {
        Stdio::null()
    } else {
        Stdio::inherit()
    };
    let runtime = Runtime::start_with(state, &[], log);
    let life = Life {
        mortal: Some(&runtime),
        acknowledgements_left: AtomicI64::new(ACKNOWLEDGED_MIN + by_chance(ACKNOWLEDGED_MORE)),
        is_shut_first,
        answers_left: AtomicI64::new(ANSWERED_MIN + by_chance(ANSWERED_MORE)),
        ..Life::endless(&runtime)
    };
    std::thread::scope(|scope| {
        for sent in clients {
            let life = &life;
            scope.spawn(move || sent.live(life, round));
        }
    });
    assert!(
        life.is_over.load(Ordering::Relaxed),
        "the clients ended before the runtime did"
    );
}

/// From 0 to one less than `more`.
fn by_chance(more: i64) -> i64 {
    let random = RandomState::new().hash_one(more);
    i64::try_from(random >> 1).expect("63 bits") % more
}

impl<'a> Life<'a> {
    fn endless(runtime: &'a Runtime) -> Self {
        Self {
            client: Client::of_port(runtime.port()),
            mortal: None,
            acknowledgements_left: AtomicI64::new(i64::MAX),
            is_shut_first: false,
            shut: OnceLock::new(),
            answers_left: AtomicI64::new(i64::MAX),
            is_over: AtomicBool::new(false),
        }
    }

    /// Counts an answer whose status a client has just read. Those that were under way at the end may still read one that
    /// lay in the socket, so the counts go below zero.
    fn count(&self, status: u16) {
        let Some(runtime) = self.mortal else { return };
        let is_last = |left: &AtomicI64| left.fetch_sub(1, Ordering::Relaxed) == 1;
        if self.shut.get().is_some() {
            if is_last(&self.answers_left) {
                self.end(runtime);
            }
        } else if is_acknowledgement(status) && is_last(&self.acknowledgements_left) {
            if self.is_shut_first {
                self.shut.get_or_init(|| runtime.shut_store());
            } else {
                self.end(runtime);
            }
        }
    }

    fn end(&self, runtime: &Runtime) {
        runtime.power_switch().turn_off();
        self.is_over.store(true, Ordering::Relaxed);
    }
}

fn is_acknowledgement(status: u16) -> bool {
    matches!(status, 200 | 201)
}

impl Sent {
    fn nothing(number: u64) -> Self {
        Self {
            number,
            acknowledged: HashSet::new(),
            repeated: 0,
            unanswered: Vec::new(),
        }
    }

    /// Sends what had no answer in an earlier life, then leads of this life, until there is no answer any more.
    fn live(&mut self, life: &Life<'_>, round: u64) {
        let mut again = std::mem::take(&mut self.unanswered);
        for count in 0.. {
            let fresh = || {
                LeadId::from_random([round << 8 | self.number, count])
                    .as_str()
                    .to_owned()
            };
            let id = again.pop().unwrap_or_else(fresh);
            if self.send(life, id) == Heard::Nothing || life.is_over.load(Ordering::Relaxed) {
                break;
            }
        }
        self.unanswered.append(&mut again);
    }

    /// The status alone acknowledges: that the rest of an answer is lost with the machine takes nothing back.
    fn send(&mut self, life: &Life<'_>, id: String) -> Heard {
        let body = lead(&id).to_string();
        let mut status = None;
        let hear = |heard| {
            life.count(heard);
            status = Some(heard);
        };
        let client = &life.client;
        let asked = client.ask_and_hear("POST", "v1/leads", &FROM_SCRIPT, body.as_bytes(), hear);
        match status {
            Some(heard) if is_acknowledgement(heard) => {
                self.repeated += usize::from(heard == 200);
                assert!(self.acknowledged.insert(id), "acknowledged twice");
                Heard::Acknowledged
            }
            Some(heard) => {
                assert_eq!(heard, 503, "{asked:?}");
                self.unanswered.push(id);
                Heard::ComeAgain
            }
            None => {
                self.unanswered.push(id);
                Heard::Nothing
            }
        }
    }
}

/// Reads the file, and asks no collector.
fn check_store(state: &Path, clients: &[Sent]) {
    assert_eq!(integrity(state), "ok");
    let stored = column(state, "SELECT lead_id FROM leads");
    let stored: HashSet<&str> = stored.iter().map(String::as_str).collect();
    let acknowledged = clients.iter().flat_map(|sent| &sent.acknowledged);
    let (kept, lost): (Vec<&str>, Vec<&str>) = acknowledged
        .map(String::as_str)
        .partition(|id| stored.contains(id));
    assert!(
        lost.is_empty(),
        "{} acknowledged leads are lost, {} are there",
        lost.len(),
        kept.len()
    );
    let without_outbox = column(
        state,
        "SELECT lead_id FROM leads WHERE NOT EXISTS (SELECT 1 FROM lead_arrivals
         WHERE lead_arrivals.site = leads.site AND lead_arrivals.lead_id = leads.lead_id)",
    );
    assert!(without_outbox.is_empty(), "{without_outbox:?}");
    let doubled = column(
        state,
        "SELECT lead_id FROM lead_arrivals GROUP BY site, lead_id HAVING count(*) > 1",
    );
    assert!(doubled.is_empty(), "{doubled:?}");
}
