//! A submitted form on its way to the collector: the one type that the browser writes and the Worker reads.
//!
//! ```json
//! {"v":1,"site":"default","lead_id":"7K3M9QXA2F4HJK5NR","submitted_at":"2026-11-23T10:00:00.123Z",
//!  "page":"https://www.example.com/pricing","form":{"id":"contact","name":"","action":"/thanks"},
//!  "touches":[{"at":"…","landing":"…","referrer":"…","ids":{"gclid":"…"},"utm":{},"params":{}}],
//!  "consent":{"ad_storage":"granted","source":"consent_mode","basis":"explicit","observed_at":"…"},
//!  "user":{"email":{"google":"<hex>","microsoft":"<hex>","meta":"<hex>"},"phone":{}},"script":"0.1.0"}
//! ```
//!
//! `user` is there only where the site asks for it (`data-user-data="hash"`) and the visitor has granted `ad_user_data`.
//! It never waits on the visitor's device, so a lead that is sent again later comes without it.

use std::sync::Arc;

use crate::consent::Permitted;
use crate::lead_id::LeadId;
use crate::limits::NAME_BYTES_MAX;
use crate::page_address::PageAddress;
use crate::pieces::{Separators, cut};
use crate::timestamp::Timestamp;
use crate::touch::Touch;
use crate::user_data::UserData;
use crate::visit_record::VisitRecord;

#[cfg(feature = "collector")]
mod received;
#[cfg(feature = "collector")]
mod posted_form;
#[cfg(feature = "collector")]
pub use posted_form::{FormArrival, HONEYPOT_FIELD, PostedForm};
#[cfg(feature = "collector")]
pub(crate) use received::is_json;
#[cfg(feature = "collector")]
pub use received::{LeadRefusal, ReceivedLead};

/// The version of the lead's JSON.
pub const LEAD_VERSION: u8 = 1;

/// A submission without its consent, which travels in the [`Permitted`] around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// What was submitted.
    pub submission: Submission,
    /// The visitor's touches, oldest first.
    pub touches: Vec<Arc<Touch>>,
    /// Who sent it, as hashes; empty without the visitor's `ad_user_data`.
    pub user: UserData,
}

/// How a form is named in its page. The fields that the visitor filled in are none of our business.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "collector", derive(serde::Deserialize))]
pub struct FormName {
    /// The `id` attribute.
    #[cfg_attr(feature = "collector", serde(default))]
    pub id: String,
    /// The `name` attribute.
    #[cfg_attr(feature = "collector", serde(default))]
    pub name: String,
    /// Where the form is sent, without query.
    #[cfg_attr(feature = "collector", serde(default))]
    pub action: String,
}

impl FormName {
    /// A form by its attributes, the action without query. What the collector would find too long is left out, so
    /// that no lead is lost for the name of its form.
    #[must_use]
    pub fn new(id: &str, name: &str, action: &str) -> Self {
        let (action, _) = cut(action, const { Separators::any_of(b"?#") });
        let short = |text: &str| {
            let is_short = text.len() <= NAME_BYTES_MAX;
            if is_short { text } else { "" }.to_owned()
        };
        Self {
            id: short(id),
            name: short(name),
            action: short(action),
        }
    }
}

/// What the browser knows of a submission beside the visit record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The site's id at its collector.
    pub site: String,
    /// The id that was filled into the form.
    pub lead_id: LeadId,
    /// When the form was sent.
    pub submitted_at: Timestamp,
    /// The address of the page.
    pub page: Option<PageAddress>,
    /// Which form it was.
    pub form: FormName,
    /// Version of the browser script.
    pub script: String,
}

impl Permitted<VisitRecord> {
    /// The lead of a submission by this visitor.
    #[must_use]
    pub fn lead(&self, submission: Submission) -> Permitted<Lead> {
        self.map(|record| Lead {
            submission,
            touches: record.touches().to_vec(),
            user: UserData::default(),
        })
    }
}

/// For what the collector stores: the text of `to_json`, so that its names are spelled once.
#[cfg(feature = "collector")]
impl serde::Serialize for Permitted<Lead> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::value::RawValue::from_string(self.to_json())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}
