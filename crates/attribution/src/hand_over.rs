//! The record in a link to another site of the same owner (`data-link-domains`): `_tl=<time>.<checksum>.<record>`.
//!
//! The text is made of characters that no browser, server or redirect rewrites in a query
//! (<https://www.rfc-editor.org/rfc/rfc3986#section-2.3>). It is good for two minutes, so that a copied link does not
//! make its next reader the same visitor. Anybody can write such a link, as anybody can write a click id into one:
//! what is opened is an ordinary record, which only the reader's own consent may keep.

use crate::consent::Permitted;
use crate::digits::{push_number, read_number};
use crate::limits::{HAND_OVER_BYTES_MAX, HAND_OVER_CLOCK_SKEW_MS_MAX, HAND_OVER_MS_MAX};
use crate::pieces::{Separators, cut, pieces};
use crate::timestamp::Timestamp;
use crate::urlencoded;
use crate::visit_record::VisitRecord;

/// The query parameter.
const PARAMETER: &str = "_tl";

/// Why a handed-over record is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandOverRefusal {
    /// Cut, rewritten or made up on its way.
    Damaged,
    /// Older than two minutes, or made by a clock that is ahead of this one.
    OutOfTime,
    /// Of a site that the tag's `data-link-domains` does not name.
    Stranger,
}

impl HandOverRefusal {
    /// A sentence for the site owner.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Damaged => "The visit that a link handed over was damaged on its way and is not taken.",
            Self::OutOfTime => {
                "The visit that a link handed over is not taken: such a link is good for two minutes."
            }
            Self::Stranger => {
                "The visit that a link handed over is not taken: data-link-domains does not name the site it comes from."
            }
        }
    }
}

impl Permitted<VisitRecord> {
    /// What a link carries: the first touch, the newest one and the newest click of each platform, as far as they fit.
    /// Empty where there is nothing to hand over.
    #[must_use]
    pub fn hand_over(&self, now: Timestamp) -> String {
        if self.value().touches().is_empty() {
            return String::new();
        }
        let mut time = String::new();
        push_number(&mut time, now.ms().unsigned_abs(), 36, 1);
        let mut room = HAND_OVER_BYTES_MAX;
        loop {
            let record = self.encode_within(room);
            let mut text = time.clone();
            text.push('.');
            push_number(&mut text, checksum(&time, &record), 36, 1);
            text.push('.');
            escape(&mut text, &record);
            let excess = text.len().saturating_sub(HAND_OVER_BYTES_MAX);
            if excess == 0 {
                return text;
            }
            room = room.saturating_sub(excess);
        }
    }
}

/// What the page's addresses (each a line) carried, if anything. A visit is taken only from the sites that the tag names;
/// where a referrer is sent along, it has to be one of them.
#[must_use]
pub fn receive(
    addresses: &str,
    referrer: &str,
    domains: &[String],
    now: Timestamp,
) -> Option<Result<VisitRecord, HandOverRefusal>> {
    let text = pieces(addresses, b'\n').find_map(parameter_in)?;
    let is_stranger = domains.is_empty() || !referrer.is_empty() && !is_linked_host(referrer, domains);
    Some(if is_stranger {
        Err(HandOverRefusal::Stranger)
    } else {
        open(text, now)
    })
}

/// Reads what a link carried.
///
/// # Errors
/// Why it is not taken.
pub fn open(text: &str, now: Timestamp) -> Result<VisitRecord, HandOverRefusal> {
    let (made_at, record) = read(text).ok_or(HandOverRefusal::Damaged)?;
    let is_in_time = |moment| now.ms_since(moment) >= -HAND_OVER_CLOCK_SKEW_MS_MAX;
    if !is_in_time(made_at) || now.ms_since(made_at) > HAND_OVER_MS_MAX {
        return Err(HandOverRefusal::OutOfTime);
    }
    // A touch of the future would never expire.
    if record.touches().iter().all(|touch| is_in_time(touch.at)) {
        Ok(record)
    } else {
        Err(HandOverRefusal::Damaged)
    }
}

