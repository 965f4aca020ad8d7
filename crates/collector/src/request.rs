//! A request as plain values, so that every room runs natively.

/// What the rooms may know of a request.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Named in the answer and in the log, so that a person can ask for it.
    pub request_id: String,
    /// `GET`, `POST`, … as the client wrote it.
    pub method: String,
    /// The path, beginning with `/`, still encoded.
    pub path: String,
    /// The query without `?`.
    pub query: String,
    /// Scheme, host and port that the request was sent to.
    pub own_origin: String,
    /// The `Origin` header.
    pub origin: Option<String>,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The `Content-Encoding` header.
    pub content_encoding: Option<String>,
    /// The `Authorization` header.
    pub authorization: Option<String>,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
    /// The `Sec-Purpose` header.
    pub sec_purpose: Option<String>,
    /// The `Sec-GPC` header.
    pub sec_gpc: Option<String>,
    /// The body, as far as it was read.
    pub body: Body,
}

/// A body that was read up to the route's limit.
#[derive(Clone, Debug)]
pub enum Body {
    /// All of it.
    Whole(Vec<u8>),
    /// It is longer than the route takes; nothing of it was kept.
    TooLarge,
    /// The client went away, or sent less than it announced.
    Cut,
}

impl Default for Body {
    fn default() -> Self {
        Self::Whole(Vec::new())
    }
}

impl Request {
    /// The media type without its parameters, in lower case.
    #[must_use]
    pub fn media_type(&self) -> String {
        let whole = self.content_type.as_deref().unwrap_or_default();
        whole
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    }

    /// Whether the body is compressed. The runtime does not inflate bodies, and neither do we: a small bomb stays small.
    #[must_use]
    pub fn is_encoded(&self) -> bool {
        let encoding = self.content_encoding.as_deref().unwrap_or_default().trim();
        !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity")
    }

    /// The first value of a name in the query.
    #[must_use]
    pub fn query_value(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.query.as_bytes());
        pairs
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.into_owned())
    }

    /// The credentials of an `Authorization` header of that scheme.
    #[must_use]
    pub fn credentials(&self, scheme: &str) -> Option<&str> {
        let (given, credentials) = self.authorization.as_deref()?.trim().split_once(' ')?;
        given.eq_ignore_ascii_case(scheme).then(|| credentials.trim())
    }
}
