//! Reading a lead at the collector's door. Everybody can post here, so nothing is believed.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{FormName, LEAD_VERSION, Lead, Submission};
use crate::consent::{Answer, Answers, Consent, ConsentSnapshot, Denial, Permitted, gate};
use crate::landing::Landing;
use crate::lead_id::{LeadId, LeadIdError};
use crate::limits::{EXTRA_PARAMETERS_MAX, NAME_BYTES_MAX, TOUCHES_MAX};
use crate::page_address::PageAddress;
use crate::platform_cookie;
use crate::timestamp::Timestamp;
use crate::touch::Touch;
use crate::user_data::{PlatformHashes, UserData, UserHash};

/// Why a lead is not taken. Carries no value of the lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadRefusal {
    /// The body is not JSON.
    NotJson,
    /// JSON, but a field is missing or of another type, length or form; the JSON pointer tells which.
    FieldInvalid(&'static str),
    /// A version that this collector does not know.
    VersionUnknown,
    /// The lead_id cannot be one.
    LeadIdInvalid(LeadIdError),
    /// The visitor has not agreed to storage, so nothing of the lead may be kept.
    ConsentMissing,
    /// The browser says by Global Privacy Control that its visitor has opted out.
    OptedOut,
}

/// A body that is JSON of the right shape; its site is known, the rest is still unchecked.
#[derive(Debug)]
pub struct ReceivedLead(pub(super) Body);

