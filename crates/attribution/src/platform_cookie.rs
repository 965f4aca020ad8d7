//! Click ids that the platforms' own tags kept in first-party cookies: a fallback where we saw no landing, because
//! the click was before our tag or on a page without it. Read only after consent, as everything here.
//!
//! How each cookie is built stands in `data/click_ids.csv`. A value of another form is damaged and says nothing.

use crate::click_id::ClickIdParameter;
use crate::digits::read_number;
use crate::landing::Landing;
use crate::pieces::{Separators, cut, pieces};
use crate::timestamp::{SECOND_MS, Timestamp};
use crate::touch::{Evidence, Touch};
use crate::urlencoded;
use crate::visit_record::VisitRecord;

/// The touches that these cookies (the text of `document.cookie`) tell of, for the platforms of which the record holds
/// no landing. Without a time of its own a click counts from now, which is when it was first seen.
#[must_use]
pub fn touches(cookies: &str, record: &VisitRecord, now: Timestamp) -> Vec<Touch> {
    let mut touches: Vec<Touch> = Vec::new();
    for parameter in ClickIdParameter::all() {
        let (name, Some(pattern)) = cut(parameter.cookie(), b'=') else {
            continue;
        };
        let mut seen = record.touches().iter();
        if seen.any(|touch| touch.evidence_of(parameter.platform()) == Some(Evidence::Landing)) {
            continue;
        }
        for cookie in pieces(cookies, b';') {
            if let (found, Some(value)) = cut(cookie, b'=')
                && found.trim_ascii() == name
                && let Some(touch) = touch(parameter, name, pattern, value.trim_ascii(), now)
            {
                join(&mut touches, touch);
            }
        }
    }
    touches
}

fn touch(
    parameter: ClickIdParameter,
    name: &'static str,
    pattern: &str,
    value: &str,
    now: Timestamp,
) -> Option<Touch> {
    let (id, clicked_at) = read(pattern, value)?;
    // Search Ads 360 keeps its gclid in the cookie of Display & Video 360, and a gclid is no dclid.
    if parameter.name() == "dclid" && (id.starts_with("Cj") || id.starts_with("EAI")) {
        return None;
    }
    let mut landing = Landing::default();
    landing.take_kept(parameter.name(), &id);
    if landing.is_empty() {
        return None;
    }
    let mut touch = Touch {
        at: clicked_at.unwrap_or(now).min(now),
        landing_page: None,
        referrer: None,
        landing,
        cookie: Some(name.to_owned()),
        fbc: None,
    };
    if touch.may_be_of_fbc(value) && touch.fbc_of_landing().as_deref() != Some(value) {
        touch.fbc = Some(value.to_owned());
    }
    Some(touch)
}

/// Ids of one platform within a second are of one click: a gclid and the gbraid that came with it.
fn join(touches: &mut Vec<Touch>, touch: Touch) {
    for (name, value) in touch.landing.pairs() {
        for other in &mut *touches {
            let is_same_click = other.evidence_of(platform(name)).is_some()
                && other.landing.value(name).is_none()
                && other.at.ms_since(touch.at).abs() <= SECOND_MS;
            if is_same_click {
                other.landing.take_kept(name, value);
                return;
            }
        }
    }
    touches.push(touch);
}

fn platform(name: &str) -> &'static str {
    ClickIdParameter::named(name).map_or("", ClickIdParameter::platform)
}

/// What a cookie's value says by its pattern: the id, byte for byte, and the moment of the click. Platforms part their
/// values with dots and dollars, and may append more.
fn read(pattern: &str, value: &str) -> Option<(String, Option<Timestamp>)> {
    if pattern == "{id}" {
        return Some((plain(value)?, None));
    }
    let (mut id, mut clicked_at) = ("", None);
    let mut parts = pieces(value, const { Separators::any_of(b".$") });
    for part in pieces(pattern, const { Separators::any_of(b".$") }) {
        let (word, placeholder) = cut(part, b'{');
        let text = parts.next()?.strip_prefix(word)?;
        match placeholder {
            Some("id}") => id = text,
            Some("s}") => clicked_at = Some(moment(text, "000")?),
            Some("ms}") => {
                let (seconds, ms) = text.split_at_checked(text.len().checked_sub(3)?)?;
                clicked_at = Some(moment(seconds, ms)?);
            }
            None if !text.is_empty() => return None,
            _ => {}
        }
    }
    let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (!id.is_empty() && id.bytes().all(is_base64url)).then(|| (id.to_owned(), clicked_at))
}

/// A cookie that holds the bare id. `encodeURIComponent`, by which tags write cookies, leaves no plus sign, so a value
/// with one is not encoded. What careless scripts write for nothing is no id.
fn plain(value: &str) -> Option<String> {
    let has = |sought: u8| value.bytes().any(|byte| byte == sought);
    match value {
        "undefined" | "null" => None,
        _ if has(b'%') && !has(b'+') => Some(urlencoded::decode(value)),
        _ => Some(value.to_owned()),
    }
}

fn moment(seconds: &str, ms: &str) -> Option<Timestamp> {
    let ms = read_number(seconds, 10)? * 1_000 + read_number(ms, 10)?;
    Some(Timestamp::from_ms(i64::try_from(ms).ok()?))
}

/// The registered cookie of this name.
#[cfg(feature = "collector")]
pub(crate) fn named(name: &str) -> Option<&'static str> {
    ClickIdParameter::all()
        .map(|parameter| cut(parameter.cookie(), b'=').0)
        .find(|cookie| !cookie.is_empty() && *cookie == name)
}

// Without the feature the registry names no cookies, so there is nothing to read.
#[cfg(all(test, feature = "on_demand"))]
mod tests;
