//! What a delivery needs of the world: to send a request, to sign a text, and a byte by chance. The Worker gives it, and
//! a test's double of a platform.

use attribution::timestamp::Timestamp;

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

/// The world.
#[allow(async_fn_in_trait)] // A Worker has one thread, so nobody needs the future to be `Send`.
pub trait Network {
    /// Sends a request. `None` where no answer came, or one cut short: it may or may not have arrived.
    async fn send(&self, request: &Outbound) -> Option<Inbound>;

    /// Signs a text by RSASSA-PKCS1-v1_5 with SHA-256. The key is PKCS #8 in DER.
    async fn sign(&self, key: &[u8], text: &str) -> Option<Vec<u8>>;

    /// A byte by chance.
    fn random_byte(&self) -> u8;

    /// The clock.
    fn now(&self) -> Timestamp;
}
