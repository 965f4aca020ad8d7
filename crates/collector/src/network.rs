//! What a delivery needs of the world: to send a request, to sign a text, and some bytes by chance. The Worker gives it, and
//! a test's double of a platform.

use attribution::platform_answer::{HttpAnswer, retry_after};
use attribution::timestamp::Timestamp;

use crate::sealed_token::NONCE_BYTES;

/// A request to a platform.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbound {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The whole address.
    pub url: String,
    /// The headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty for none.
    pub body: String,
}

/// A platform's answer, whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inbound {
    /// The status code.
    pub status: u16,
    /// The header `Retry-After`.
    pub retry_after: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// A platform's answer as the rules read it.
pub(crate) fn http_answer(answer: Option<&Inbound>, now: Timestamp) -> HttpAnswer<'_> {
    answer.map_or(HttpAnswer::Lost, |answer| HttpAnswer::Came {
        status: answer.status,
        retry_after: answer
            .retry_after
            .as_deref()
            .and_then(|header| retry_after(header, now)),
        body: &answer.body,
    })
}

/// The world.
#[allow(async_fn_in_trait)] // A Worker has one thread, so nobody needs the future to be `Send`.
pub trait Network {
    /// Sends a request. `None` where no answer came, or one cut short: it may or may not have arrived.
    async fn send(&self, request: &Outbound) -> Option<Inbound>;

    /// Signs a text by RSASSA-PKCS1-v1_5 with SHA-256. The key is PKCS #8 in DER.
    async fn sign(&self, key: &[u8], text: &str) -> Option<Vec<u8>>;

    /// A byte by chance.
    fn random_byte(&self) -> u8;

    /// A number by chance that nobody has used before; `None` where there is no chance to be had.
    fn nonce(&self) -> Option<[u8; NONCE_BYTES]>;

    /// The clock.
    fn now(&self) -> Timestamp;
}
