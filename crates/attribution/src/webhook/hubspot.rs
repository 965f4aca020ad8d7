//! HubSpot: the workflow action "Send a webhook", with the properties of a deal or a contact, all of them in
//! `properties` or a few at the top (<https://knowledge.hubspot.com/workflows/how-do-i-use-webhooks-with-hubspot-workflows>).
//!
//! The events that an app subscribes to (`deal.propertyChange`) name a record and one property, but neither its value
//! in money nor whose it is, so nothing can be made of them.

use serde_json::value::RawValue;

use super::mapping::Mapping;
use super::pointer::at;
use super::{Event, WebhookRefusal};

/// Names of HubSpot's own properties (<https://knowledge.hubspot.com/properties/hubspots-default-deal-properties>).
const PLACES: [(&str, &str); 19] = [
    ("lead_id", "/properties/lead_id"),
    ("gclid", "/properties/gclid"),
    ("gclid", "/hs_google_click_id"),
    ("gclid", "/properties/hs_google_click_id"),
    ("fbclid", "/hs_facebook_click_id"),
    ("fbclid", "/properties/hs_facebook_click_id"),
    ("email", "/properties/email"),
    ("phone", "/properties/phone"),
    ("kind", "/properties/kind"),
    ("kind", "/dealstage"),
    ("kind", "/properties/dealstage"),
    ("kind", "/lifecyclestage"),
    ("kind", "/properties/lifecyclestage"),
    ("occurred_at", "/closedate"),
    ("occurred_at", "/properties/closedate"),
    ("value", "/amount"),
    ("value", "/properties/amount"),
    ("currency", "/deal_currency_code"),
    ("currency", "/properties/deal_currency_code"),
];

const ID_PLACES: [&str; 5] = [
    "/hs_object_id",
    "/properties/hs_object_id",
    "/objectId",
    "/dealId",
    "/vid",
];

/// The stage in which HubSpot's own pipeline wins a deal.
const USUAL_KINDS: [(&str, &str); 1] = [("closedwon", "won")];

pub(super) fn hear(json: &RawValue, mapping: &Mapping) -> Result<Event, WebhookRefusal> {
    if at(json, "/subscriptionType").is_some() {
        return Err(WebhookRefusal::HubSpotAppEvent);
    }
    Ok(mapping.hear(json, "", &PLACES, &ID_PLACES, &USUAL_KINDS))
}
