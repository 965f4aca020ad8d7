//! Platforms that answer as the real ones do: strict about every field, and able to fail in every way that a network and
//! a busy server have. Plain values in, plain values out; a test stands it in the Worker's place of the network, or behind
//! a socket.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use attribution::timestamp::Timestamp;
use collector::network::{Inbound, Network, Outbound};
use serde_json::{Value, json};

use crate::definitions::Definitions;

/// What happens to a request besides its answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Of 1,000 requests, so many are done and their answers lost.
    pub answer_lost: u32,
    /// So many never arrive.
    pub request_lost: u32,
    /// So many are answered 429 with `Retry-After: 120`.
    pub busy: u32,
    /// So many are answered 500 in HTML.
    pub failing: u32,
    /// So many are done, and the sender dies before it reads the answer.
    pub sender_dies: u32,
}

/// A request that was taken: its events in order, and how often the platform was asked for it.
#[derive(Debug, Default)]
struct Taken {
    /// What the platform will say of each event; empty: it is taken.
    words: Vec<&'static str>,
    asked: u32,
}

/// All three platforms.
#[derive(Debug)]
pub struct PlatformDouble {
    /// The clock, which the test sets.
    pub now: Cell<Timestamp>,
    /// What goes wrong.
    pub faults: Cell<Faults>,
    /// How many tokens were given out.
    pub tokens: Cell<u32>,
    /// Tokens before this one are not known any more.
    pub oldest_token: Cell<u32>,
    /// The token end refuses everybody.
    pub refuses_secrets: Cell<bool>,
    /// How many requests came, those for tokens not counted.
    pub requests: Cell<usize>,
    /// By the platform and the transaction, click or event id: every payload that was taken under it. The first counts.
    pub conversions: RefCell<BTreeMap<String, Vec<String>>>,
    /// Ids that the platform refuses.
    pub poisoned: RefCell<Vec<String>>,
    /// A second payload under one id changes the first, instead of being a repetition.
    pub takes_changes: Cell<bool>,
    /// What was wrong with requests by the platform's own definitions.
    pub breaches: RefCell<Vec<String>>,
    taken: RefCell<BTreeMap<String, Taken>>,
    random: Cell<u64>,
}

/// Where the double's API stands.
pub const API_URL: &str = "http://platform.test";
/// Where it gives out tokens.
pub const TOKEN_URL: &str = "http://platform.test/token";

impl PlatformDouble {
    /// A platform at a moment. The same seed makes the same faults.
    #[must_use]
    pub fn new(now: Timestamp, seed: u64) -> Self {
        Self {
            now: Cell::new(now),
            faults: Cell::default(),
            tokens: Cell::default(),
            oldest_token: Cell::default(),
            refuses_secrets: Cell::default(),
            requests: Cell::default(),
            conversions: RefCell::default(),
            poisoned: RefCell::default(),
            takes_changes: Cell::default(),
            breaches: RefCell::default(),
            taken: RefCell::default(),
            random: Cell::new(seed),
        }
    }

    /// How often each conversion was taken, all of them in the order of their ids.
    #[must_use]
    pub fn times_taken(&self) -> Vec<usize> {
        self.conversions.borrow().values().map(Vec::len).collect()
    }

    /// What the platform answers; `None` where nothing comes back.
    pub fn answer(&self, request: &Outbound) -> Option<Inbound> {
        if request.url == TOKEN_URL {
            return Some(self.token(request));
        }
        self.requests.set(self.requests.get() + 1);
        let faults = self.faults.get();
        let mut chance = self.chance() % 1_000;
        let mut happens = |share: u32| {
            let is_it = chance < share;
            chance = chance.saturating_sub(share);
            if is_it {
                chance = 1_000;
            }
            is_it
        };
        if happens(faults.request_lost) {
            return None;
        }
        if happens(faults.busy) {
            return Some(Inbound {
                status: 429,
                retry_after: Some("120".to_owned()),
                body: br#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}"#.to_vec(),
            });
        }
        if happens(faults.failing) {
            return Some(html(500));
        }
        let answer = self.work(request);
        if happens(faults.answer_lost) {
            None
        } else {
            Some(answer)
        }
    }

    fn work(&self, request: &Outbound) -> Inbound {
        let path = request.url.strip_prefix(API_URL).unwrap_or_default();
        if !self.lets_in(request) {
            return reply(401, &json!({"error": {"code": 401, "status": "UNAUTHENTICATED"}}));
        }
        if let Some(request_id) = path.strip_prefix("/v1/requestStatus:retrieve?requestId=") {
            return self.status(request_id);
        }
        let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
        match path {
            "/v1/events:ingest" => self.ingest(&body),
            "/CampaignManagement/v13/OfflineConversions/Apply" => self.apply(&body, "OfflineConversions"),
            "/CampaignManagement/v13/OfflineConversionAdjustments/Apply" => {
                self.apply(&body, "OfflineConversionAdjustments")
            }
            _ if path.starts_with("/v26.0/") && path.ends_with("/events") => self.events(&body),
            _ => html(404),
        }
    }

    fn lets_in(&self, request: &Outbound) -> bool {
        let authorization = request.headers.iter().find(|(name, _)| *name == "Authorization");
        let token = authorization.and_then(|(_, value)| value.strip_prefix("Bearer token-"));
        let token = token.and_then(|token| token.parse::<u32>().ok());
        token.is_some_and(|token| token >= self.oldest_token.get())
    }

