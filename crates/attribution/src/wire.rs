//! The JSON names, spelled once. These types borrow from the real ones and exist only to be written out; they
//! are private, so that nothing but a `Permitted<_>` can become JSON.

use serde::{Serialize, Serializer};

use crate::campaign::CampaignValue;
use crate::click_id::ClickId;
use crate::consent::{Answer, ConsentSnapshot, Permitted};
use crate::lead::{self, FormName, LEAD_VERSION};
use crate::page_address::PageAddress;
use crate::timestamp::Timestamp;
use crate::touch;
use crate::visit_record::VisitRecord;

#[derive(Serialize)]
pub(crate) struct Lead<'a> {
    v: u8,
    site: &'a str,
    lead_id: &'a str,
    submitted_at: Timestamp,
    page: &'a str,
    form: &'a FormName,
    touches: Vec<Touch<'a>>,
    consent: Consent<'a>,
    script: &'a str,
}

#[derive(Serialize)]
pub(crate) struct Touch<'a> {
    at: Timestamp,
    landing: &'a str,
    referrer: &'a str,
    ids: Ids<'a>,
    utm: Values<'a>,
    params: Values<'a>,
}

#[derive(Serialize)]
pub(crate) struct Consent<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    ad_storage: Option<Answer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ad_user_data: Option<Answer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ad_personalization: Option<Answer>,
    source: &'a str,
    basis: &'a str,
    observed_at: Timestamp,
}

struct Ids<'a>(&'a [ClickId]);
struct Values<'a>(&'a [CampaignValue]);

impl<'a> Lead<'a> {
    pub(crate) fn of(lead: &'a Permitted<lead::Lead>) -> Self {
        let consent = Consent::of(lead.consent());
        let lead = lead.value();
        Self {
            v: LEAD_VERSION,
            site: &lead.site,
            lead_id: lead.lead_id.as_str(),
            submitted_at: lead.submitted_at,
            page: text(lead.page.as_ref()),
            form: &lead.form,
            touches: lead.touches.iter().map(Touch::of).collect(),
            consent,
            script: &lead.script,
        }
    }
}

impl<'a> Touch<'a> {
    pub(crate) fn of(touch: &'a touch::Touch) -> Self {
        Self {
            at: touch.at,
            landing: text(touch.landing_page.as_ref()),
            referrer: text(touch.referrer.as_ref()),
            ids: Ids(touch.landing.ids()),
            utm: Values(touch.landing.utm()),
            params: Values(touch.landing.params()),
        }
    }
}

impl<'a> Consent<'a> {
    pub(crate) fn of(snapshot: &'a ConsentSnapshot) -> Self {
        Self {
            ad_storage: snapshot.answers.ad_storage,
            ad_user_data: snapshot.answers.ad_user_data,
            ad_personalization: snapshot.answers.ad_personalization,
            source: &snapshot.source,
            basis: &snapshot.basis,
            observed_at: snapshot.observed_at,
        }
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

/// What `throughline.get()` returns: the views on the record.
#[derive(Serialize)]
struct Views<'a> {
    consent: Consent<'a>,
    first: Option<Touch<'a>>,
    last: Option<Touch<'a>>,
    clicks: Clicks<'a>,
}

struct Clicks<'a>(&'a VisitRecord);

impl Serialize for Clicks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.0
                .clicks()
                .map(|(platform, click)| (platform, Touch::of(click))),
        )
    }
}

impl Serialize for Permitted<VisitRecord> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let record = self.value();
        Views {
            consent: Consent::of(self.consent()),
            first: record.first().map(Touch::of),
            last: record.last().map(Touch::of),
            clicks: Clicks(record),
        }
        .serialize(serializer)
    }
}
