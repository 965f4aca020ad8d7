//! Every refusal, and what HTTP says of it: one match. Bodies are problem+json
//! (<https://www.rfc-editor.org/rfc/rfc9457>) of fixed sentences; nothing of the request is repeated in them.

use std::borrow::Cow;

use attribution::consent_notice::ConsentNoticeRefusal;
use attribution::lead::LeadRefusal;
use attribution::outcome::BatchRefusal;
use attribution::webhook::signature::SignatureRefusal;
use serde::Serialize;

use crate::reply::Reply;
use crate::settings::SettingRefusal;
use crate::store::StorageError;

mod of_admin;
mod of_core;
mod of_webhook;
pub use of_admin::AdminRefusal;
use of_core::{batch_problem, consent_notice_problem, lead_problem};
pub use of_webhook::WebhookRefusal;

/// Why a request is not granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No route of this path.
    NotFound,
    /// The route has no such method; these it has.
    MethodNotAllowed(&'static str),
    /// The body is longer than so many bytes.
    TooLarge(usize),
    /// The body ended early.
    BodyCut,
    /// The body did not come in time.
    BodySlow,
    /// The body is compressed.
    ContentEncoding,
    /// The body's media type is none that the route reads; these it reads.
    MediaType(&'static str),
    /// No, or the wrong, bearer token.
    TokenInvalid,
    /// The deployment has no admin token.
    AdminTokenUnset,
    /// No, or the wrong, user and password of a feed.
    FeedPasswordInvalid,
    /// No site of that id.
    SiteUnknown,
    /// The page's origin is none of the site's, or there is none.
    OriginNotAllowed,
    /// The sender comes too often.
    RateLimited,
    /// The site has taken its leads of today; so many seconds are left of it.
    BudgetSpent(u32),
    /// The body is no form that can be read.
    FormUnreadable,
    /// The settings or data of a site may not be read or changed so.
    Admin(AdminRefusal),
    /// The lead breaks a rule of its own.
    Lead(LeadRefusal),
    /// The consent notice breaks a rule of its own.
    ConsentNotice(ConsentNoticeRefusal),
    /// The lead_id is taken by other content.
    LeadIdReused,
    /// The lead was erased on its person's wish.
    LeadErased,
    /// The outcomes cannot be read at all.
    Batch(BatchRefusal),
    /// What a system tells by itself is not taken.
    Webhook(WebhookRefusal),
    /// The store failed.
    Storage(StorageError),
    /// A setting of this deployment cannot be used.
    SettingInvalid,
}

/// What HTTP says of a refusal.
struct Problem {
    status: u16,
    code: &'static str,
    retryable: bool,
    title: &'static str,
    detail: &'static str,
}

#[derive(Serialize)]
struct Body {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'static str,
    instance: String,
    code: &'static str,
    retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<Cow<'static, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit_bytes: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit_rows: Option<usize>,
}

impl From<LeadRefusal> for Refusal {
    fn from(refusal: LeadRefusal) -> Self {
        Self::Lead(refusal)
    }
}

impl From<ConsentNoticeRefusal> for Refusal {
    fn from(refusal: ConsentNoticeRefusal) -> Self {
        Self::ConsentNotice(refusal)
    }
}

impl From<BatchRefusal> for Refusal {
    fn from(refusal: BatchRefusal) -> Self {
        Self::Batch(refusal)
    }
}

impl From<WebhookRefusal> for Refusal {
    fn from(refusal: WebhookRefusal) -> Self {
        Self::Webhook(refusal)
    }
}

impl From<AdminRefusal> for Refusal {
    fn from(refusal: AdminRefusal) -> Self {
        Self::Admin(refusal)
    }
}

impl From<SettingRefusal> for Refusal {
    fn from(refusal: SettingRefusal) -> Self {
        Self::Admin(AdminRefusal::Setting(refusal))
    }
}

impl From<StorageError> for Refusal {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl Refusal {
    /// The name of the rule, for machines and for the counts.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.problem().code
    }

    /// The answer.
    #[must_use]
    pub fn reply(self, request_id: &str) -> Reply {
        let problem = self.problem();
        let body = Body {
            r#type: format!("urn:throughline:problem:{}", problem.code),
            title: problem.title,
            status: problem.status,
            detail: problem.detail,
            instance: format!("urn:request:{request_id}"),
            code: problem.code,
            retryable: problem.retryable,
            pointer: self.pointer(),
            limit_bytes: self.limit_bytes(),
            limit_rows: self.limit_rows(),
        };
        let mut reply = Reply::json_of_type(problem.status, "application/problem+json", &body);
        reply.code = Some(problem.code);
        self.with_headers_of_its_own(reply)
    }

    fn with_headers_of_its_own(self, reply: Reply) -> Reply {
        match self {
            Self::MethodNotAllowed(methods) => reply.with_header("Allow", methods),
            Self::TokenInvalid => reply.with_header("WWW-Authenticate", "Bearer realm=\"throughline\""),
            Self::FeedPasswordInvalid => reply.with_header(
                "WWW-Authenticate",
                "Basic realm=\"throughline\", charset=\"UTF-8\"",
            ),
            Self::Storage(StorageError::Unavailable) | Self::Admin(AdminRefusal::NoRandomness) => {
                reply.with_header("Retry-After", "5")
            }
            Self::AdminTokenUnset
            | Self::RateLimited
            | Self::Webhook(WebhookRefusal::Signature(SignatureRefusal::NoSecret)) => {
                reply.with_header("Retry-After", "60")
            }
            Self::BudgetSpent(seconds) => reply.with_header("Retry-After", seconds.to_string()),
            _ => reply,
        }
    }

    fn pointer(self) -> Option<Cow<'static, str>> {
        match self {
            Self::Lead(LeadRefusal::FieldInvalid(pointer))
            | Self::ConsentNotice(ConsentNoticeRefusal::FieldInvalid(pointer)) => Some(pointer.into()),
            Self::Lead(LeadRefusal::LeadIdInvalid(_)) => Some("/lead_id".into()),
            Self::Admin(AdminRefusal::Setting(refusal)) => Some(refusal.pointer().into()),
            _ => None,
        }
    }

    fn limit_bytes(self) -> Option<usize> {
        match self {
            Self::TooLarge(limit_bytes) => Some(limit_bytes),
            _ => None,
        }
    }

    fn limit_rows(self) -> Option<usize> {
        match self {
            Self::Batch(BatchRefusal::TooManyRows { rows_max }) => Some(rows_max),
            _ => None,
        }
    }

    /// The one place where a refusal becomes HTTP.
    fn problem(self) -> Problem {
        let (status, code, retryable, title, detail) = match self {
            Self::NotFound => (
                404,
                "not_found",
                false,
                "Nothing is here",
                "Check the path, and the id and the site that the request names.",
            ),
            Self::MethodNotAllowed(_) => (
                405,
                "method_not_allowed",
                false,
                "This path has no such method",
                "Allow names the methods it has.",
            ),
            Self::TooLarge(_) => (
                413,
                "too_large",
                false,
                "The body is too large",
                "limit_bytes says how much this path takes.",
            ),
            Self::BodyCut => (400, "body_cut", true, "The body ended early", "Send it again."),
            Self::BodySlow => (
                408,
                "body_timeout",
                true,
                "The body did not come in time",
                "Nothing of it was stored. Send it again.",
            ),
            Self::ContentEncoding => (
                415,
                "content_encoding",
                false,
                "The body is compressed",
                "Send it without Content-Encoding.",
            ),
            Self::MediaType(types) => (
                415,
                "media_type",
                false,
                "The media type is not one that is read here",
                types,
            ),
            Self::TokenInvalid => (
                401,
                "token_invalid",
                false,
                "The key is missing or wrong",
                "Send the header Authorization: Bearer <key>. The secret ADMIN_TOKEN of the deployment is such a key.",
            ),
            Self::AdminTokenUnset => (
                503,
                "admin_token_unset",
                true,
                "This deployment has no admin token",
                "Set one with `wrangler secret put ADMIN_TOKEN`, then send the request again.",
            ),
            Self::FeedPasswordInvalid => (
                401,
                "feed_password_invalid",
                false,
                "The user or the password of the feed is missing or wrong",
                "Enter the feed's user and password at the ad platform again, and check the feed's address.",
            ),
            Self::SiteUnknown => (
                404,
                "site_unknown",
                false,
                "No such site",
                "Check data-site of the script tag, or the parameter site. The collector has no site of that id.",
            ),
            Self::OriginNotAllowed => (
                403,
                "origin_not_allowed",
                false,
                "The page is not one of the site's",
                "Add the page's origin to the site's origins, as in https://www.example.com.",
            ),
            Self::BudgetSpent(_) => (
                429,
                "budget_spent",
                true,
                "The site has taken all leads of today",
                "Nothing of this one was stored, unless it was taken before. Send it again tomorrow by UTC, or raise daily_budget of the site.",
            ),
            Self::FormUnreadable => (
                400,
                "form_unreadable",
                false,
                "The form cannot be read",
                "Send it as a browser does, as application/x-www-form-urlencoded or multipart/form-data.",
            ),
            Self::RateLimited => (
                429,
                "rate_limited",
                true,
                "Too many requests from one address",
                "Nothing of this one was stored. Send it again after the time that Retry-After names.",
            ),
            Self::Admin(refusal) => return refusal.problem(),
            Self::Lead(refusal) => return lead_problem(refusal),
            Self::ConsentNotice(refusal) => return consent_notice_problem(refusal),
            Self::LeadIdReused => (
                409,
                "lead_id_reused",
                false,
                "The lead_id is taken",
                "Another lead with this lead_id was stored before and stays. Make a new lead_id for each submission.",
            ),
            Self::LeadErased => (
                410,
                "lead_erased",
                false,
                "The lead was erased",
                "Its person asked to be forgotten, so it is not stored again. Do not send it any more.",
            ),
            Self::Batch(refusal) => return batch_problem(refusal),
            Self::Webhook(refusal) => return refusal.problem(),
            Self::Storage(StorageError::Unavailable) => (
                503,
                "storage_unavailable",
                true,
                "The database does not answer",
                "Nothing was stored that was not answered for. Send the same request again.",
            ),
            Self::Storage(StorageError::Unreadable) => (
                500,
                "stored_data_unreadable",
                false,
                "The database holds what this version cannot read",
                "Apply the migrations with `wrangler d1 migrations apply DB --remote`.",
            ),
            Self::SettingInvalid => (
                500,
                "setting_invalid",
                false,
                "A setting of this destination cannot be used",
                "Check its time_zone, outcome_kinds and windows.",
            ),
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
