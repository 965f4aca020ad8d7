//! A site: whose pages may send leads here. CORS is no authentication, but it keeps other sites' pages out.

use std::fmt;

use attribution::time_zone::TimeZone;
use serde::Serialize;

use crate::reply::Reply;

/// One site's settings.
#[derive(Clone, Debug, Serialize)]
pub struct Site {
    /// The id in the tag's `data-site`.
    #[serde(rename = "site")]
    pub id: String,
    /// Which origins its pages have.
    pub origins: Origins,
    /// Where its clocks hang, for outcome times without an offset.
    #[serde(serialize_with = "write_zone")]
    pub time_zone: Option<TimeZone>,
    /// Days after its arrival that a lead is kept.
    pub retention_days: u16,
    /// Leads that the site takes on one UTC day; `None`: as many as come.
    pub daily_budget: Option<u32>,
}

fn write_zone<S: serde::Serializer>(zone: &Option<TimeZone>, serializer: S) -> Result<S::Ok, S::Error> {
    zone.as_ref().map(TimeZone::name).serialize(serializer)
}

/// The origins of a site's pages, along with the very text that the store holds of them: by it a write can say which
/// origins it was judged by.
#[derive(Clone, Debug)]
pub struct Origins {
    patterns: Vec<OriginPattern>,
    stored: String,
}

impl Origins {
    /// Origins that are to be stored.
    #[must_use]
    pub fn new(patterns: Vec<OriginPattern>) -> Self {
        let texts: Vec<String> = patterns.iter().map(OriginPattern::to_string).collect();
        let stored = serde_json::to_string(&texts).unwrap_or_default();
        Self { patterns, stored }
    }

    /// Origins as the store holds them; `None` where they are no JSON array of texts. A pattern that cannot be read
    /// matches nobody.
    #[must_use]
    pub fn from_stored(stored: String) -> Option<Self> {
        let texts: Vec<String> = serde_json::from_str(&stored).ok()?;
        let patterns = texts.iter().filter_map(|text| OriginPattern::parse(text));
        Some(Self {
            patterns: patterns.collect(),
            stored,
        })
    }

    /// The JSON array as the store holds it.
    #[must_use]
    pub fn stored(&self) -> &str {
        &self.stored
    }
}

impl Serialize for Origins {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.patterns.serialize(serializer)
    }
}

/// `https://www.example.com`, `https://*.example.com` (every subdomain, not the domain itself) or
/// `http://localhost:*` (every port).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginPattern {
    scheme: String,
    host: String,
    port: String,
}

impl OriginPattern {
    /// Reads a pattern; `None` where it has a path, no scheme, or a star in another place. Below a star there is more
    /// than a top-level domain, so that no pattern lets everybody in; `localhost` is nobody's domain.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, host, port) = split_origin(text)?;
        let star_is_in_place = match host.strip_prefix("*.") {
            Some(domain) => !domain.contains('*') && (domain.contains('.') || domain == "localhost"),
            None => !host.contains('*'),
        };
        // No browser names the port that goes without saying, so with it a pattern would match nobody.
        let port_is_default = matches!((scheme, port), ("http", "80") | ("https", "443"));
        (star_is_in_place && !port_is_default).then(|| Self {
            scheme: scheme.to_owned(),
            host: host.to_owned(),
            port: port.to_owned(),
        })
    }

    /// Whether an `Origin` header is one of the pattern's. Browsers write it in lower case and without a default port
    /// (<https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin>), so anything else is
    /// not an origin.
    #[must_use]
    pub fn matches(&self, origin: &str) -> bool {
        let Some((scheme, host, port)) = split_origin(origin) else {
            return false;
        };
        if host.contains('*') || port.contains('*') || scheme != self.scheme {
            return false;
        }
        let host_matches = match self.host.strip_prefix('*') {
            Some(suffix) => host.strip_suffix(suffix).is_some_and(|label| !label.is_empty()),
            None => host == self.host,
        };
        host_matches && (self.port == "*" || self.port == port)
    }
}

impl fmt::Display for OriginPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scheme, host, port } = self;
        let colon = if port.is_empty() { "" } else { ":" };
        write!(formatter, "{scheme}://{host}{colon}{port}")
    }
}

impl Serialize for OriginPattern {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Scheme, host and port; the port is empty where the origin has none.
fn split_origin(text: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    let allowed = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_' | b'*')
    };
    let (host, port) = rest.rsplit_once(':').unwrap_or((rest, ""));
    let host_is_one = !host.is_empty() && host.bytes().all(allowed) && !host.split('.').any(str::is_empty);
    let port_is_one = port == "*" || port.bytes().all(|byte| byte.is_ascii_digit());
    let has_empty_port = rest.ends_with(':');
    (matches!(scheme, "http" | "https") && host_is_one && port_is_one && !has_empty_port)
        .then_some((scheme, host, port))
}

