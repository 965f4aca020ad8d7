//! Webhooks: what CRMs and payment providers tell by themselves, each in its own words.
//!
//! A [`Delivery`] is a request as it came. Its [`signature`] is checked over the raw bytes first; then the file of its
//! provider turns the body into rows of outcomes, which are read by the same rules as all others.

use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::limits::WEBHOOK_EVENTS_MAX;
use crate::outcome::row::Row;
use crate::timestamp::{MINUTE_MS, Timestamp};

pub mod signature; // whether it comes from whom it says
pub mod settings; // what a site sets for a webhook
mod pointer; // where a value stands in a body
mod mapping; // which value is which name of an outcome
mod standard_webhooks;
mod hubspot;
mod stripe;
mod pipedrive;
mod salesforce;

pub use mapping::Mapping;
use signature::{HmacSignature, Signature};

/// A request as it came.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// `POST`.
    pub method: &'a str,
    /// The whole address, as the provider was given it.
    pub url: &'a str,
    /// Names and values.
    pub headers: &'a [(String, String)],
    /// The bytes.
    pub body: &'a [u8],
    /// The collector's clock.
    pub now: Timestamp,
}

/// Who tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Anybody who signs by the Standard Webhooks specification.
    StandardWebhooks,
    /// A HubSpot workflow's action "Send a webhook".
    HubSpot,
    /// Stripe Checkout and refunds.
    Stripe,
    /// Deals of Pipedrive, webhooks version 2.
    Pipedrive,
    /// A Salesforce flow that posts a record.
    Salesforce,
    /// Any system that can sign by HMAC-SHA256.
    Hmac(HmacSignature),
}

/// A webhook of a site: who tells, and which of its words are ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Who tells.
    pub provider: Provider,
    /// Which of its words are ours.
    pub mapping: Mapping,
}

/// What a delivery says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// What the same delivery has again when it is repeated.
    pub event_key: String,
    /// Its events, in their order.
    pub events: Vec<Event>,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// An outcome or a change of one, told as such.
    Told(Row<'static>),
    /// The record of a deal as it stands now: an outcome the first time, and a new value of it when it comes again.
    Record(Row<'static>),
    /// Nothing that the site wants to know of.
    Ignored,
}

/// Why nothing of a delivery is taken. The signature was good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookRefusal {
    /// Not JSON in UTF-8.
    NotJson,
    /// More events than one delivery may have.
    TooManyEvents,
    /// HubSpot's own app events, which carry no field of the deal.
    HubSpotAppEvent,
    /// Not in the form of the provider.
    NotOfProvider,
}

impl<'a> Delivery<'a> {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The credentials of an `Authorization` header of that scheme.
    pub(crate) fn credentials(&self, scheme: &str) -> Option<&'a str> {
        let (given, credentials) = self.header("Authorization")?.trim().split_once(' ')?;
        given.eq_ignore_ascii_case(scheme).then(|| credentials.trim())
    }

    /// For providers that give their events no id of their own: the same bytes within a minute are the same event.
    fn key_of_body(&self) -> String {
        let mut digest = Sha256::new();
        digest.update((self.now.ms() / MINUTE_MS).to_be_bytes());
        digest.update(self.body);
        hex::encode(digest.finalize())
    }
}

impl Provider {
    /// How it shows that a delivery is its own.
    #[must_use]
    pub fn signature(&self) -> Signature {
        match self {
            Self::StandardWebhooks => Signature::StandardWebhooks,
            Self::HubSpot => Signature::HubSpot,
            Self::Stripe => Signature::Stripe,
            Self::Pipedrive => Signature::Basic,
            Self::Salesforce => Signature::Key,
            Self::Hmac(signature) => Signature::Hmac(signature.clone()),
        }
    }
}

impl Webhook {
    /// Reads a delivery whose signature is good.
    ///
    /// # Errors
    /// When it is not understood; its provider's log then shows what to do.
    pub fn hear(&self, delivery: &Delivery<'_>) -> Result<Heard, WebhookRefusal> {
        let whole: &RawValue = serde_json::from_slice(delivery.body).map_err(|_| WebhookRefusal::NotJson)?;
        let items = match pointer::items(whole) {
            Some(items) if items.len() > WEBHOOK_EVENTS_MAX => return Err(WebhookRefusal::TooManyEvents),
            Some(items) => items,
            None => vec![whole],
        };
        if items.iter().any(|item| !item.get().starts_with('{')) {
            return Err(WebhookRefusal::NotOfProvider);
        }
        let hear = |item: &&RawValue| match self.provider {
            Provider::StandardWebhooks | Provider::Hmac(_) => {
                Ok(standard_webhooks::hear(item, &self.mapping))
            }
            Provider::HubSpot => hubspot::hear(item, &self.mapping),
            Provider::Stripe => stripe::hear(item, &self.mapping),
            Provider::Pipedrive => pipedrive::hear(item, &self.mapping),
            Provider::Salesforce => Ok(salesforce::hear(item, &self.mapping)),
        };
        let event_key = match self.provider {
            Provider::StandardWebhooks => delivery.header("webhook-id").map(str::to_owned),
            Provider::Stripe => pointer::text_at(whole, "/id"),
            Provider::HubSpot | Provider::Pipedrive | Provider::Salesforce | Provider::Hmac(_) => None,
        };
        Ok(Heard {
            event_key: event_key.unwrap_or_else(|| delivery.key_of_body()),
            events: items.iter().map(hear).collect::<Result<_, _>>()?,
        })
    }
}
