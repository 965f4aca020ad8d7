//! The collector in this process: the Worker's rooms behind a door of plain values, on SQLite.

use std::sync::atomic::{AtomicU32, Ordering};

use attribution::timestamp::Timestamp;
use collector::destination_trial::Platforms;
use collector::network::{Inbound, Network, Outbound};
use collector::platform_access::Access;
use collector::reply::Reply;
use collector::request::{Body, Request, SECRET_BYTES};
use collector::routes;
use collector::sealed_token::NONCE_BYTES;
use collector::store::Store;
use collector::store::database::Database;
use futures_util::FutureExt;
use serde_json::Value;

/// The admin token of development.
pub const ADMIN_TOKEN: &str = "dev-admin-token";

/// No two requests of a test are given the same bytes.
static RANDOM: AtomicU32 = AtomicU32::new(1);

/// Rooms and store, and a clock that the test sets.
#[derive(Debug)]
pub struct NativeCollector<D> {
    store: Store<D>,
    /// The admin token of this deployment.
    pub admin_token: Option<&'static str>,
    /// The secrets of webhooks, by name.
    pub secrets: &'static [(&'static str, &'static str)],
}

impl<D: Database> NativeCollector<D> {
    /// A collector on this database.
    #[must_use]
    pub fn new(database: D) -> Self {
        Self {
            store: Store::new(database),
            admin_token: Some(ADMIN_TOKEN),
            secrets: &[],
        }
    }

    /// Answers a request as the Worker would at `now`.
    ///
    /// # Panics
    /// When a room waits for something, which on SQLite none does.
    #[must_use]
    pub fn answer(&self, request: &Request, now: Timestamp) -> Reply {
        let platforms = Platforms {
            network: &NoNetwork,
            access: &Access::default(),
        };
        self.answer_beside(request, &platforms, now)
    }

    /// Answers a request where there are platforms.
    ///
    /// # Panics
    /// When a room waits for something.
    #[must_use]
    pub fn answer_beside<N: Network>(
        &self,
        request: &Request,
        platforms: &Platforms<'_, N>,
        now: Timestamp,
    ) -> Reply {
        let secret_of = |name: &str| {
            let secret = self.secrets.iter().find(|(other, _)| *other == name);
            secret.map(|(_, secret)| (*secret).to_owned())
        };
        let admin_token = self.admin_token;
        let answer = routes::answer(request, &self.store, admin_token, &secret_of, platforms, now);
        answer.now_or_never().expect("SQLite answers at once")
    }
}

/// A world without platforms, as most tests have it: whoever asks one fails.
#[derive(Clone, Copy, Debug)]
pub struct NoNetwork;

impl Network for NoNetwork {
    async fn send(&self, request: &Outbound) -> Option<Inbound> {
        panic!("nobody is to be asked: {request:?}")
    }

    async fn sign(&self, _key: &[u8], _text: &str) -> Option<Vec<u8>> {
        None
    }

    fn random_byte(&self) -> u8 {
        0
    }

    fn nonce(&self) -> Option<[u8; NONCE_BYTES]> {
        None
    }

    fn now(&self) -> Timestamp {
        Timestamp::EPOCH
    }
}

/// A lead as the browser script sends it.
#[must_use]
pub fn post_lead(origin: &str, body: &[u8]) -> Request {
    Request {
        origin: Some(origin.to_owned()),
        content_type: Some("text/plain;charset=UTF-8".to_owned()),
        ..post("/throughline/v1/leads", body)
    }
}

/// A consent notice as the browser script sends it, to a collector on the page's own host.
#[must_use]
pub fn post_consent(origin: &str, body: &[u8]) -> Request {
    Request {
        own_origin: origin.to_owned(),
        origin: Some(origin.to_owned()),
        content_type: Some("text/plain;charset=UTF-8".to_owned()),
        ..post("/throughline/v1/consent", body)
    }
}

/// Outcomes as a CRM sends them.
#[must_use]
pub fn post_outcomes(body: &str) -> Request {
    Request {
        content_type: Some("application/json".to_owned()),
        authorization: Some(format!("Bearer {ADMIN_TOKEN}")),
        ..post("/throughline/v1/outcomes", body.as_bytes())
    }
}

/// A table of outcomes as somebody exported it.
#[must_use]
pub fn post_table(content_type: &str, body: &[u8]) -> Request {
    Request {
        content_type: Some(content_type.to_owned()),
        authorization: Some(format!("Bearer {ADMIN_TOKEN}")),
        ..post("/throughline/v1/outcomes", body)
    }
}

/// The feed as Google fetches it. The header is `google-demo:dev-feed-password` in base64.
#[must_use]
pub fn get_feed() -> Request {
    Request {
        method: "GET".to_owned(),
        path: "/throughline/feeds/google-demo/conversions.csv".to_owned(),
        authorization: Some("Basic Z29vZ2xlLWRlbW86ZGV2LWZlZWQtcGFzc3dvcmQ=".to_owned()),
        request_id: "test".to_owned(),
        ..Request::default()
    }
}

/// A request of a program with a key. `path` stands below `/throughline/`; an empty body is none.
#[must_use]
pub fn ask(method: &str, path: &str, key: &str, body: &str) -> Request {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    Request {
        method: method.to_owned(),
        query: query.to_owned(),
        content_type: Some("application/json".to_owned()).filter(|_| !body.is_empty()),
        authorization: Some(format!("Bearer {key}")),
        random: Some(random_bytes()),
        ..post(&format!("/throughline/{path}"), body.as_bytes())
    }
}

/// The same with a body of JSON; `null` is none.
#[must_use]
pub fn ask_json(method: &str, path: &str, key: &str, body: &Value) -> Request {
    match body {
        Value::Null => ask(method, path, key, ""),
        body => ask(method, path, key, &body.to_string()),
    }
}

/// What an answer says in JSON; `null` where it is none.
#[must_use]
pub fn json_of(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap_or_default()
}

/// Bytes that no other request gets: two secrets that are the same by chance would open each other's doors.
fn random_bytes() -> [u8; SECRET_BYTES] {
    let number = RANDOM.fetch_add(1, Ordering::Relaxed).to_le_bytes();
    std::array::from_fn(|place| number[place % number.len()] ^ 0x5a)
}

fn post(path: &str, body: &[u8]) -> Request {
    Request {
        method: "POST".to_owned(),
        path: path.to_owned(),
        request_id: "test".to_owned(),
        body: Body::Whole(body.to_vec()),
        ..Request::default()
    }
}
