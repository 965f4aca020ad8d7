//! What is kept in the visitor's browser: the first touch and the newest ones, as one versioned text.
//!
//! `1|<touch>|<touch>…`, oldest first. A touch is `<time>!<landing page>!<referrer>!<name=value&…>`, where the
//! time is milliseconds since the epoch in base 36 and every text is urlencoded, so that the whole is made of
//! characters that a cookie may hold (<https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1>). A text of an
//! unknown version is not ours and reads as nothing.

use std::sync::Arc;

use crate::click_id::ClickIdParameter;
use crate::consent::Permitted;
use crate::digits::{push_number, read_number};
use crate::landing::Landing;
use crate::limits::{COOKIE_BYTES_MAX, TOUCHES_MAX};
use crate::page_address::PageAddress;
use crate::pieces::pieces;
use crate::timestamp::Timestamp;
use crate::touch::Touch;
use crate::urlencoded;

/// The name of the cookie and the key in localStorage.
pub const RECORD_NAME: &str = "throughline";

const VERSION: &str = "1";

/// The touches of one visitor, oldest first. Empty for a visitor who came directly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitRecord {
    /// Shared, because every lead carries them too.
    touches: Vec<Arc<Touch>>,
}

impl VisitRecord {
    /// Adds a touch unless it is a visit that the record already holds. The first touch stays for ever; when
    /// there are too many, the oldest after it goes.
    pub fn add(&mut self, touch: Touch) {
        // A click is one click for ever; a campaign or a referrer may well bring the visitor again.
        let is_click = !touch.landing.ids().is_empty();
        let newest = self.touches.len().saturating_sub(1);
        let compared = self.touches.iter().skip(if is_click { 0 } else { newest });
        if compared.into_iter().any(|kept| touch.is_same_visit_as(kept)) {
            return;
        }
        let place = self.touches.iter().take_while(|kept| kept.at <= touch.at).count();
        self.touches.insert(place, Arc::new(touch));
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
    pub fn touches(&self) -> &[Arc<Touch>] {
        &self.touches
    }

    /// The first touch that is still kept.
    #[must_use]
    pub fn first(&self) -> Option<&Touch> {
        self.touches.first().map(Arc::as_ref)
    }

    /// The newest touch.
    #[must_use]
    pub fn last(&self) -> Option<&Touch> {
        self.touches.last().map(Arc::as_ref)
    }

    /// The newest click of one platform.
    #[must_use]
    pub fn click(&self, platform: &str) -> Option<&Touch> {
        let mut newest_first = self.touches.iter().rev().map(Arc::as_ref);
        newest_first.find(|touch| touch.landing.is_click_of(platform))
    }

    /// The newest click of each platform, in the order of the registry.
    pub fn clicks(&self) -> impl Iterator<Item = (&'static str, &Touch)> {
        // The registry keeps the parameters of a platform together.
        let mut previous = "";
        let is_new = move |platform: &&'static str| std::mem::replace(&mut previous, *platform) != *platform;
        let platforms = ClickIdParameter::all()
            .map(ClickIdParameter::platform)
            .filter(is_new);
        platforms.filter_map(|platform| Some((platform, self.click(platform)?)))
    }

    /// Reads a kept text; `None` where it is not one of ours, whoever wrote it.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let mut parts = pieces(text, b"|");
        if parts.next() != Some(VERSION) {
            return None;
        }
        let mut touches = Vec::new();
        for part in parts.take(TOUCHES_MAX) {
            touches.push(Arc::new(decode_touch(part)?));
        }
        (!touches.is_empty()).then_some(Self { touches })
    }
}

impl Permitted<VisitRecord> {
    /// The text to keep. Never longer than a cookie may be: where space is short it gives up what is worth least,
    /// old touches first, then of the newest its campaign, its pages and its extra ids.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut touches: Vec<&Touch> = self.value().touches.iter().map(Arc::as_ref).collect();
        let mut detail = Detail::FULL;
        loop {
            let text = encode_touches(&touches, detail);
            if RECORD_NAME.len() + 1 + text.len() <= COOKIE_BYTES_MAX {
                return text;
            }
            match touches.as_slice() {
                [_, _] => drop(touches.remove(0)),
                [_, middle @ .., _] => {
                    let without_click = middle.iter().position(|touch| touch.landing.ids().is_empty());
                    touches.remove(1 + without_click.unwrap_or(0));
                }
                [only] if detail.give_up_the_least(only) => {}
                _ => return text,
            }
        }
    }
}

/// What is written of a touch.
#[derive(Clone, Copy)]
struct Detail {
    with_referrer: bool,
    with_page: bool,
    /// Ids come first and campaign values last; the first ids of a URL are those that the platform itself put there.
    pairs_max: usize,
}

impl Detail {
    const FULL: Self = Self {
        with_referrer: true,
        with_page: true,
        pairs_max: usize::MAX,
    };

    /// One thing less; `false` when nothing is left to give up.
    fn give_up_the_least(&mut self, touch: &Touch) -> bool {
        let ids = touch.landing.ids().len();
        if self.pairs_max > ids {
            self.pairs_max = ids;
        } else if self.with_referrer {
            self.with_referrer = false;
        } else if self.with_page {
            self.with_page = false;
        } else if self.pairs_max > 0 {
            self.pairs_max -= 1;
        } else {
            return false;
        }
        true
    }
}

fn encode_touches(touches: &[&Touch], detail: Detail) -> String {
    let mut text = String::from(VERSION);
    for touch in touches {
        text.push('|');
        push_number(&mut text, touch.at.ms().unsigned_abs(), 36, 1);
        for (page, is_written) in [
            (&touch.landing_page, detail.with_page),
            (&touch.referrer, detail.with_referrer),
        ] {
            text.push('!');
            if let (Some(page), true) = (page, is_written) {
                urlencoded::encode(&mut text, page.as_str());
            }
        }
        let mut separator = '!';
        for (name, value) in touch.landing.pairs().take(detail.pairs_max) {
            text.push(separator);
            urlencoded::encode(&mut text, name);
            text.push('=');
            urlencoded::encode(&mut text, value);
            separator = '&';
        }
    }
    text
}

fn decode_touch(text: &str) -> Option<Touch> {
    let mut parts = pieces(text, b"!");
    let ms = read_number(parts.next()?, 36)?;
    let landing_page = PageAddress::of(&urlencoded::decode(parts.next()?));
    let referrer = PageAddress::of(&urlencoded::decode(parts.next()?));
    let mut landing = Landing::default();
    for (name, value) in urlencoded::parse(parts.next().unwrap_or_default()) {
        landing.take_kept(&name, &value);
    }
    let says_something = !landing.is_empty() || referrer.is_some();
    let touch = Touch {
        at: Timestamp::from_ms(i64::try_from(ms).ok()?),
        landing_page,
        referrer,
        landing,
    };
    (says_something && parts.next().is_none()).then_some(touch)
}

#[cfg(test)]
mod tests;