fn read(text: &str) -> Option<(Timestamp, VisitRecord)> {
    if text.len() > HAND_OVER_BYTES_MAX {
        return None;
    }
    let (time, rest) = cut(text, b'.');
    let (sum, escaped) = cut(rest?, b'.');
    let made_at = Timestamp::from_ms(i64::try_from(read_number(time, 36)?).ok()?);
    let mut record = String::new();
    for byte in escaped?.bytes() {
        record.push(char::from(if byte == b'~' { b'%' } else { byte & 127 }));
    }
    let record = urlencoded::decode(&record);
    let is_whole = read_number(sum, 36) == Some(checksum(time, &record));
    Some((made_at, VisitRecord::decode(&record).filter(|_| is_whole)?))
}

/// Percent signs are decoded on many ways, tildes on none.
fn escape(text: &mut String, plain: &str) {
    let mut encoded = String::new();
    urlencoded::encode(&mut encoded, plain);
    for byte in encoded.bytes() {
        text.push(char::from(if byte == b'%' { b'~' } else { byte }));
    }
}

/// FNV-1a in 32 bits (<https://www.rfc-editor.org/rfc/rfc9923>): it notices damage, and guards against nobody.
fn checksum(time: &str, record: &str) -> u64 {
    let mut sum: u32 = 0x811c_9dc5;
    for byte in time.bytes().chain(record.bytes()) {
        sum = (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    u64::from(sum)
}

fn is_ours(pair: &str) -> bool {
    cut(pair, b'=').0 == PARAMETER
}

/// Address without hash, query and hash.
fn parts(href: &str) -> (&str, Option<&str>, Option<&str>) {
    let (before_hash, hash) = cut(href, b'#');
    let (address, query) = cut(before_hash, b'?');
    (address, query, hash)
}

/// What the address hands over, if anything.
#[must_use]
pub fn parameter_in(href: &str) -> Option<&str> {
    let (_, query, _) = parts(href);
    let pair = pieces(query?, b'&').find(|pair| is_ours(pair))?;
    cut(pair, b'=').1
}

/// The address without what it handed over, all else byte for byte.
#[must_use]
pub fn without_parameter(href: &str) -> String {
    decorate(href, "")
}

/// The address with a record to hand over in place of an earlier one. An empty token hands nothing over.
#[must_use]
pub fn decorate(href: &str, token: &str) -> String {
    let (address, query, hash) = parts(href);
    let mut decorated = String::from(address);
    let mut separator = '?';
    for pair in query.into_iter().flat_map(|query| pieces(query, b'&')) {
        if !is_ours(pair) {
            decorated.push(separator);
            decorated.push_str(pair);
            separator = '&';
        }
    }
    if !token.is_empty() {
        decorated.push(separator);
        decorated.push_str(PARAMETER);
        decorated.push('=');
        decorated.push_str(token);
    }
    if let Some(hash) = hash {
        decorated.push('#');
        decorated.push_str(hash);
    }
    decorated
}

/// The tag's `data-link-domains`: names with commas or blanks between.
#[must_use]
pub fn domains_in(text: &str) -> Vec<String> {
    let names = pieces(text, const { Separators::any_of(b", ;\n\t") }).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// Whether a link on the page `here` hands its record over: it leads to a host of these domains, and away from the
/// page's own host, which keeps the record already.
#[must_use]
pub fn leads_to(href: &str, here: &str, domains: &[String]) -> bool {
    let is_here = |host: &str| host_of(here).is_some_and(|own| own.eq_ignore_ascii_case(host));
    host_of(href).is_some_and(|host| !is_here(host)) && is_linked_host(href, domains)
}

/// Whether an address leads to one of these domains or to a subdomain of one.
#[must_use]
pub fn is_linked_host(href: &str, domains: &[String]) -> bool {
    let Some(host) = host_of(href) else {
        return false;
    };
    domains.iter().any(|domain| {
        let (sub, end) = host
            .split_at_checked(host.len().wrapping_sub(domain.len()))
            .unwrap_or_default();
        !domain.is_empty() && end.eq_ignore_ascii_case(domain) && (sub.is_empty() || sub.ends_with('.'))
    })
}

/// The host of a web address, without its port.
fn host_of(href: &str) -> Option<&str> {
    let mut parts = pieces(href, const { Separators::any_of(b"/?#\\") });
    let scheme = parts.next();
    let authority = parts
        .nth(1)
        .filter(|_| matches!(scheme, Some("https:" | "http:")))?;
    // What stands before an @ is a user's name, whatever it looks like.
    let host = pieces(authority, b'@').last()?;
    Some(cut(host, b':').0)
}

#[cfg(test)]
mod tests;