    fn token(&self, request: &Outbound) -> Inbound {
        if self.refuses_secrets.get() || !request.body.contains("grant_type=") {
            return reply(400, &json!({"error": "invalid_grant"}));
        }
        self.tokens.set(self.tokens.get() + 1);
        let token = format!("token-{}", self.tokens.get());
        reply(
            200,
            &json!({"access_token": token, "token_type": "Bearer", "expires_in": 3600}),
        )
    }

    /// One bad event refuses the whole request, and is named.
    fn ingest(&self, body: &Value) -> Inbound {
        self.check("google", None, body);
        let events = body["events"].as_array().cloned().unwrap_or_default();
        let id = |event: &Value| event["transactionId"].as_str().unwrap_or_default().to_owned();
        if let Some(place) = events.iter().position(|event| self.is_poisoned(&id(event))) {
            let violation = json!({"field": format!("events.events[{place}].event_timestamp"),
                "description": "…", "reason": "EVENT_TIME_INVALID"});
            return reply(
                400,
                &json!({"error": {"code": 400, "status": "INVALID_ARGUMENT", "details": [
                    {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}]}}),
            );
        }
        let mut taken = Taken::default();
        for event in &events {
            let is_first = self.take("google", &id(event), event);
            taken
                .words
                .push(if is_first { "" } else { "DUPLICATE_TRANSACTION_ID" });
        }
        let request_id = format!("request-{}", self.taken.borrow().len());
        self.taken.borrow_mut().insert(request_id.clone(), taken);
        reply(200, &json!({"requestId": request_id}))
    }

    /// Each request is in work when it is asked for the first time.
    fn status(&self, request_id: &str) -> Inbound {
        let mut taken = self.taken.borrow_mut();
        let Some(taken) = taken.get_mut(request_id) else {
            return reply(404, &json!({"error": {"code": 404, "status": "NOT_FOUND"}}));
        };
        taken.asked += 1;
        let places: Vec<String> = taken
            .words
            .iter()
            .enumerate()
            .filter(|(_, word)| !word.is_empty())
            .map(|(place, _)| place.to_string())
            .collect();
        let report = match (taken.asked, places.len()) {
            (1, _) => json!({"requestStatus": "PROCESSING"}),
            (_, 0) => json!({"requestStatus": "SUCCESS"}),
            (_, count) => {
                let all_failed = count == taken.words.len();
                json!({"requestStatus": if all_failed { "FAILED" } else { "PARTIAL_SUCCESS" },
                    "errorInfo": {"errorCounts": [{"recordCount": count.to_string(), "recordIndices": places,
                        "reason": "PROCESSING_ERROR_REASON_DUPLICATE_TRANSACTION_ID"}]}})
            }
        };
        reply(200, &json!({"requestStatusPerDestination": [report]}))
    }

    /// Bad rows are named, the others are taken.
    fn apply(&self, body: &Value, list: &str) -> Inbound {
        self.check("microsoft", Some(list), body);
        let mut errors = Vec::new();
        for (place, row) in body[list].as_array().into_iter().flatten().enumerate() {
            let id = row["MicrosoftClickId"].as_str().unwrap_or_default().to_owned();
            if self.is_poisoned(&id) {
                errors.push(json!({"Index": place, "ErrorCode": "OfflineConversionTimeOutOfWindow"}));
            } else if !self.take("microsoft", &id, row) {
                errors.push(json!({"Index": place, "ErrorCode": "DuplicateConversionKey"}));
            }
        }
        reply(200, &json!({"PartialErrors": errors}))
    }

    /// One bad event refuses the whole request, and nobody says which.
    fn events(&self, body: &Value) -> Inbound {
        self.check("meta", None, body);
        let events = body["data"].as_array().cloned().unwrap_or_default();
        let id = |event: &Value| event["event_id"].as_str().unwrap_or_default().to_owned();
        if events.iter().any(|event| self.is_poisoned(&id(event))) {
            return reply(400, &json!({"error": {"code": 100, "error_subcode": 2_804_003}}));
        }
        for event in &events {
            self.take("meta", &id(event), event);
        }
        reply(
            200,
            &json!({"events_received": events.len(), "messages": [], "fbtrace_id": "A"}),
        )
    }

    fn check(&self, platform: &str, root: Option<&str>, body: &Value) {
        let definitions = Definitions::read(platform);
        let root = root.unwrap_or(&definitions.root);
        self.breaches
            .borrow_mut()
            .extend(definitions.breaches(root, body, platform));
    }

    fn is_poisoned(&self, id: &str) -> bool {
        self.poisoned.borrow().iter().any(|poisoned| poisoned == id)
    }

    /// Whether the conversion is new.
    fn take(&self, platform: &str, id: &str, payload: &Value) -> bool {
        let mut conversions = self.conversions.borrow_mut();
        let taken = conversions.entry(format!("{platform} {id}")).or_default();
        taken.push(payload.to_string());
        taken.len() == 1 || self.takes_changes.get()
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
        let answer = self.answer(request);
        let is_api = request.url != TOKEN_URL;
        if is_api && self.chance() % 1_000 < self.faults.get().sender_dies {
            // Nobody polls this again: the run is dropped here, as a Worker that is ended.
            std::future::pending::<()>().await;
        }
        answer
    }

    async fn sign(&self, key: &[u8], _text: &str) -> Option<Vec<u8>> {
        (!key.is_empty()).then(|| b"signature".to_vec())
    }

    fn random_byte(&self) -> u8 {
        (self.chance() % 256) as u8
    }

    fn now(&self) -> Timestamp {
        self.now.get()
    }
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
