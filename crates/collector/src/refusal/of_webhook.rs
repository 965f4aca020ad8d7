//! Refusals of what systems tell by themselves. Their logs are where people look, so each says what to do.

use attribution::webhook::WebhookRefusal as NotUnderstood;
use attribution::webhook::signature::SignatureRefusal;

use super::Problem;
use super::of_core::NOT_JSON;

/// Why a delivery is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookRefusal {
    /// Its signature is not good.
    Signature(SignatureRefusal),
    /// It is not understood.
    NotUnderstood(NotUnderstood),
    /// The webhook's own settings are of another version, or its site is gone.
    SettingsUnusable,
    /// Every outcome in it is refused; this is the first one's reason.
    Outcome {
        /// The rule.
        code: &'static str,
        /// What its teller can do.
        advice: &'static str,
    },
}

impl WebhookRefusal {
    pub(super) fn problem(self) -> Problem {
        let (status, code, retryable, title, detail) = match self {
            Self::Signature(SignatureRefusal::NoSecret) => (
                503,
                "webhook_secret_unset",
                true,
                "The deployment has no secret for this webhook",
                "GET v1/webhooks/{source} names the secret. Set it with `wrangler secret put`, then send the event again.",
            ),
            Self::Signature(SignatureRefusal::Invalid) => (
                401,
                "signature_invalid",
                false,
                "The signature is missing or wrong",
                "Check the secret on both sides, and that nothing between the sender and here changes the body.",
            ),
            Self::Signature(SignatureRefusal::Stale) => (
                401,
                "signature_stale",
                false,
                "The signature is of another moment",
                "The signed moment is more than five minutes from now. Check the sender's clock, and send the event again.",
            ),
            Self::NotUnderstood(NotUnderstood::NotJson) => return NOT_JSON,
            Self::NotUnderstood(NotUnderstood::TooManyEvents) => (
                413,
                "too_many_events",
                false,
                "Too many events at once",
                "Send at most 100 events in one delivery.",
            ),
            Self::NotUnderstood(NotUnderstood::HubSpotAppEvent) => (
                422,
                "hubspot_app_event",
                false,
                "This event carries nothing of the deal",
                "An app's subscription names the record alone. Use a workflow's action Send a webhook, with the request signed and the properties lead_id, dealstage, closedate and amount.",
            ),
            Self::NotUnderstood(NotUnderstood::NotOfProvider) => (
                422,
                "webhook_not_understood",
                false,
                "The body is not in the form of this provider",
                "Check the provider in the settings of the webhook; Pipedrive's webhooks must be of version 2.",
            ),
            Self::SettingsUnusable => (
                500,
                "webhook_setting_invalid",
                false,
                "The settings of this webhook cannot be used",
                "Set them again with PUT v1/webhooks/{source}, and check that its site is there.",
            ),
            Self::Outcome { code, advice } => (422, code, false, "The outcome is not taken", advice),
        };
        Problem {
            status,
            code,
            retryable,
            title,
            detail,
        }
    }
}
