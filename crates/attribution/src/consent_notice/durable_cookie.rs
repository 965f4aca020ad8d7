//! The cookie that the collector sets: when it may, for how long, and for which hosts
//! (<https://www.rfc-editor.org/rfc/rfc6265#section-5.3>).

use super::{ConsentNotice, ConsentNoticeRefusal, Grant};
use crate::pieces::{Separators, cut};
use crate::timestamp::{DAY_MS, SECOND_MS, Timestamp};
use crate::visit_record::RECORD_NAME;

/// Parent domains in which a withdrawal expires the cookie. No host in use has more labels.
const DOMAINS_MAX: usize = 8;

/// How a notice arrived: what decides whether a browser would take a cookie, and whether it may get one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Arrival<'a> {
    /// The `Origin` header: the page's.
    pub page_origin: &'a str,
    /// Scheme, host and port that the request was sent to.
    pub own_origin: &'a str,
    /// The `Sec-Purpose` header: a page that is fetched or rendered ahead is not a visit yet
    /// (<https://fetch.spec.whatwg.org/#sec-purpose-header>).
    pub sec_purpose: &'a str,
    /// The `Sec-GPC` header: `1` opts out (<https://w3c.github.io/gpc/#the-sec-gpc-header-field-for-http-requests>).
    pub sec_gpc: &'a str,
}

/// What became of the cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieResult {
    /// It is set.
    Set,
    /// It is deleted.
    Expired,
    /// It is as it was.
    Ignored,
}

impl CookieResult {
    /// The word on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Expired => "expired",
            Self::Ignored => "ignored",
        }
    }
}

/// The answer to a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieAnswer {
    /// What became of the cookie.
    pub result: CookieResult,
    /// Why, in a sentence.
    pub reason: &'static str,
    /// The texts of the `Set-Cookie` headers.
    pub set_cookies: Vec<String>,
}

impl CookieAnswer {
    fn ignored(reason: &'static str) -> Self {
        Self {
            result: CookieResult::Ignored,
            reason,
            set_cookies: Vec::new(),
        }
    }

    /// A cookie of one host and one of a domain are two, and deleting one leaves the other; so every one goes that
    /// this host could ever have set. A browser ignores those of a public suffix.
    fn expired(reason: &'static str, host: &str, is_https: bool) -> Self {
        let host_only = set_cookie("", 0, "", is_https);
        let of_domains = domains_of(host).map(|domain| set_cookie("", 0, domain, is_https));
        Self {
            result: CookieResult::Expired,
            reason,
            set_cookies: std::iter::once(host_only).chain(of_domains).collect(),
        }
    }
}

impl ConsentNotice {
    /// The cookie that follows from a notice.
    ///
    /// # Errors
    /// [`ConsentNoticeRefusal::FieldInvalid`] where the page asks for a domain that its host may not set.
    pub fn answer(&self, arrival: Arrival<'_>, now: Timestamp) -> Result<CookieAnswer, ConsentNoticeRefusal> {
        let (scheme, host) = scheme_and_host(arrival.own_origin);
        // A browser takes no cookie from an answer to another site, and one of another host is not the page's.
        if host.is_empty() || (scheme, host) != scheme_and_host(arrival.page_origin) {
            return Ok(CookieAnswer::ignored(
                "The collector is not on the page's own host, so a browser would not keep its cookie.",
            ));
        }
        let is_https = scheme == "https";
        match self {
            Self::Withdrawal => Ok(CookieAnswer::expired(
                "The visitor refuses storage.",
                host,
                is_https,
            )),
            Self::Grant(_) if arrival.sec_gpc.trim() == "1" => Ok(CookieAnswer::expired(
                "The browser sends Global Privacy Control.",
                host,
                is_https,
            )),
            Self::Grant(_) if arrival.sec_purpose.contains("prefetch") => Ok(CookieAnswer::ignored(
                "The page is only fetched ahead, and nobody has visited it.",
            )),
            Self::Grant(grant) => grant.cookie(host, is_https, now),
        }
    }
}

impl Grant {
    fn cookie(
        &self,
        host: &str,
        is_https: bool,
        now: Timestamp,
    ) -> Result<CookieAnswer, ConsentNoticeRefusal> {
        if !self.domain.is_empty() && !domains_of(host).any(|domain| domain == self.domain) {
            return Err(ConsentNoticeRefusal::FieldInvalid("/domain"));
        }
        let newest = self.record.value().touches().iter().map(|touch| touch.at).max();
        // The visitor's clock may run ahead, but the cookie still lives no longer than the site keeps a touch.
        let remaining_ms = newest.map_or(0, |at| i64::from(self.days) * DAY_MS - now.ms_since(at.min(now)));
        if remaining_ms < SECOND_MS {
            return Ok(CookieAnswer::expired(
                "Every touch is older than the site keeps it.",
                host,
                is_https,
            ));
        }
        let text = self.record.encode();
        Ok(CookieAnswer {
            result: CookieResult::Set,
            reason: "The visitor agreed to storage.",
            set_cookies: vec![set_cookie(
                &text,
                remaining_ms / SECOND_MS,
                &self.domain,
                is_https,
            )],
        })
    }
}

/// Never `HttpOnly`, because the script reads the record; never longer than what is left of the newest touch, because
/// only a new click renews it.
fn set_cookie(text: &str, seconds: i64, domain: &str, is_https: bool) -> String {
    let mut cookie = format!("{RECORD_NAME}={text}; Path=/; SameSite=Lax; Max-Age={seconds}");
    if !domain.is_empty() {
        cookie.push_str("; Domain=");
        cookie.push_str(domain);
    }
    if is_https {
        cookie.push_str("; Secure");
    }
    cookie
}

/// The host itself and its parents, longest first, as far as a cookie may name them: an address has no parents, and a
/// single label is nobody's domain.
fn domains_of(host: &str) -> impl Iterator<Item = &str> {
    let is_address = host.contains(':') || host.rsplit('.').next().is_some_and(is_number);
    let mut next = Some(host).filter(|_| !is_address);
    let parents = std::iter::from_fn(move || {
        let domain = next?;
        next = cut(domain, b'.').1;
        Some(domain).filter(|domain| domain.contains('.'))
    });
    let labels = host.split('.').count();
    parents.skip(labels.saturating_sub(DOMAINS_MAX + 1))
}

/// The last label of a host is a number only in an IPv4 address (<https://url.spec.whatwg.org/#ends-in-a-number-checker>).
fn is_number(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit())
}

/// Cookies know no ports (<https://www.rfc-editor.org/rfc/rfc6265#section-8.5>), but a host of another scheme is
/// another site (<https://html.spec.whatwg.org/multipage/browsers.html#schemeful-same-site>).
fn scheme_and_host(origin: &str) -> (&str, &str) {
    let Some((scheme, rest)) = origin.split_once("://") else {
        return ("", "");
    };
    // An IPv6 address holds colons of its own, in brackets.
    let (host, after_bracket) = rest.split_at(rest.find(']').map_or(0, |end| end + 1));
    let (rest_of_host, _) = cut(after_bracket, const { Separators::any_of(b":/") });
    if host.is_empty() {
        (scheme, rest_of_host)
    } else {
        (scheme, host)
    }
}
