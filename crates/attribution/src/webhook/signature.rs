//! Whether a webhook comes from whom it says: a signature over the bytes as they came, compared in constant time.
//!
//! Every check takes the secrets that are good now, two while one replaces the other. A secret that is empty is none. A
//! signed moment more than [`WEBHOOK_CLOCK_SKEW_MS_MAX`] from now, in either direction, is refused, so that a copied
//! request is worthless soon.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::Delivery;
use crate::limits::WEBHOOK_CLOCK_SKEW_MS_MAX;
use crate::timestamp::Timestamp;

/// How a provider shows that a webhook is its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signature {
    /// `webhook-id`, `webhook-timestamp` and `webhook-signature`
    /// (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).
    StandardWebhooks,
    /// `X-HubSpot-Signature-v3`
    /// (<https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests>).
    HubSpot,
    /// `Stripe-Signature` (<https://docs.stripe.com/webhooks#verify-manually>).
    Stripe,
    /// User and password by HTTP Basic, all that Pipedrive has (<https://pipedrive.readme.io/docs/guide-for-webhooks-v2>).
    Basic,
    /// A key as `Authorization: Bearer`, for systems that can send a header but cannot sign.
    Key,
    /// HMAC-SHA256 in a header of the site's choice.
    Hmac(HmacSignature),
}

/// How a system without a scheme of its own signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HmacSignature {
    /// The header that the signature stands in.
    pub header: String,
    /// What stands before it there, such as `sha256=`.
    pub prefix: String,
    /// The header with the moment in seconds since 1970. Signed is then `{moment}.{body}`; without it the body alone, and
    /// a copied request stays good for ever.
    pub timestamp_header: Option<String>,
}

/// Why a webhook is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureRefusal {
    /// There is no secret that is good now.
    NoSecret,
    /// The signature is missing, damaged, or of other bytes.
    Invalid,
    /// The signature is good, but of another moment.
    Stale,
}

/// Blocks of hexadecimal digits or base64.
#[derive(Clone, Copy)]
enum Digits {
    Hex,
    Base64,
}

impl Signature {
    /// Lets a webhook through that one of the secrets signed.
    ///
    /// # Errors
    /// Says whether the signature or only its moment is wrong.
    pub fn check(&self, delivery: &Delivery<'_>, secrets: &[&str]) -> Result<(), SignatureRefusal> {
        let secrets: Vec<&str> = secrets
            .iter()
            .copied()
            .filter(|secret| !secret.is_empty())
            .collect();
        if secrets.is_empty() {
            return Err(SignatureRefusal::NoSecret);
        }
        match self {
            Self::StandardWebhooks => standard_webhooks(delivery, &secrets),
            Self::HubSpot => hubspot(delivery, &secrets),
            Self::Stripe => stripe(delivery, &secrets),
            Self::Basic => {
                let given = delivery
                    .credentials("Basic")
                    .and_then(|text| STANDARD.decode(text).ok());
                one_of(&secrets, &given.unwrap_or_default())
            }
            Self::Key => one_of(
                &secrets,
                delivery.credentials("Bearer").unwrap_or_default().as_bytes(),
            ),
            Self::Hmac(settings) => settings.check(delivery, &secrets),
        }
    }
}

/// The secret is `whsec_` and base64; the header holds one signature for each secret of the sender.
fn standard_webhooks(delivery: &Delivery<'_>, secrets: &[&str]) -> Result<(), SignatureRefusal> {
    let id = delivery.header("webhook-id").ok_or(SignatureRefusal::Invalid)?;
    let (seconds, moment) = moment_in(delivery.header("webhook-timestamp"), 1_000)?;
    let given = delivery.header("webhook-signature").unwrap_or_default();
    let signatures = given
        .split(' ')
        .filter_map(|signature| signature.strip_prefix("v1,"));
    let keys: Vec<Vec<u8>> = secrets
        .iter()
        .filter_map(|secret| {
            STANDARD
                .decode(secret.strip_prefix("whsec_").unwrap_or(secret))
                .ok()
        })
        .filter(|key| !key.is_empty())
        .collect();
    let signed = [id.as_bytes(), b".", seconds.as_bytes(), b".", delivery.body];
    check_any(&keys, &signed, signatures, Digits::Base64)?;
    check_moment(moment, delivery.now)
}

/// HubSpot decodes some characters of the address before it signs. Which form it signed is not told, so both are good;
/// either is a signature by the secret over this very request.
fn hubspot(delivery: &Delivery<'_>, secrets: &[&str]) -> Result<(), SignatureRefusal> {
    let (milliseconds, moment) = moment_in(delivery.header("X-HubSpot-Request-Timestamp"), 1)?;
    let signature = delivery
        .header("X-HubSpot-Signature-v3")
        .ok_or(SignatureRefusal::Invalid)?;
    let decoded = hubspot_decoded(delivery.url);
    let mut result = Err(SignatureRefusal::Invalid);
    for url in [decoded.as_str(), delivery.url] {
        let signed = [
            delivery.method.as_bytes(),
            url.as_bytes(),
            delivery.body,
            milliseconds.as_bytes(),
        ];
        result = result.or(check_any(secrets, &signed, [signature], Digits::Base64));
    }
    result?;
    check_moment(moment, delivery.now)
}

