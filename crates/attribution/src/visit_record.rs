//! What is kept in the visitor's browser: the first touch and the newest ones, as one versioned text.
//!
//! `1|<touch>|<touch>…`, oldest first. A touch is `<time>!<landing page>!<referrer>!<name=value&…>`, where the
//! time is milliseconds since the epoch in base 36 and every text is urlencoded, so that the whole is made of
//! characters that a cookie may hold (<https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1>). A text of an
//! unknown version is not ours and reads as nothing.

use form_urlencoded::byte_serialize;

use crate::click_id::ClickIdParameter;
use crate::consent::Permitted;
use crate::landing::Landing;
use crate::limits::{COOKIE_BYTES_MAX, TOUCHES_MAX};
use crate::page_address::PageAddress;
use crate::timestamp::Timestamp;
use crate::touch::Touch;

/// The name of the cookie and the key in localStorage.
pub const RECORD_NAME: &str = "throughline";

const VERSION: &str = "1";

/// The touches of one visitor, oldest first. Empty for a visitor who came directly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitRecord {
    touches: Vec<Touch>,
}

impl VisitRecord {
    /// Adds a touch unless it is a visit that the record already holds. The first touch stays for ever; when
    /// there are too many, the oldest after it goes.
    pub fn add(&mut self, touch: Touch) {
        if self.touches.iter().any(|kept| touch.is_same_visit_as(kept)) {
            return;
        }
        let place = self.touches.iter().take_while(|kept| kept.at <= touch.at).count();
        self.touches.insert(place, touch);
        if self.touches.len() > TOUCHES_MAX {
            self.touches.remove(1);
        }
    }

    /// Forgets what is older than the site keeps.
    pub fn expire(&mut self, keep_days: u16, now: Timestamp) {
        self.touches.retain(|touch| touch.is_within_days(keep_days, now));
    }

    /// All touches, oldest first.
    #[must_use]
    pub fn touches(&self) -> &[Touch] {
        &self.touches
    }

    /// The first touch that is still kept.
    #[must_use]
    pub fn first(&self) -> Option<&Touch> {
        self.touches.first()
    }

    /// The newest touch.
    #[must_use]
    pub fn last(&self) -> Option<&Touch> {
        self.touches.last()
    }

    /// The newest click of one platform.
    #[must_use]
    pub fn click(&self, platform: &str) -> Option<&Touch> {
        self.touches
            .iter()
            .rev()
            .find(|touch| touch.landing.is_click_of(platform))
    }

    /// The newest click of each platform, in the order of the registry.
    pub fn clicks(&self) -> impl Iterator<Item = (&'static str, &Touch)> {
        let mut platforms: Vec<&'static str> = Vec::new();
        for parameter in ClickIdParameter::all() {
            if !platforms.contains(&parameter.platform()) {
                platforms.push(parameter.platform());
            }
        }
        platforms
            .into_iter()
            .filter_map(|platform| Some((platform, self.click(platform)?)))
    }

    /// Reads a kept text; `None` where it is not one of ours, whoever wrote it.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let mut parts = text.split('|');
        if parts.next() != Some(VERSION) {
            return None;
        }
        let touches: Vec<Touch> = parts.map(decode_touch).take(TOUCHES_MAX).collect::<Option<_>>()?;
        (!touches.is_empty()).then_some(Self { touches })
    }

    /// Makes the text shorter by what is worth least: old touches, then the campaign and pages of the newest,
    /// its extra ids last. `false` when nothing is left to give up.
    fn give_up_the_least(&mut self) -> bool {
        let touches = self.touches.len();
        if touches > 2 {
            let middle = self.touches.get(1..touches - 1).unwrap_or_default();
            let without_click = middle.iter().position(|touch| touch.landing.ids().is_empty());
            self.touches.remove(1 + without_click.unwrap_or(0));
            return true;
        }
        if touches == 2 {
            self.touches.remove(0);
            return true;
        }
        let Some(touch) = self.touches.first_mut() else {
            return false;
        };
        touch.landing.forget_campaign()
            || touch.referrer.take().is_some()
            || touch.landing_page.take().is_some()
            || touch.landing.forget_last_id()
    }
}

impl Permitted<VisitRecord> {
    /// The text to keep. Never longer than a cookie may be.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut record = self.value().clone();
        loop {
            let text = encode_touches(record.touches());
            if RECORD_NAME.len() + 1 + text.len() <= COOKIE_BYTES_MAX || !record.give_up_the_least() {
                return text;
            }
        }
    }
}

fn encode_touches(touches: &[Touch]) -> String {
    let mut text = String::from(VERSION);
    for touch in touches {
        text.push('|');
        push_base36(&mut text, touch.at.ms());
        for page in [&touch.landing_page, &touch.referrer] {
            text.push('!');
            text.extend(byte_serialize(
                page.as_ref().map_or("", PageAddress::as_str).as_bytes(),
            ));
        }
        let mut separator = '!';
        for (name, value) in touch.landing.pairs() {
            text.push(separator);
            text.extend(byte_serialize(name.as_bytes()));
            text.push('=');
            text.extend(byte_serialize(value.as_bytes()));
            separator = '&';
        }
    }
    text
}

fn decode_touch(text: &str) -> Option<Touch> {
    let mut parts = text.split('!');
    let at = i64::from_str_radix(parts.next()?, 36).ok()?;
    let landing_page = decode_page(parts.next()?);
    let referrer = decode_page(parts.next()?);
    let pairs: Vec<_> = form_urlencoded::parse(parts.next().unwrap_or_default().as_bytes()).collect();
    let landing = Landing::from_kept(pairs.iter().map(|(name, value)| (&**name, &**value)));
    let says_something = !landing.is_empty() || referrer.is_some();
    let touch = Touch {
        at: Timestamp::from_ms(at),
        landing_page,
        referrer,
        landing,
    };
    (says_something && parts.next().is_none()).then_some(touch)
}

fn decode_page(text: &str) -> Option<PageAddress> {
    let (page, _) = form_urlencoded::parse(text.as_bytes()).next()?;
    PageAddress::of(&page)
}

fn push_base36(text: &mut String, mut number: i64) {
    let mut digits = Vec::new();
    loop {
        let digit = (number % 36).unsigned_abs() as u8;
        digits.push(if digit < 10 {
            b'0' + digit
        } else {
            b'a' + digit - 10
        });
        number /= 36;
        if number == 0 {
            break;
        }
    }
    text.extend(digits.iter().rev().map(|digit| char::from(*digit)));
}

#[cfg(test)]
mod tests;
