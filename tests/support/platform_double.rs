//! Platforms that answer as the real ones do: strict about every field, and able to fail in every way that a network and
//! a busy server have. Plain values in, plain values out; a test stands it in the Worker's place of the network, or behind
//! a socket.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use attribution::timestamp::Timestamp;
use collector::network::{Inbound, Network, Outbound};
use collector::sealed_token::NONCE_BYTES;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::definitions::Definitions;

mod google;
mod meta;
mod microsoft;
mod tokens;

pub use google::{ACTION_ID, OPERATING_ACCOUNT};
pub use tokens::{ACCOUNT_EMAIL, META_TOKEN, Signatures, access, refresh_secret, service_account};

/// What happens to a request besides its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// It never arrives.
    RequestLost,
    /// It is done, and the connection is cut before the answer.
    AnswerLost,
    /// It is done, and the connection is cut in the middle of the answer.
    AnswerCut,
    /// It is done, and nobody ever answers.
    Silent,
    /// 429 with `Retry-After: 120`.
    Busy,
    /// 500 in HTML.
    Failing,
    /// 200 in HTML, by something that stands between.
    Html,
    /// 302 to another place.
    Redirected,
}

/// Of 1,000 requests, how many meet with what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Each mishap and its share.
    pub shares: Vec<(u32, Mishap)>,
    /// So many are done, and the sender dies before it reads the answer. Only in this process.
    pub sender_dies: u32,
}

impl Faults {
    /// One mishap and its share.
    #[must_use]
    pub fn of(share: u32, mishap: Mishap) -> Self {
        Self {
            shares: vec![(share, mishap)],
            sender_dies: 0,
        }
    }
}

/// What comes back on the wire.
#[derive(Debug)]
pub enum Reaction {
    /// An answer.
    Answer(Inbound),
    /// The beginning of an answer.
    HalfAnAnswer(Inbound),
    /// The end of the connection.
    Nothing,
    /// Nothing, and the connection stays.
    Silence,
}

/// A request that was taken: what Google will say of each event (empty: it is taken), and how often it was asked.
#[derive(Debug, Default)]
struct Taken {
    words: Vec<&'static str>,
    asked: u32,
}

/// All three platforms.
#[derive(Debug)]
pub struct PlatformDouble {
    /// The clock, which the test sets.
    pub now: Cell<Timestamp>,
    /// What goes wrong by chance.
    pub faults: RefCell<Faults>,
    /// What goes wrong with the next request to a platform, before chance is asked; each once.
    pub script: RefCell<Vec<(&'static str, Mishap)>>,
    /// Where it is reached from outside.
    pub url: String,
    /// How the signature of a service account is checked.
    pub signatures: Signatures,
    /// How many tokens were given out.
    pub tokens: Cell<u32>,
    /// Tokens before this one are not known any more.
    pub oldest_token: Cell<u32>,
    /// The token end refuses everybody.
    pub refuses_secrets: Cell<bool>,
    /// How many requests came, those for tokens not counted.
    pub requests: Cell<usize>,
    /// How often it was asked for a token.
    pub token_requests: Cell<u32>,
    /// When the refresh token of the secret ends at Microsoft.
    pub secret_token_ends: Cell<Timestamp>,
    /// The refresh tokens that Microsoft has given out, and when each ends.
    pub refresh_tokens: RefCell<BTreeMap<String, Timestamp>>,
    /// By the platform and what it tells conversions apart by: every payload that was taken under it. The first counts.
    pub conversions: RefCell<BTreeMap<String, Vec<String>>>,
    /// Ids that the platform refuses.
    pub poisoned: RefCell<Vec<String>>,
    /// What was wrong with requests by the platform's own definitions and rules.
    pub breaches: RefCell<Vec<String>>,
    taken: RefCell<BTreeMap<String, Taken>>,
    /// When Meta saw each event first.
    first_seen: RefCell<BTreeMap<String, Timestamp>>,
    random: Cell<u64>,
}

/// Where the double stands in this process.
pub const URL: &str = "http://platform.test";

/// Where a platform gives out tokens, below the double's address.
#[must_use]
pub fn token_url(url: &str, platform: &str) -> String {
    format!("{url}/{platform}/token")
}

impl PlatformDouble {
    /// A platform at a moment. The same seed makes the same faults.
    #[must_use]
    pub fn new(now: Timestamp, seed: u64) -> Self {
        Self {
            now: Cell::new(now),
            faults: RefCell::default(),
            script: RefCell::default(),
            url: URL.to_owned(),
            signatures: Signatures::Own,
            tokens: Cell::default(),
            oldest_token: Cell::default(),
            refuses_secrets: Cell::default(),
            requests: Cell::default(),
            token_requests: Cell::default(),
            secret_token_ends: Cell::new(Timestamp::from_ms(i64::MAX)),
            refresh_tokens: RefCell::default(),
            conversions: RefCell::default(),
            poisoned: RefCell::default(),
            breaches: RefCell::default(),
            taken: RefCell::default(),
            first_seen: RefCell::default(),
            random: Cell::new(seed),
        }
    }

    /// How often each conversion was taken, all of them in the order of their ids.
    #[must_use]
    pub fn times_taken(&self) -> Vec<usize> {
        self.conversions.borrow().values().map(Vec::len).collect()
    }

    /// How many conversions a platform counts.
    #[must_use]
    pub fn count_of(&self, platform: &str) -> usize {
        let conversions = self.conversions.borrow();
        let prefix = format!("{platform} ");
        conversions.keys().filter(|key| key.starts_with(&prefix)).count()
    }

