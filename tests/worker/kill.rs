//! 2xx means stored: also when the machine loses its power at any moment while many write.
//!
//! Eight clients send leads without a pause. After a random number of acknowledgements everything is killed in the midst
//! of their requests, SQLite itself reads the store's file, and the next life begins on it. Whatever had no answer is
//! sent again. A collector that answers a moment before it writes would seldom be caught here: between the two lie less than
//! the milliseconds that a kill takes. What holds it to the order is `lost_calls.rs`, which fails the write itself.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use attribution::lead_id::LeadId;
use serde_json::json;
use support::runtime::{Client, Runtime, column, integrity};

use crate::sender::{FROM_SCRIPT, deal, lead, send_lead, send_outcomes};

const KILLS: u64 = 10;
const CLIENTS: u64 = 8;

/// Acknowledgements in one life: at least so many, and as many more as chance will have.
const ACKNOWLEDGED_MIN: u64 = 150;
const ACKNOWLEDGED_MORE: u64 = 100;

/// A runtime that acknowledges nothing for so long hangs.
const SILENCE_MAX: Duration = Duration::from_secs(30);

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
        live_and_be_killed(Runtime::start(state.path()), round, &mut clients);
        check_store(state.path(), &clients);
    }
    // In the last life everybody hears an answer.
    let runtime = Runtime::start(state.path());
    let client = Client::of_port(runtime.port());
    let mut sent_again = 0;
    for sent in &mut clients {
        for id in std::mem::take(&mut sent.unanswered) {
            sent_again += 1;
            assert!(sent.send(&client, id), "nobody kills this life");
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

/// Lets all clients write until enough is acknowledged, and then kills without waiting for those that are under way.
fn live_and_be_killed(runtime: Runtime, round: u64, clients: &mut [Sent]) {
    let client = Client::of_port(runtime.port());
    let is_over = AtomicBool::new(false);
    let (acknowledge, acknowledged) = channel();
    std::thread::scope(|scope| {
        for sent in clients {
            let (client, acknowledge, is_over) = (client.clone(), acknowledge.clone(), &is_over);
            scope.spawn(move || sent.live(&client, round, &acknowledge, is_over));
        }
        let more = RandomState::new().hash_one(round) % ACKNOWLEDGED_MORE;
        for _ in 0..ACKNOWLEDGED_MIN + more {
            acknowledged
                .recv_timeout(SILENCE_MAX)
                .expect("an acknowledgement");
        }
        runtime.kill();
        is_over.store(true, Ordering::Relaxed);
    });
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
    fn live(&mut self, client: &Client, round: u64, acknowledge: &Sender<()>, is_over: &AtomicBool) {
        let mut again = std::mem::take(&mut self.unanswered);
        for count in 0.. {
            let fresh = || {
                LeadId::from_random([round << 8 | self.number, count])
                    .as_str()
                    .to_owned()
            };
            let id = again.pop().unwrap_or_else(fresh);
            // The other end hears only as many as it wants.
            if !self.send(client, id) || acknowledge.send(()).is_err() || is_over.load(Ordering::Relaxed) {
                break;
            }
        }
        self.unanswered.append(&mut again);
    }

    /// `false` where no answer came, or one that bids to come again.
    fn send(&mut self, client: &Client, id: String) -> bool {
        let body = lead(&id).to_string();
        match client.ask("POST", "v1/leads", &FROM_SCRIPT, body.as_bytes()) {
            Ok(answer) if matches!(answer.status, 200 | 201) => {
                self.repeated += usize::from(answer.status == 200);
                assert!(self.acknowledged.insert(id), "acknowledged twice");
                true
            }
            Ok(answer) => {
                assert_eq!(answer.status, 503, "{}", answer.text());
                self.unanswered.push(id);
                false
            }
            Err(_) => {
                self.unanswered.push(id);
                false
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
