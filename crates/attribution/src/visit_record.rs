//! What is kept in the visitor's browser: the first touch and the newest ones, as one versioned text.
//!
//! `1|<touch>|<touch>…`, oldest first. A touch is `<time>!<landing page>!<referrer>!<name=value&…>`, where the
//! time is milliseconds since the epoch in base 36 and every text is urlencoded, so that the whole is made of
//! characters that a cookie may hold (<https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1>). What a platform's cookie
//! told ends in `!<cookie>`, or in `!_fbc=<its value>`. A text of an unknown version is not ours and reads as nothing.

use std::sync::Arc;

use crate::campaign::may_be_added;
use crate::click_id::ClickIdParameter;
use crate::consent::Permitted;
use crate::digits::{push_number, read_number};
use crate::landing::Landing;
use crate::limits::{COOKIE_BYTES_MAX, TOUCHES_MAX};
use crate::page_address::PageAddress;
use crate::pieces::{cut, pieces};
use crate::timestamp::Timestamp;
use crate::touch::{Touch, newest_click};
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
    /// Adds a touch unless it is a visit that the record already holds. A click is one click for ever; a campaign or
    /// a referrer may well bring the visitor again.
    pub fn add(&mut self, touch: Touch) {
        self.add_shared(Arc::new(touch));
    }

    pub(crate) fn add_shared(&mut self, touch: Arc<Touch>) {
        let is_returning = |newest: &Touch| touch.is_same_visit_as(newest);
        if touch.names_click() || !self.last().is_some_and(is_returning) {
            self.insert(touch);
            self.give_up_the_rest();
        }
    }

    /// Takes the touches of another record of the same visitor: the other copy on the device, or what a site of the
    /// same owner handed over. The order of joining does not matter, and joining again changes nothing.
    pub fn join(&mut self, other: Self) {
        for touch in other.touches {
            self.insert(touch);
        }
        self.give_up_the_rest();
    }

    /// Puts a touch in its place by time. Of one click the first sighting counts, because the platforms' windows start
    /// at the click, and a landing counts before what the platform's cookie kept of it.
    fn insert(&mut self, touch: Arc<Touch>) {
        let mut is_known = false;
        let mut place = 0;
        while let Some(kept) = self.touches.get(place) {
            let is_same = touch.is_same_visit_as(kept) && (touch.names_click() || touch.at == kept.at);
            let holds_it = touch.is_contained_in(kept);
            if holds_it || !kept.is_contained_in(&touch) && (!is_same || kept.at <= touch.at) {
                is_known |= holds_it || is_same;
                place += 1;
            } else {
                self.touches.remove(place);
            }
        }
        if !is_known {
            let place = self.touches.iter().take_while(|kept| kept.at <= touch.at).count();
            self.touches.insert(place, touch);
        }
    }

    fn give_up_the_rest(&mut self) {
        while self.touches.len() > TOUCHES_MAX {
            let place = self.least().unwrap_or_default();
            self.touches.remove(place);
        }
    }

    /// The touch to give up first: the oldest one that nobody needs, the first one last of these. `None` when all are
    /// the newest clicks of their platforms or the newest visit.
    fn least(&self) -> Option<usize> {
        (1..self.touches.len())
            .chain(0..1)
            .find(|place| !self.is_needed(*place))
    }

    fn is_needed(&self, place: usize) -> bool {
        let ids = self
            .touches
            .get(place)
            .map_or(&[][..], |touch| touch.landing.ids());
        let mut platforms = ids.iter().map(|id| id.parameter().platform());
        self.place_of_last() == Some(place)
            || platforms.any(|platform| self.place_of_click(platform) == Some(place))
    }

    /// Forgets what is older than the site keeps.
    pub fn expire(&mut self, keep_days: u16, now: Timestamp) {
        let is_old = |touch: &Arc<Touch>| !touch.is_within_days(keep_days, now);
        while let Some(place) = self.touches.iter().position(is_old) {
            self.touches.remove(place);
        }
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

    /// The newest visit. What a platform's cookie told is a click, perhaps an old one, and the newest visit only where
    /// no other is known.
    #[must_use]
    pub fn last(&self) -> Option<&Touch> {
        self.at(self.place_of_last())
    }

    fn place_of_last(&self) -> Option<usize> {
        let landing = self.touches.iter().rposition(|touch| touch.cookie.is_none());
        landing.or(self.touches.len().checked_sub(1))
    }

    fn at(&self, place: Option<usize>) -> Option<&Touch> {
        self.touches.get(place?).map(Arc::as_ref)
    }

    /// The newest click of one platform: the newest landing with a click id of it, else the newest that its own cookie
    /// told of, else the newest with a companion such as `gad_source`. All fields of the platform come from this touch.
    #[must_use]
    pub fn click(&self, platform: &str) -> Option<&Touch> {
        self.at(self.place_of_click(platform))
    }

    #[inline(never)]
    fn place_of_click(&self, platform: &str) -> Option<usize> {
        let touches = self.touches.iter().map(Arc::as_ref).enumerate();
        newest_click(platform, touches).map(|(place, _)| place)
    }

    /// Meta's `fbc` of its newest click (<https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/fbp-and-fbc>):
    /// what `_fbc` said, byte for byte, or made of the landing. The 1 says that the cookie would stand at `example.com`.
    #[must_use]
    pub fn fbc(&self) -> Option<String> {
        let click = self.click("meta")?;
        click.fbc.clone().or_else(|| click.fbc_of_landing())
    }

    /// The newest click of each platform, in the order of the registry.
    pub fn clicks(&self) -> impl Iterator<Item = (&'static str, &Touch)> {
        platforms().filter_map(|platform| Some((platform, self.click(platform)?)))
    }

    /// Writes at which places of the list the newest visit and each platform's newest click stand: `,2,google,2,meta,0`.
    pub(crate) fn push_places(&self, text: &mut String) {
        let mut push = |platform: &str, place: Option<usize>| {
            if let Some(place) = place {
                text.push(',');
                text.push_str(platform);
                text.push(',');
                push_number(text, place as u64, 10, 1);
            }
        };
        push("", self.place_of_last());
        // A platform with several parameters comes again with the same place.
        for parameter in ClickIdParameter::all() {
            let platform = parameter.platform();
            push(platform, self.place_of_click(platform));
        }
    }

    /// Reads a kept text; `None` where it is not one of ours, whoever wrote it.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let (version, parts) = cut(text, b'|');
        if version != VERSION {
            return None;
        }
        let mut touches = Vec::new();
        for part in pieces(parts?, b'|').take(TOUCHES_MAX) {
            touches.push(decode_touch(part)?);
        }
        (!touches.is_empty()).then_some(Self { touches })
    }
}