    /// What comes back for a request.
    pub fn react(&self, request: &Outbound) -> Reaction {
        let path = request.url.strip_prefix(&self.url).unwrap_or_default();
        if let Some(platform) = path
            .strip_suffix("/token")
            .and_then(|path| path.strip_prefix('/'))
        {
            return Reaction::Answer(self.token(platform, request));
        }
        self.requests.set(self.requests.get() + 1);
        match self.mishap(platform_at(path)) {
            None => Reaction::Answer(self.work(path, request)),
            Some(Mishap::RequestLost) => Reaction::Nothing,
            Some(Mishap::AnswerLost) => {
                self.work(path, request);
                Reaction::Nothing
            }
            Some(Mishap::AnswerCut) => Reaction::HalfAnAnswer(self.work(path, request)),
            Some(Mishap::Silent) => {
                self.work(path, request);
                Reaction::Silence
            }
            Some(Mishap::Busy) => Reaction::Answer(Inbound {
                status: 429,
                retry_after: Some("120".to_owned()),
                body: br#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}"#.to_vec(),
            }),
            Some(Mishap::Failing) => Reaction::Answer(html(500)),
            Some(Mishap::Html) => Reaction::Answer(html(200)),
            Some(Mishap::Redirected) => Reaction::Answer(html(302)),
        }
    }

    fn mishap(&self, platform: &str) -> Option<Mishap> {
        let mut script = self.script.borrow_mut();
        let scripted = script.iter().position(|(of, _)| *of == platform);
        if let Some(place) = scripted {
            return Some(script.remove(place).1);
        }
        let mut chance = self.chance() % 1_000;
        for (share, mishap) in &self.faults.borrow().shares {
            if chance < *share {
                return Some(*mishap);
            }
            chance -= share;
        }
        None
    }

    fn work(&self, path: &str, request: &Outbound) -> Inbound {
        let platform = platform_at(path);
        if !request.body.is_empty() && header(request, "Content-Type") != "application/json" {
            self.breach(format!("{platform} is sent no JSON"));
        }
        if !self.lets_in(platform, request) {
            return self.unauthenticated(platform);
        }
        if let Some(request_id) = path.strip_prefix("/v1/requestStatus:retrieve?requestId=") {
            return self.status(request_id);
        }
        let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
        match path {
            "/v1/events:ingest" => self.ingest(&body),
            "/CampaignManagement/v13/OfflineConversions/Apply" => {
                self.apply(request, &body, "OfflineConversions")
            }
            "/CampaignManagement/v13/OfflineConversionAdjustments/Apply" => {
                self.apply(request, &body, "OfflineConversionAdjustments")
            }
            _ if platform == "meta" && path.ends_with("/events") => self.events(&body),
            _ => {
                self.breach(format!("{path} is no place of {platform}"));
                html(404)
            }
        }
    }

    fn check(&self, platform: &str, root: Option<&str>, body: &Value) {
        let definitions = Definitions::read(platform);
        let root = root.unwrap_or(&definitions.root);
        self.breaches
            .borrow_mut()
            .extend(definitions.breaches(root, body, platform));
    }

    fn breach(&self, breach: String) {
        self.breaches.borrow_mut().push(breach);
    }

    fn is_poisoned(&self, id: &str) -> bool {
        self.poisoned.borrow().iter().any(|poisoned| poisoned == id)
    }

    /// What was taken under this key before, and takes one more.
    fn take(&self, platform: &str, key: &str, payload: &Value) -> Vec<String> {
        let mut conversions = self.conversions.borrow_mut();
        let taken = conversions.entry(format!("{platform} {key}")).or_default();
        let before = taken.clone();
        taken.push(payload.to_string());
        before
    }

    /// A small generator by which a seed makes the same test again (<https://prng.di.unimi.it/splitmix64.c>).
    fn chance(&self) -> u32 {
        let state = self.random.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.random.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed >> 33) as u32
    }
}

/// In this process, the double is the network itself.
impl Network for PlatformDouble {
    async fn send(&self, request: &Outbound) -> Option<Inbound> {
        let reaction = self.react(request);
        let is_api = !request.url.ends_with("/token");
        if is_api && self.chance() % 1_000 < self.faults.borrow().sender_dies {
            // Nobody polls this again: the run is dropped here, as a Worker that is ended.
            std::future::pending::<()>().await;
        }
        match reaction {
            Reaction::Answer(answer) => Some(answer),
            _ => None,
        }
    }

    async fn sign(&self, key: &[u8], text: &str) -> Option<Vec<u8>> {
        Some(own_signature(key, text))
    }

    fn random_byte(&self) -> u8 {
        (self.chance() % 256) as u8
    }

    fn nonce(&self) -> Option<[u8; NONCE_BYTES]> {
        Some(std::array::from_fn(|_| self.random_byte()))
    }

    fn now(&self) -> Timestamp {
        self.now.get()
    }
}

/// In this process no runtime signs, so the double does, and knows its own hand.
fn own_signature(key: &[u8], text: &str) -> Vec<u8> {
    Sha256::digest([key, text.as_bytes()].concat()).to_vec()
}

fn platform_at(path: &str) -> &'static str {
    match path {
        _ if path.starts_with("/v1/") => "google",
        _ if path.starts_with("/CampaignManagement/") => "microsoft",
        _ if path.starts_with("/v26.0/") => "meta",
        _ => "nobody",
    }
}

fn header<'a>(request: &'a Outbound, name: &str) -> &'a str {
    let found = request.headers.iter().find(|(other, _)| *other == name);
    found.map_or("", |(_, value)| value)
}

fn reply(status: u16, body: &Value) -> Inbound {
    Inbound {
        status,
        retry_after: None,
        body: body.to_string().into_bytes(),
    }
}

fn html(status: u16) -> Inbound {
    Inbound {
        status,
        retry_after: None,
        body: b"<html>Something went wrong</html>".to_vec(),
    }
}