#[derive(Debug, Deserialize)]
pub(super) struct Body {
    pub(super) v: u8,
    pub(super) site: String,
    pub(super) lead_id: String,
    pub(super) submitted_at: Timestamp,
    #[serde(default)]
    pub(super) page: String,
    #[serde(default)]
    pub(super) form: FormName,
    #[serde(default)]
    pub(super) touches: Vec<ReceivedTouch>,
    #[serde(default)]
    pub(super) consent: ReceivedConsent,
    #[serde(default)]
    pub(super) user: ReceivedUser,
    #[serde(default)]
    pub(super) script: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct ReceivedTouch {
    pub(super) at: Timestamp,
    #[serde(default)]
    pub(super) landing: String,
    #[serde(default)]
    pub(super) referrer: String,
    #[serde(default)]
    pub(super) ids: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) utm: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) params: BTreeMap<String, String>,
    pub(super) cookie: Option<String>,
    pub(super) fbc: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ReceivedConsent {
    #[serde(default)]
    pub(super) ad_storage: String,
    #[serde(default)]
    pub(super) ad_user_data: String,
    #[serde(default)]
    pub(super) ad_personalization: String,
    #[serde(default)]
    pub(super) source: String,
    #[serde(default)]
    pub(super) basis: String,
    pub(super) observed_at: Option<Timestamp>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ReceivedUser {
    #[serde(default)]
    email: ReceivedHashes,
    #[serde(default)]
    phone: ReceivedHashes,
}

#[derive(Debug, Default, Deserialize)]
struct ReceivedHashes {
    google: Option<String>,
    microsoft: Option<String>,
    meta: Option<String>,
}

impl ReceivedLead {
    /// Reads the body.
    ///
    /// # Errors
    /// [`LeadRefusal::NotJson`], or [`LeadRefusal::FieldInvalid`] where it is JSON of another shape.
    pub fn from_json(body: &[u8]) -> Result<Self, LeadRefusal> {
        match serde_json::from_slice(body) {
            Ok(body) => Ok(Self(body)),
            Err(_) if is_json(body) => Err(LeadRefusal::FieldInvalid("")),
            Err(_) => Err(LeadRefusal::NotJson),
        }
    }

    /// The site that the lead says it belongs to.
    #[must_use]
    pub fn site(&self) -> &str {
        &self.0.site
    }

    /// Hears the request's `Sec-GPC` header, which is `1` where the visitor has opted out by Global Privacy Control
    /// (<https://www.w3.org/TR/gpc/>). No grant outweighs it, in the browser neither.
    ///
    /// # Errors
    /// [`LeadRefusal::OptedOut`].
    pub fn heed(self, sec_gpc: &str) -> Result<Self, LeadRefusal> {
        if sec_gpc.trim() == "1" {
            Err(LeadRefusal::OptedOut)
        } else {
            Ok(self)
        }
    }

    /// Checks everything else, the consent last, because only then the lead may be kept.
    ///
    /// # Errors
    /// The first rule that the lead breaks.
    pub fn accept(self) -> Result<Permitted<Lead>, LeadRefusal> {
        let body = self.0;
        if body.v != LEAD_VERSION {
            return Err(LeadRefusal::VersionUnknown);
        }
        let lead_id = LeadId::parse(&body.lead_id).map_err(LeadRefusal::LeadIdInvalid)?;
        if body.touches.len() > TOUCHES_MAX {
            return Err(LeadRefusal::FieldInvalid("/touches"));
        }
        if body.script.len() > NAME_BYTES_MAX {
            return Err(LeadRefusal::FieldInvalid("/script"));
        }
        let user = body.user.read(&body.consent)?;
        let consent = body.consent.read(body.submitted_at)?;
        let mut touches = Vec::new();
        for touch in body.touches {
            let touch = touch.read().ok_or(LeadRefusal::FieldInvalid("/touches"))?;
            touches.push(Arc::new(touch));
        }
        touches.sort_by_key(|touch| touch.at);
        let submission = Submission {
            site: body.site,
            lead_id,
            submitted_at: body.submitted_at,
            page: PageAddress::of(&body.page),
            // What is too long is left out, so that no lead is lost for the name of its form.
            form: FormName::new(&body.form.id, &body.form.name, &body.form.action),
            script: body.script,
        };
        let lead = Lead {
            submission,
            touches,
            user,
        };
        gate(lead, &consent).ok_or(LeadRefusal::ConsentMissing)
    }
}

/// What is passed over is read as text too, because JSON in another encoding is none
/// (<https://www.rfc-editor.org/rfc/rfc8259#section-8.1>).
pub(crate) fn is_json(body: &[u8]) -> bool {
    std::str::from_utf8(body).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
}

impl ReceivedTouch {
    /// Values are parsed by the same rules as on the landing page, so a forged body can hold nothing that a
    /// landing could not. `None` where it has more parameters than a page keeps, or names a cookie that no platform has: to take it for a landing would be a lie.
    fn read(self) -> Option<Touch> {
        // A page keeps no more of the site's own parameters; the other names are all known.
        if self.params.len() > EXTRA_PARAMETERS_MAX {
            return None;
        }
        let mut landing = Landing::default();
        for (name, value) in self.ids.iter().chain(&self.utm).chain(&self.params) {
            landing.take_kept(name, value);
        }
        let cookie = match &self.cookie {
            Some(name) => Some(platform_cookie::named(name)?.to_owned()),
            None => None,
        };
        let mut touch = Touch {
            at: self.at,
            landing_page: PageAddress::of(&self.landing),
            referrer: PageAddress::of(&self.referrer),
            landing,
            cookie,
            fbc: None,
        };
        touch.fbc = self.fbc.filter(|fbc| touch.may_be_of_fbc(fbc));
        Some(touch)
    }
}

impl ReceivedUser {
    /// What is no hash is refused aloud, because somebody sends addresses as they are. Hashes that the visitor has not
    /// agreed to are left out: the script never sends them, and the lead without them may be kept.
    fn read(self, consent: &ReceivedConsent) -> Result<UserData, LeadRefusal> {
        let user = UserData {
            email: self.email.read()?,
            phone: self.phone.read()?,
        };
        Ok(match Answer::named(&consent.ad_user_data) {
            Some(Answer::Granted) => user,
            Some(Answer::Denied) | None => UserData::default(),
        })
    }
}

impl ReceivedHashes {
    fn read(self) -> Result<PlatformHashes, LeadRefusal> {
        let hash = |text: Option<String>| {
            text.map(|text| UserHash::parse(&text).ok_or(LeadRefusal::FieldInvalid("/user")))
                .transpose()
        };
        Ok(PlatformHashes {
            google: hash(self.google)?,
            microsoft: hash(self.microsoft)?,
            meta: hash(self.meta)?,
        })
    }
}

impl ReceivedConsent {
    fn read(self, submitted_at: Timestamp) -> Result<Consent, LeadRefusal> {
        if self.source.len() > NAME_BYTES_MAX || self.basis.len() > NAME_BYTES_MAX {
            return Err(LeadRefusal::FieldInvalid("/consent"));
        }
        let answers = Answers {
            ad_storage: Answer::named(&self.ad_storage),
            ad_user_data: Answer::named(&self.ad_user_data),
            ad_personalization: Answer::named(&self.ad_personalization),
        };
        Ok(match answers.ad_storage {
            Some(Answer::Granted) => Consent::Granted(ConsentSnapshot {
                answers,
                source: self.source,
                basis: self.basis,
                observed_at: self.observed_at.unwrap_or(submitted_at),
            }),
            Some(Answer::Denied) => Consent::Denied(Denial {
                source: self.source,
                is_opt_out: false,
            }),
            None => Consent::Pending,
        })
    }
}

#[cfg(test)]
mod tests;
