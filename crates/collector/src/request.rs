//! A request as plain values, so that every room runs natively.

use crate::refusal::Refusal;

/// Random bytes of a secret: 192 bits, where 128 are enough that nobody tries them all.
pub const SECRET_BYTES: usize = 24;

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
    /// The address that the request came from, as Cloudflare tells it (`CF-Connecting-IP`). It is never stored.
    pub client_address: Option<String>,
    /// Whether this deployment keeps limits, and what its rate limiter says of the sender.
    pub limits: Limits,
    /// The `Referer` header.
    pub referer: Option<String>,
    /// The `Sec-Fetch-Site` header.
    pub sec_fetch_site: Option<String>,
    /// Fresh random bytes for whatever the request makes new, good enough for secrets; `None` where the platform had
    /// none to give.
    pub random: Option<[u8; SECRET_BYTES]>,
    /// All headers, of a webhook alone: its provider signs by headers of its own.
    pub headers: Vec<(String, String)>,
    /// The body, as far as it was read.
    pub body: Body,
}

/// Rate limits and budgets. They are off under `cargo xtask dev`, so that load and fault tests reach the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Limits {
    /// Nobody counts.
    #[default]
    Off,
    /// The sender is within its rate.
    Within,
    /// The sender is over its rate.
    Exceeded,
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
    /// It did not come in time.
    Slow,
}

impl Default for Body {
    fn default() -> Self {
        Self::Whole(Vec::new())
    }
}

/// Cloudflare's own name for a request, such as `8f2a0b1c2d3e4f50-FRA`. Outside of its network everybody can write the
/// header, so only what looks like one is ever repeated.
#[must_use]
pub fn ray_id(header: &str) -> Option<&str> {
    let (ray, place) = header.split_once('-').unwrap_or((header, "AAA"));
    let is_one = ray.len() == 16
        && ray.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && place.len() == 3
        && place.bytes().all(|byte| byte.is_ascii_uppercase());
    is_one.then_some(header)
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

    /// The origin of the page that sent the request. Browsers name it in `Origin` with every form that they post; where
    /// one does not, the page's address tells (<https://fetch.spec.whatwg.org/#origin-header>).
    #[must_use]
    pub fn page_origin(&self) -> Option<&str> {
        let of_address = || {
            let address = self.referer.as_deref()?;
            let host = address.find("://")? + "://".len();
            let path = address.get(host..)?.find('/');
            address.get(..path.map_or(address.len(), |path| host + path))
        };
        self.origin.as_deref().or_else(of_address)
    }

    /// What the sender calls the encoding of its text, if it says so.
    #[must_use]
    pub fn charset(&self) -> Option<String> {
        let parameters = self.content_type.as_deref()?.split(';').skip(1);
        let mut parameters = parameters.filter_map(|parameter| parameter.split_once('='));
        let (_, charset) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
        Some(charset.trim().trim_matches('"').to_owned())
    }

    /// The body, if it came whole and uncompressed.
    ///
    /// # Errors
    /// What is wrong with it; `bytes_max` is what the route takes.
    pub fn whole_body(&self, bytes_max: usize) -> Result<&[u8], Refusal> {
        match &self.body {
            Body::TooLarge => Err(Refusal::TooLarge(bytes_max)),
            Body::Cut => Err(Refusal::BodyCut),
            Body::Slow => Err(Refusal::BodySlow),
            Body::Whole(_) if self.is_encoded() => Err(Refusal::ContentEncoding),
            Body::Whole(body) => Ok(body),
        }
    }

    /// Whether the body is compressed. The runtime does not inflate bodies, and neither do we: a small bomb stays small.
    #[must_use]
    pub fn is_encoded(&self) -> bool {
        let encoding = self.content_encoding.as_deref().unwrap_or_default().trim();
        !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity")
    }

    /// Whether a page of another origin sent it. Programs that are no browsers say nothing of the kind. An opaque
    /// origin (`null`) is another one (<https://www.w3.org/TR/fetch-metadata/>).
    #[must_use]
    pub fn is_cross_site(&self) -> bool {
        let is_foreign_site =
            |site: &String| !site.eq_ignore_ascii_case("same-origin") && !site.eq_ignore_ascii_case("none");
        let is_foreign_origin = |origin: &String| *origin != self.own_origin;
        self.sec_fetch_site.as_ref().is_some_and(is_foreign_site)
            || self.origin.as_ref().is_some_and(is_foreign_origin)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_what_the_content_type_says() {
        for (content_type, expected) in [
            ("text/csv", None),
            ("text/csv; header=present", None),
            ("text/csv; charset=windows-1252", Some("windows-1252")),
            ("text/csv;header=present; Charset=\"UTF-8\"", Some("UTF-8")),
        ] {
            let request = Request {
                content_type: Some(content_type.to_owned()),
                ..Request::default()
            };
            assert_eq!(request.charset().as_deref(), expected, "{content_type}");
        }
        assert_eq!(Request::default().charset(), None);
    }

    #[test]
    fn only_what_looks_like_a_ray_is_one() {
        for (header, is_one) in [
            ("8f2a0b1c2d3e4f50", true),
            ("8f2a0b1c2d3e4f50-FRA", true),
            ("8f2a0b1c2d3e4f50-fra", false),
            ("8f2a0b1c2d3e4f50-FRANKFURT", false),
            ("8F2A0B1C2D3E4F50", false),
            ("8f2a0b1c2d3e4f5", false),
            ("ann@example.com", false),
            ("8f2a0b1c2d3e4f5g-FRA", false),
            ("", false),
        ] {
            assert_eq!(ray_id(header).is_some(), is_one, "{header}");
        }
    }

    #[test]
    fn the_page_of_a_form_is_known_by_its_origin_or_else_by_its_address() {
        let origin_of = |origin: Option<&str>, referer: Option<&str>| {
            let request = Request {
                origin: origin.map(str::to_owned),
                referer: referer.map(str::to_owned),
                ..Request::default()
            };
            request.page_origin().map(str::to_owned)
        };
        let page = Some("https://www.example.com/contact?x=1");
        for (origin, referer, expected) in [
            (Some("https://a.example"), page, Some("https://a.example")),
            (Some("null"), page, Some("null")),
            (None, page, Some("https://www.example.com")),
            (
                None,
                Some("https://www.example.com"),
                Some("https://www.example.com"),
            ),
            (None, Some("https://a.de/lp?x=://y/"), Some("https://a.de")),
            (None, Some("about:blank"), None),
            (None, None, None),
        ] {
            assert_eq!(
                origin_of(origin, referer).as_deref(),
                expected,
                "{origin:?} {referer:?}"
            );
        }
    }
}
