//! What the browser tells the collector about consent: a grant, so that the collector may set the record's cookie from
//! the server, or a withdrawal, so that it takes the cookie away.

use crate::consent::Permitted;
use crate::json::Json;
use crate::tag_settings::TagSettings;
use crate::visit_record::VisitRecord;

/// The version of the notice's JSON.
const NOTICE_VERSION: u8 = 1;

/// The visitor agreed: the record as the cookie holds it, and where the browser let us set that cookie.
#[must_use]
pub fn granted(record: &Permitted<VisitRecord>, settings: &TagSettings, domain: &str) -> String {
    notice(settings, "granted", |json| {
        json.member("record", &record.encode());
        json.member("domain", domain);
        json.name("days").number(u64::from(settings.keep_days));
    })
}

/// The visitor took the agreement back.
#[must_use]
pub fn withdrawn(settings: &TagSettings) -> String {
    notice(settings, "denied", |_| {})
}

fn notice(settings: &TagSettings, answer: &str, more: impl FnOnce(&mut Json)) -> String {
    let mut json = Json::default();
    json.object(|json| {
        json.name("v").number(u64::from(NOTICE_VERSION));
        json.member("site", &settings.site);
        json.member("ad_storage", answer);
        more(json);
    });
    json.into_text()
}
