//! What a page tells the collector of its visitor's consent (`POST v1/consent`), and the cookie that answers it.
//!
//! ```json
//! {"v":1,"site":"default","ad_storage":"granted","record":"1|…","domain":"example.com","days":90}
//! {"v":1,"site":"default","ad_storage":"denied"}
//! ```
//!
//! Safari ends a cookie that a script wrote after seven days, and spares one that the page's own server set
//! (<https://webkit.org/tracking-prevention/>). So the record that the script keeps is sent here once, and comes back
//! as `Set-Cookie`.

use serde::Deserialize;

use crate::consent::{Answer, Answers, Consent, ConsentSnapshot, Permitted, gate};
use crate::lead::is_json;
use crate::limits::KEEP_DAYS_MAX;
use crate::timestamp::Timestamp;
use crate::visit_record::VisitRecord;

mod durable_cookie;
pub use durable_cookie::{Arrival, CookieAnswer, CookieResult};

/// The version of the notice's JSON.
pub const CONSENT_NOTICE_VERSION: u8 = 1;

/// Why a notice is not taken. Carries no value of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentNoticeRefusal {
    /// The body is not JSON.
    NotJson,
    /// JSON, but a field is missing or of another type or form; the JSON pointer tells which.
    FieldInvalid(&'static str),
    /// A version that this collector does not know.
    VersionUnknown,
    /// The record is none that the script of this release writes.
    RecordInvalid,
}

/// A body that is JSON of the right shape; its site is known, the rest is still unchecked.
#[derive(Debug)]
pub struct ReceivedConsentNotice(Body);

#[derive(Debug, Deserialize)]
struct Body {
    v: u8,
    site: String,
    ad_storage: String,
    #[serde(default)]
    record: String,
    #[serde(default)]
    domain: String,
    #[serde(default)]
    days: u16,
}

/// What the visitor decided, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsentNotice {
    /// Keep this record.
    Grant(Grant),
    /// Keep nothing any more.
    Withdrawal,
}

/// A record to keep, for how long and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Without the touches that are older than `days`; it may hold none any more.
    record: Permitted<VisitRecord>,
    days: u16,
    /// The cookie's domain as the page asks for it; empty for a cookie of this host alone.
    domain: String,
}

impl ReceivedConsentNotice {
    /// Reads the body.
    ///
    /// # Errors
    /// [`ConsentNoticeRefusal::NotJson`], or [`ConsentNoticeRefusal::FieldInvalid`] where it is JSON of another shape.
    pub fn from_json(body: &[u8]) -> Result<Self, ConsentNoticeRefusal> {
        match serde_json::from_slice(body) {
            Ok(body) => Ok(Self(body)),
            Err(_) if is_json(body) => Err(ConsentNoticeRefusal::FieldInvalid("")),
            Err(_) => Err(ConsentNoticeRefusal::NotJson),
        }
    }

    /// The site that the notice says it belongs to.
    #[must_use]
    pub fn site(&self) -> &str {
        &self.0.site
    }

    /// Checks everything else. A withdrawal needs nothing but its word: nothing may stand in its way.
    ///
    /// # Errors
    /// The first rule that the notice breaks.
    pub fn accept(self, now: Timestamp) -> Result<ConsentNotice, ConsentNoticeRefusal> {
        let body = self.0;
        if body.v != CONSENT_NOTICE_VERSION {
            return Err(ConsentNoticeRefusal::VersionUnknown);
        }
        match Answer::named(&body.ad_storage) {
            Some(Answer::Denied) => return Ok(ConsentNotice::Withdrawal),
            Some(Answer::Granted) => {}
            None => return Err(ConsentNoticeRefusal::FieldInvalid("/ad_storage")),
        }
        if !(1..=KEEP_DAYS_MAX).contains(&body.days) {
            return Err(ConsentNoticeRefusal::FieldInvalid("/days"));
        }
        let mut record = VisitRecord::decode(&body.record).ok_or(ConsentNoticeRefusal::RecordInvalid)?;
        record.expire(body.days, now);
        let record = gate(record, &granted(now)).ok_or(ConsentNoticeRefusal::FieldInvalid("/ad_storage"))?;
        Ok(ConsentNotice::Grant(Grant {
            record,
            days: body.days,
            domain: body.domain,
        }))
    }
}

/// The notice says no more than that storage was granted; who was asked and how travels with each lead.
fn granted(now: Timestamp) -> Consent {
    Consent::Granted(ConsentSnapshot {
        answers: Answers {
            ad_storage: Some(Answer::Granted),
            ..Answers::default()
        },
        source: "site".to_owned(),
        basis: "explicit".to_owned(),
        observed_at: now,
    })
}

#[cfg(test)]
mod tests;
