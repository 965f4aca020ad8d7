//! Salesforce: a flow that posts a record by an HTTP callout, with a key in the header
//! (<https://help.salesforce.com/s/articleView?id=sf.flow_concepts_callout.htm>). Fields of one's own end in `__c`.

use serde_json::value::RawValue;

use super::Event;
use super::mapping::Mapping;

/// Names of the standard fields of an opportunity
/// (<https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_opportunity.htm>).
const PLACES: [(&str, &str); 12] = [
    ("lead_id", "/lead_id__c"),
    ("lead_id", "/Lead_Id__c"),
    ("lead_id", "/Throughline_Lead_Id__c"),
    ("gclid", "/gclid__c"),
    ("gclid", "/GCLID__c"),
    ("email", "/Email"),
    ("phone", "/Phone"),
    ("kind", "/StageName"),
    ("kind", "/Status"),
    // The close date is a day without a time; the stage was saved at this moment.
    ("occurred_at", "/LastModifiedDate"),
    ("value", "/Amount"),
    ("currency", "/CurrencyIsoCode"),
];

const ID_PLACES: [&str; 1] = ["/Id"];

const USUAL_KINDS: [(&str, &str); 1] = [("Closed Won", "won")];

pub(super) fn hear(json: &RawValue, mapping: &Mapping) -> Event {
    mapping.hear(json, "", &PLACES, &ID_PLACES, &USUAL_KINDS)
}
