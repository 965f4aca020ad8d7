//! One event of the Data Manager (<https://developers.google.com/data-manager/api/reference/rest/v1/Event>).

use serde::Serialize;

use crate::consent::{Answer, Answers};
use crate::conversion::HashedContact;
use crate::google::conversion::{GoogleConversion, GoogleId};
use crate::money::Money;
use crate::payload::Number;
use crate::time_zone::rfc3339_seconds;
use crate::timestamp::Timestamp;

/// Where an event happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventSource {
    /// On a website.
    Web,
    /// In an app.
    App,
    /// In a store.
    InStore,
    /// On the telephone.
    Phone,
    /// In a message.
    Message,
    /// Elsewhere, such as in a CRM.
    #[default]
    Other,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event<'a> {
    transaction_id: &'a str,
    event_timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_updated_timestamp: Option<String>,
    event_source: EventSource,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversion_value: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'static str>,
    #[serde(skip_serializing_if = "AdIdentifiers::is_empty")]
    ad_identifiers: AdIdentifiers<'a>,
    #[serde(skip_serializing_if = "UserData::is_empty")]
    user_data: UserData<'a>,
    #[serde(skip_serializing_if = "Consent::is_empty")]
    consent: Consent,
}

impl<'a> Event<'a> {
    pub(super) fn new(
        found: &GoogleConversion<'a>,
        event_source: EventSource,
        session_attributes: Option<&'a str>,
    ) -> Self {
        let outcome = found.outcome;
        Self {
            transaction_id: &outcome.outcome_id,
            event_timestamp: rfc3339_seconds(outcome.occurred_at),
            last_updated_timestamp: None,
            event_source,
            conversion_value: outcome.value.map(|money| Number(money.amount())),
            currency: outcome.value.map(|money| money.currency()),
            ad_identifiers: AdIdentifiers::of(found.id, session_attributes),
            user_data: UserData::of(found.contact),
            consent: Consent::of(found.answers),
        }
    }

    pub(super) fn restated(self, value: Money, changed_at: Timestamp) -> Self {
        Self {
            last_updated_timestamp: Some(rfc3339_seconds(changed_at)),
            conversion_value: Some(Number(value.amount())),
            currency: Some(value.currency()),
            ..self
        }
    }
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct AdIdentifiers<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    gclid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gbraid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wbraid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_attributes: Option<&'a str>,
}

impl<'a> AdIdentifiers<'a> {
    fn of(id: Option<GoogleId<'a>>, session_attributes: Option<&'a str>) -> Self {
        let mut identifiers = Self {
            session_attributes,
            ..Self::default()
        };
        match id {
            Some(GoogleId::Gclid(gclid)) => identifiers.gclid = Some(gclid),
            Some(GoogleId::Gbraid(gbraid)) => identifiers.gbraid = Some(gbraid),
            Some(GoogleId::Wbraid(wbraid)) => identifiers.wbraid = Some(wbraid),
            None => {}
        }
        identifiers
    }

    fn is_empty(&self) -> bool {
        self.gclid.is_none()
            && self.gbraid.is_none()
            && self.wbraid.is_none()
            && self.session_attributes.is_none()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UserData<'a> {
    user_identifiers: Vec<UserIdentifier<'a>>,
}

/// Exactly one of them in each object.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum UserIdentifier<'a> {
    EmailAddress(&'a str),
    PhoneNumber(&'a str),
}

impl<'a> UserData<'a> {
    fn of(contact: HashedContact<'a>) -> Self {
        let email = contact.email.map(UserIdentifier::EmailAddress);
        let phone = contact.phone.map(UserIdentifier::PhoneNumber);
        Self {
            user_identifiers: email.into_iter().chain(phone).collect(),
        }
    }

    fn is_empty(&self) -> bool {
        self.user_identifiers.is_empty()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Consent {
    #[serde(skip_serializing_if = "Option::is_none")]
    ad_user_data: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ad_personalization: Option<&'static str>,
}

impl Consent {
    fn of(answers: Answers) -> Self {
        let status = |answer| match answer {
            Answer::Granted => "CONSENT_GRANTED",
            Answer::Denied => "CONSENT_DENIED",
        };
        Self {
            ad_user_data: answers.ad_user_data.map(status),
            ad_personalization: answers.ad_personalization.map(status),
        }
    }

    fn is_empty(&self) -> bool {
        self.ad_user_data.is_none() && self.ad_personalization.is_none()
    }
}