/// Each platform of the registry, which keeps the parameters of a platform together.
fn platforms() -> impl Iterator<Item = &'static str> {
    let mut previous = "";
    let is_new = move |platform: &&'static str| std::mem::replace(&mut previous, *platform) != *platform;
    ClickIdParameter::all()
        .map(ClickIdParameter::platform)
        .filter(is_new)
}

impl Permitted<VisitRecord> {
    /// The text to keep, never longer than a cookie may be.
    #[must_use]
    pub fn encode(&self) -> String {
        self.encode_within(COOKIE_BYTES_MAX - RECORD_NAME.len() - 1)
    }

    /// The text in at most so many bytes. Where space is short, what is worth least goes first: the touches that are no
    /// platform's newest click, the first one last of them; then referrers, pages and campaigns; then the last touch,
    /// if it is no click; then the older of the newest clicks.
    pub(crate) fn encode_within(&self, bytes_max: usize) -> String {
        let mut left = self.value().clone();
        let mut detail = Detail::Everything;
        loop {
            let text = left.text(detail, bytes_max);
            if text.len() <= bytes_max || detail == Detail::WhatFits {
                return text;
            }
            let is_single = left.touches.len() <= 1;
            let place = match (left.least(), detail) {
                (Some(least), _) => least,
                (None, Detail::IdsOnly) if !is_single => {
                    let is_no_click = |touch: &Arc<Touch>| !touch.names_click();
                    left.touches.iter().position(is_no_click).unwrap_or_default()
                }
                _ => {
                    detail = detail.less(is_single);
                    continue;
                }
            };
            left.touches.remove(place);
            detail = Detail::Everything;
        }
    }
}