impl Site {
    /// Whether pages of this origin may send leads of this site. A missing origin and `null` never may.
    #[must_use]
    pub fn allows(&self, origin: Option<&str>) -> bool {
        origin.is_some_and(|origin| {
            self.origins
                .patterns
                .iter()
                .any(|pattern| pattern.matches(origin))
        })
    }
}

/// The CORS headers of an answer: exactly the asking origin when it is allowed, and never credentials.
/// `Vary` stands in either case, so that no cache serves one origin's answer to another.
#[must_use]
pub fn with_cors(reply: Reply, allowed_origin: Option<&str>) -> Reply {
    let reply = reply.with_header("Vary", "Origin");
    match allowed_origin {
        Some(origin) => reply
            .with_header("Access-Control-Allow-Origin", origin)
            .with_header("Access-Control-Expose-Headers", "X-Request-Id, Retry-After"),
        None => reply,
    }
}

/// The answer to a preflight. The script itself sends `text/plain` and never needs one.
#[must_use]
pub fn preflight(allowed_origin: Option<&str>) -> Reply {
    let reply = with_cors(Reply::empty(204), allowed_origin);
    if allowed_origin.is_none() {
        return reply;
    }
    reply
        .with_header("Access-Control-Allow-Methods", "POST")
        .with_header("Access-Control-Allow-Headers", "Content-Type")
        .with_header("Access-Control-Max-Age", "86400")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_origins_match_which_patterns() {
        let table = [
            ("https://www.example.com", "https://www.example.com", true),
            ("https://www.example.com", "http://www.example.com", false),
            ("https://www.example.com", "https://www.example.com:8443", false),
            (
                "https://www.example.com",
                "https://www.example.com.evil.example",
                false,
            ),
            ("https://www.example.com", "https://evilwww.example.com", false),
            ("https://www.example.com", "https://www.example.com/", false),
            (
                "https://www.example.com",
                "https://www.example.com@evil.example",
                false,
            ),
            ("https://www.example.com", "HTTPS://WWW.EXAMPLE.COM", false),
            ("https://www.example.com", "null", false),
            ("https://www.example.com", "", false),
            ("https://*.example.com", "https://shop.example.com", true),
            ("https://*.example.com", "https://a.b.example.com", true),
            ("http://*.localhost:*", "http://shop.localhost:8787", true),
            ("https://*.example.com", "https://example.com", false),
            ("https://*.example.com", "https://.example.com", false),
            ("https://*.example.com", "https://evilexample.com", false),
            ("https://*.example.com", "https://*.example.com", false),
            ("http://localhost:*", "http://localhost:8787", true),
            ("http://localhost:*", "http://localhost", true),
            ("http://localhost:*", "http://localhost:", false),
            ("http://localhost:*", "http://localhost:80a", false),
            ("http://localhost:*", "https://localhost:8787", false),
            ("http://localhost:*", "http://localhost.evil.example:80", false),
        ];
        for (pattern, origin, expected) in table {
            let pattern = OriginPattern::parse(pattern).unwrap();
            assert_eq!(pattern.matches(origin), expected, "{pattern:?} {origin}");
            assert_eq!(OriginPattern::parse(&pattern.to_string()), Some(pattern));
        }
    }

    #[test]
    fn err_patterns_that_would_let_everybody_in() {
        for text in [
            "*",
            "https://*",
            "https://*.*",
            "https://*.com",
            "https://ex*mple.com",
            "example.com",
            "https://a/b",
            "null",
            "",
        ] {
            let pattern = OriginPattern::parse(text);
            let everybody = pattern.is_some_and(|pattern| pattern.matches("https://evil.example"));
            assert!(!everybody, "{text}");
        }
        for text in [
            "https://ex*mple.com",
            "https://*.com",
            "https://*.*.com",
            "https://a.*.com",
            "https://www.example.com:443",
            "http://www.example.com:80",
        ] {
            assert_eq!(OriginPattern::parse(text), None, "{text}");
        }
    }

    #[test]
    fn credentials_are_never_allowed_and_vary_always_stands() {
        for origin in [None, Some("https://www.example.com")] {
            let reply = preflight(origin);
            assert_eq!(reply.header("Vary"), Some("Origin"));
            assert_eq!(reply.header("Access-Control-Allow-Origin"), origin);
            assert_eq!(reply.header("Access-Control-Allow-Credentials"), None);
        }
    }
}
