//! The JSON names, spelled once. These types borrow from the real ones and exist only to be written out; they
//! are private, so that nothing but a `Permitted<_>` can become JSON.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::campaign::CampaignValue;
use crate::click_id::ClickId;
use crate::consent::{ConsentSnapshot, Permitted};
use crate::lead::{self, FormName, LEAD_VERSION};
use crate::page_address::PageAddress;
use crate::touch;
use crate::visit_record::VisitRecord;

pub(crate) struct Lead<'a>(pub(crate) &'a Permitted<lead::Lead>);
struct Touch<'a>(&'a touch::Touch);
struct Touches<'a>(&'a [touch::Touch]);
struct Consent<'a>(&'a ConsentSnapshot);
struct Ids<'a>(&'a [ClickId]);
struct Values<'a>(&'a [CampaignValue]);
struct Clicks<'a>(&'a VisitRecord);

// Written out by hand as maps: for derived structs serde-wasm-bindgen keeps a hash table of the field names, which
// alone costs the browser script 2 kB.

impl Serialize for Lead<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let lead = self.0.value();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("v", &LEAD_VERSION)?;
        map.serialize_entry("site", &lead.site)?;
        map.serialize_entry("lead_id", lead.lead_id.as_str())?;
        map.serialize_entry("submitted_at", &lead.submitted_at)?;
        map.serialize_entry("page", text(lead.page.as_ref()))?;
        map.serialize_entry("form", &lead.form)?;
        map.serialize_entry("touches", &Touches(&lead.touches))?;
        map.serialize_entry("consent", &Consent(self.0.consent()))?;
        map.serialize_entry("script", &lead.script)?;
        map.end()
    }
}

impl Serialize for FormName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("name", &self.name)?;
        map.serialize_entry("action", &self.action)?;
        map.end()
    }
}

impl Serialize for Touches<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Touch))
    }
}

impl Serialize for Touch<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(touch) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("at", &touch.at)?;
        map.serialize_entry("landing", text(touch.landing_page.as_ref()))?;
        map.serialize_entry("referrer", text(touch.referrer.as_ref()))?;
        map.serialize_entry("ids", &Ids(touch.landing.ids()))?;
        map.serialize_entry("utm", &Values(touch.landing.utm()))?;
        map.serialize_entry("params", &Values(touch.landing.params()))?;
        map.end()
    }
}

impl Serialize for Consent<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(consent) = self;
        let answers = [
            ("ad_storage", consent.answers.ad_storage),
            ("ad_user_data", consent.answers.ad_user_data),
            ("ad_personalization", consent.answers.ad_personalization),
        ];
        let mut map = serializer.serialize_map(None)?;
        for (question, answer) in answers {
            // What nobody answered is left out: an answer is never invented.
            if let Some(answer) = answer {
                map.serialize_entry(question, answer.name())?;
            }
        }
        map.serialize_entry("source", &consent.source)?;
        map.serialize_entry("basis", &consent.basis)?;
        map.serialize_entry("observed_at", &consent.observed_at)?;
        map.end()
    }
}

impl Serialize for Ids<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|id| (id.parameter().name(), id.value())))
    }
}

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|campaign| (campaign.name(), campaign.value())))
    }
}

fn text(page: Option<&PageAddress>) -> &str {
    page.map_or("", PageAddress::as_str)
}

impl Serialize for Clicks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.clicks().map(|(platform, click)| (platform, Touch(click))))
    }
}

/// What `throughline.get()` returns: the views on the record.
impl Serialize for Permitted<VisitRecord> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let record = self.value();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("consent", &Consent(self.consent()))?;
        map.serialize_entry("first", &record.first().map(Touch))?;
        map.serialize_entry("last", &record.last().map(Touch))?;
        map.serialize_entry("clicks", &Clicks(record))?;
        map.end()
    }
}