/// What is written of the touches.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    Everything,
    NoReferrer,
    NoPages,
    IdsOnly,
    /// Of a single touch, each value that still has room, ids first.
    WhatFits,
}

impl Detail {
    fn less(self, is_single: bool) -> Self {
        match self {
            Self::Everything => Self::NoReferrer,
            Self::NoReferrer => Self::NoPages,
            Self::NoPages if !is_single => Self::IdsOnly,
            _ => Self::WhatFits,
        }
    }
}

impl VisitRecord {
    fn text(&self, detail: Detail, bytes_max: usize) -> String {
        let mut text = String::from(VERSION);
        for touch in &self.touches {
            push_touch(&mut text, touch, detail, bytes_max);
        }
        text
    }
}

/// Writes the touch behind its separator; nothing where nothing of it is left that a touch must have.
fn push_touch(text: &mut String, touch: &Touch, detail: Detail, bytes_max: usize) {
    let begin = text.len();
    text.push('|');
    push_number(text, touch.at.ms().unsigned_abs(), 36, 1);
    let mut push_page = |page: &Option<PageAddress>, is_written: bool| {
        text.push('!');
        if let (Some(page), true) = (page, is_written) {
            urlencoded::encode(text, page.as_str());
        }
    };
    push_page(&touch.landing_page, detail < Detail::NoPages);
    push_page(&touch.referrer, detail < Detail::NoReferrer);
    let mut says_something = detail < Detail::NoReferrer && touch.referrer.is_some();
    let cookie_bytes = touch.cookie.as_ref().map_or(0, |cookie| cookie.len() + 1);
    let pairs_max = match detail {
        Detail::IdsOnly => touch.landing.ids().len(),
        _ => usize::MAX,
    };
    let mut separator = '!';
    for (name, value) in touch.landing.pairs().take(pairs_max) {
        let before = text.len();
        text.push(separator);
        urlencoded::encode(text, name);
        text.push('=');
        urlencoded::encode(text, value);
        if detail == Detail::WhatFits && text.len() + cookie_bytes > bytes_max {
            text.truncate(before);
        } else {
            says_something = true;
            separator = '&';
        }
    }
    if separator == '!' {
        text.push('!');
    }
    if let Some(cookie) = &touch.cookie {
        text.push('!');
        text.push_str(cookie);
        if let (Some(fbc), true) = (&touch.fbc, detail < Detail::WhatFits) {
            text.push('=');
            text.push_str(fbc);
        }
    }
    if !says_something {
        text.truncate(begin);
    }
}

fn decode_touch(text: &str) -> Option<Arc<Touch>> {
    let mut parts = pieces(text, b'!');
    let ms = read_number(parts.next()?, 36)?;
    let (landing_page, referrer) = (parts.next()?, parts.next()?);
    let (pairs, from) = (parts.next().unwrap_or_default(), parts.next());
    let (cookie, fbc) = cut(from.unwrap_or_default(), b'=');
    // Whether a platform has such a cookie, asks the collector.
    if parts.next().is_some() || from.is_some() && !may_be_added(cookie) {
        return None;
    }
    // Whatever can fail has been read by now, so there is nothing to be dropped in many places.
    let page = |text| PageAddress::of(&urlencoded::decode(text));
    let mut touch = Touch {
        at: Timestamp::from_ms(ms as i64),
        landing_page: page(landing_page),
        referrer: page(referrer),
        landing: Landing::default(),
        cookie: from.map(|_| cookie.to_owned()),
        fbc: None,
    };
    for (name, value) in urlencoded::parse(pairs) {
        touch.landing.take_kept(&name, &value);
    }
    touch.fbc = fbc.filter(|fbc| touch.may_be_of_fbc(fbc)).map(str::to_owned);
    if touch.landing.is_empty() && touch.referrer.is_none() {
        return None;
    }
    Some(Arc::new(touch))
}

#[cfg(test)]
pub(crate) mod tests;
