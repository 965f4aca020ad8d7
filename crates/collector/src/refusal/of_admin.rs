//! Refusals of whoever reads and changes what a site has set and stored.

use super::Problem;
use super::of_core::NOT_JSON;
use crate::key::Scope;
use crate::settings::SettingRefusal;

/// Why something of a site may not be read or changed so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdminRefusal {
    /// The key is not good for this.
    ScopeMissing(Scope),
    /// A page of another origin asks for a change of settings or data.
    CrossSite,
    /// The body is no JSON.
    NotJson,
    /// A setting cannot be used.
    Setting(SettingRefusal),
    /// A parameter of the query cannot be used.
    QueryInvalid(&'static str),
    /// Another site has something of that id.
    IdTaken,
    /// The site holds leads or outcomes.
    SiteInUse,
    /// The platform gave no random bytes.
    NoRandomness,
}

impl AdminRefusal {
    pub(super) fn problem(self) -> Problem {
        let (status, code, retryable, title, detail) = match self {
            Self::ScopeMissing(scope) => (
                403,
                "scope_missing",
                false,
                "The key is not good for this",
                scope_advice(scope),
            ),
            Self::CrossSite => (
                403,
                "cross_site",
                false,
                "A page of another site asks for a change",
                "Send this request from a server, or from a page of the collector's own origin.",
            ),
            Self::NotJson => return NOT_JSON,
            Self::Setting(refusal) => (
                422,
                "setting_refused",
                false,
                "A setting cannot be used",
                refusal.advice,
            ),
            Self::QueryInvalid(advice) => (
                422,
                "query_invalid",
                false,
                "A parameter of the query cannot be used",
                advice,
            ),
            Self::IdTaken => (
                409,
                "id_taken",
                false,
                "The id is taken",
                "Something of another site has this id. Choose another.",
            ),
            Self::SiteInUse => (
                409,
                "site_in_use",
                false,
                "The site still holds leads or outcomes",
                "Set its origins to [] and its retention_days to 1; when the nightly purge has emptied it, delete it.",
            ),
            Self::NoRandomness => (
                503,
                "no_randomness",
                true,
                "The platform gave no random bytes",
                "Nothing was changed. Send the same request again.",
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

fn scope_advice(scope: Scope) -> &'static str {
    match scope {
        Scope::Outcomes => "Use a key with the scope outcomes, which PUT v1/keys/{id} makes.",
        Scope::Read => "Use a key with the scope read, which PUT v1/keys/{id} makes.",
        Scope::Admin => "Use the admin token, or a key with the scope admin, which PUT v1/keys/{id} makes.",
    }
}