/// The characters that HubSpot's documentation lists.
fn hubspot_decoded(url: &str) -> String {
    const DECODED: [(&str, &str); 12] = [
        ("%3A", ":"),
        ("%2F", "/"),
        ("%3F", "?"),
        ("%40", "@"),
        ("%21", "!"),
        ("%24", "$"),
        ("%27", "'"),
        ("%28", "("),
        ("%29", ")"),
        ("%2A", "*"),
        ("%2C", ","),
        ("%3B", ";"),
    ];
    DECODED.iter().fold(url.to_owned(), |url, (encoded, character)| {
        url.replace(encoded, character)
            .replace(&encoded.to_ascii_lowercase(), character)
    })
}

/// `t=1700000000,v1=<hex>,v1=<hex>`: one signature for each secret of the account; other versions are not looked at.
fn stripe(delivery: &Delivery<'_>, secrets: &[&str]) -> Result<(), SignatureRefusal> {
    let header = delivery
        .header("Stripe-Signature")
        .ok_or(SignatureRefusal::Invalid)?;
    let values = |name: &'static str| {
        let pairs = header.split(',').filter_map(|pair| pair.split_once('='));
        pairs
            .filter(move |(other, _)| *other == name)
            .map(|(_, value)| value)
    };
    let mut moments = values("t");
    let (seconds, moment) = moment_in(moments.next(), 1_000)?;
    if moments.next().is_some() {
        return Err(SignatureRefusal::Invalid);
    }
    let signed = [seconds.as_bytes(), b".", delivery.body];
    check_any(secrets, &signed, values("v1"), Digits::Hex)?;
    check_moment(moment, delivery.now)
}

impl HmacSignature {
    fn check(&self, delivery: &Delivery<'_>, secrets: &[&str]) -> Result<(), SignatureRefusal> {
        let header = delivery.header(&self.header).unwrap_or_default().trim();
        let signature = header
            .strip_prefix(self.prefix.as_str())
            .ok_or(SignatureRefusal::Invalid)?;
        // 32 bytes are 64 hexadecimal digits, and base64 of another length.
        let digits = if signature.len() == 64 {
            Digits::Hex
        } else {
            Digits::Base64
        };
        let Some(timestamp_header) = &self.timestamp_header else {
            return check_any(secrets, &[delivery.body], [signature], digits);
        };
        let (seconds, moment) = moment_in(delivery.header(timestamp_header), 1_000)?;
        let signed = [seconds.as_bytes(), b".", delivery.body];
        check_any(secrets, &signed, [signature], digits)?;
        check_moment(moment, delivery.now)
    }
}

/// A moment as digits alone, in units of so many milliseconds: the text that was signed, and what it means.
fn moment_in(text: Option<&str>, unit_ms: i64) -> Result<(&str, Timestamp), SignatureRefusal> {
    let text = text.unwrap_or_default();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number: Option<i64> = text.parse().ok().filter(|_| is_number);
    let ms = number.and_then(|number| number.checked_mul(unit_ms));
    ms.map(|ms| (text, Timestamp::from_ms(ms)))
        .ok_or(SignatureRefusal::Invalid)
}

fn check_moment(moment: Timestamp, now: Timestamp) -> Result<(), SignatureRefusal> {
    if now.ms_since(moment).abs() > WEBHOOK_CLOCK_SKEW_MS_MAX {
        Err(SignatureRefusal::Stale)
    } else {
        Ok(())
    }
}

/// Whether one of the signatures is one of these keys' over the parts one after the other.
fn check_any<'a>(
    keys: &[impl AsRef<[u8]>],
    parts: &[&[u8]],
    signatures: impl IntoIterator<Item = &'a str>,
    digits: Digits,
) -> Result<(), SignatureRefusal> {
    let macs: Vec<Hmac<Sha256>> = keys
        .iter()
        .filter_map(|key| mac_of(key.as_ref(), parts))
        .collect();
    for signature in signatures {
        let Some(signature) = bytes_of(signature, digits) else {
            continue;
        };
        for mac in &macs {
            if mac.clone().verify_slice(&signature).is_ok() {
                return Ok(());
            }
        }
    }
    Err(SignatureRefusal::Invalid)
}

fn mac_of(key: &[u8], parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    for part in parts {
        mac.update(part);
    }
    Some(mac)
}

/// Only the spelling that providers document: hexadecimal digits in small letters.
fn bytes_of(signature: &str, digits: Digits) -> Option<Vec<u8>> {
    match digits {
        Digits::Hex if signature.bytes().any(|byte| byte.is_ascii_uppercase()) => None,
        Digits::Hex => hex::decode(signature).ok(),
        Digits::Base64 => STANDARD.decode(signature).ok(),
    }
}

/// Digests of equal length are compared, so that the time tells nothing of the secret's length either.
fn one_of(secrets: &[&str], given: &[u8]) -> Result<(), SignatureRefusal> {
    let given = Sha256::digest(given);
    let mut is_one = subtle::Choice::from(0);
    for secret in secrets {
        is_one |= Sha256::digest(secret.as_bytes())
            .as_slice()
            .ct_eq(given.as_slice());
    }
    if is_one.into() {
        Ok(())
    } else {
        Err(SignatureRefusal::Invalid)
    }
}
