//! What a site sets for a webhook, as JSON. Secrets are named, never written here: they are secrets of the deployment.
//!
//! ```json
//! {"site":"default","provider":"hmac","secret":"WEBHOOK_CRM","previous_secret":"WEBHOOK_CRM_OLD",
//!  "signature":{"header":"X-Signature","prefix":"sha256=","timestamp_header":"X-Timestamp"},
//!  "fields":{"outcome_id":"/deal/number","occurred_at":"/deal/closed","kind":"/event"},
//!  "constants":{"currency":"EUR"},"kinds":{"deal.closed":"won"}}
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::mapping::Mapping;
use super::signature::HmacSignature;
use super::{Provider, Webhook};
use crate::limits::{NAME_BYTES_MAX, WEBHOOK_FIELDS_MAX};
use crate::outcome::row::Name;

/// What the names of secrets begin with, so that no setting reaches another secret of the deployment.
const SECRET_PREFIX: &str = "WEBHOOK_";

/// The settings as they are sent and stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookSettings {
    /// The site whose outcomes the webhook tells.
    pub site: String,
    /// Who tells.
    pub provider: ProviderName,
    /// The name of the secret.
    pub secret: String,
    /// The name of the secret before it, while both are good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_secret: Option<String>,
    /// How it signs; of the provider `hmac` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<SignatureSettings>,
    /// Where values stand, as JSON pointers by our names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// Values that every event has.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub constants: BTreeMap<String, String>,
    /// Our kinds by the provider's words.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kinds: BTreeMap<String, String>,
}

/// The providers by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // They are the names of the providers.
pub enum ProviderName {
    StandardWebhooks,
    Hubspot,
    Stripe,
    Pipedrive,
    Salesforce,
    Hmac,
}

/// How a system signs by HMAC-SHA256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureSettings {
    header: String,
    #[serde(default)]
    prefix: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timestamp_header: Option<String>,
}

/// A setting that cannot be used: its name, and what would be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebhookSettingRefusal {
    /// The name of the setting.
    pub field: &'static str,
    /// What would be right.
    pub advice: &'static str,
}

impl WebhookSettings {
    /// The webhook that is set so.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn webhook(&self) -> Result<Webhook, WebhookSettingRefusal> {
        let refuse = |field, advice| Err(WebhookSettingRefusal { field, advice });
        if !is_secret_name(&self.secret) {
            return refuse("secret", SECRET);
        }
        if self
            .previous_secret
            .as_deref()
            .is_some_and(|name| !is_secret_name(name))
        {
            return refuse("previous_secret", SECRET);
        }
        let kinds_fit = self
            .kinds
            .iter()
            .all(|(word, kind)| is_short(word) && is_short(kind));
        if self.kinds.len() > WEBHOOK_FIELDS_MAX || !kinds_fit {
            return refuse("kinds", KINDS);
        }
        let is_pointer = |pointer: &str| pointer.starts_with('/') && is_short(pointer);
        let Some(fields) = named(&self.fields, is_pointer) else {
            return refuse("fields", FIELDS);
        };
        let Some(constants) = named(&self.constants, is_short) else {
            return refuse("constants", CONSTANTS);
        };
        Ok(Webhook {
            provider: self.provider()?,
            mapping: Mapping {
                fields,
                constants,
                kinds: self.kinds.clone(),
            },
        })
    }

    /// The names of the secrets that are good now.
    pub fn secret_names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.secret.as_str()).chain(self.previous_secret.as_deref())
    }

    fn provider(&self) -> Result<Provider, WebhookSettingRefusal> {
        let refuse = |advice| WebhookSettingRefusal {
            field: "signature",
            advice,
        };
        let provider = match self.provider {
            ProviderName::StandardWebhooks => Provider::StandardWebhooks,
            ProviderName::Hubspot => Provider::HubSpot,
            ProviderName::Stripe => Provider::Stripe,
            ProviderName::Pipedrive => Provider::Pipedrive,
            ProviderName::Salesforce => Provider::Salesforce,
            ProviderName::Hmac => {
                let settings = self.signature.as_ref().ok_or_else(|| refuse(SIGNATURE))?;
                let headers = std::iter::once(&settings.header).chain(&settings.timestamp_header);
                if !headers.into_iter().all(|header| is_header(header))
                    || settings.prefix.len() > NAME_BYTES_MAX
                {
                    return Err(refuse(SIGNATURE));
                }
                return Ok(Provider::Hmac(HmacSignature {
                    header: settings.header.clone(),
                    prefix: settings.prefix.clone(),
                    timestamp_header: settings.timestamp_header.clone(),
                }));
            }
        };
        match self.signature {
            None => Ok(provider),
            Some(_) => Err(refuse(SIGNATURE_OF_HMAC)),
        }
    }
}

const SECRET: &str = "secret and previous_secret are names of secrets of the deployment: WEBHOOK_ and then capital letters, digits and _, as in WEBHOOK_HUBSPOT. Set it with `wrangler secret put WEBHOOK_HUBSPOT`.";
const KINDS: &str = "kinds says which kind of outcome each word of the provider is, as in {\"closedwon\": \"won\"}, for at most 64 words.";
const FIELDS: &str = "fields says where values stand, by the names of outcomes and as JSON pointers, as in {\"lead_id\": \"/properties/lead_id\"}.";
const CONSTANTS: &str =
    "constants gives values that every event has, by the names of outcomes, as in {\"currency\": \"EUR\"}.";
const SIGNATURE: &str = "signature of hmac names the header and what stands before the signature in it, as in {\"header\": \"X-Signature\", \"prefix\": \"sha256=\", \"timestamp_header\": \"X-Timestamp\"}.";
const SIGNATURE_OF_HMAC: &str = "signature is a setting of the provider hmac alone; leave it out.";

fn is_secret_name(name: &str) -> bool {
    let rest = name.strip_prefix(SECRET_PREFIX).unwrap_or_default();
    let is_of_a_name = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    !rest.is_empty() && name.len() <= NAME_BYTES_MAX && rest.bytes().all(is_of_a_name)
}

fn is_header(name: &str) -> bool {
    is_short(name)
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_short(text: &str) -> bool {
    !text.is_empty() && text.len() <= NAME_BYTES_MAX && !text.contains(char::is_control)
}

fn named(texts: &BTreeMap<String, String>, fits: impl Fn(&str) -> bool) -> Option<Vec<(Name, String)>> {
    if texts.len() > WEBHOOK_FIELDS_MAX {
        return None;
    }
    let named = |(name, text): (&String, &String)| Some((Name::named(name)?, text.clone()));
    let all_fit = texts.values().all(|text| fits(text));
    all_fit.then(|| texts.iter().map(named).collect()).flatten()
}
