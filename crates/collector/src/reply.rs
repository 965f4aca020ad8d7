//! An answer as plain values.

use serde::Serialize;

/// Status, headers and body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Header names and values. Values are our own texts, a checked origin, or an escaped path below one; never anything
    /// else of the request.
    pub headers: Vec<(&'static str, String)>,
    /// The bytes.
    pub body: Vec<u8>,
    /// The rule that refused, for the log.
    pub code: Option<&'static str>,
}

impl Reply {
    /// An answer of that media type.
    #[must_use]
    pub fn new(status: u16, media_type: &str, body: Vec<u8>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type", media_type.to_owned())],
            body,
            code: None,
        }
    }

    /// An answer without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            code: None,
        }
    }

    /// An answer in JSON.
    #[must_use]
    pub fn json(status: u16, body: &impl Serialize) -> Self {
        Self::json_of_type(status, "application/json", body)
    }

    /// An answer in a media type that is JSON inside. Our bodies are plain structs, which always have a JSON form.
    #[must_use]
    pub fn json_of_type(status: u16, media_type: &str, body: &impl Serialize) -> Self {
        Self::new(status, media_type, serde_json::to_vec(body).unwrap_or_default())
    }

    /// The same answer with one header more.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}
