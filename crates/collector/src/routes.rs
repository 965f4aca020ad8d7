//! Which room a request belongs to, and what every answer has in common.

use std::collections::BTreeMap;

use attribution::limits::{CONSENT_NOTICE_BODY_BYTES_MAX, LEAD_BODY_BYTES_MAX, OUTCOMES_BODY_BYTES_MAX};
use attribution::timestamp::Timestamp;

use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::Request;
use crate::site::{preflight, with_cors};
use crate::store::Store;
use crate::store::database::Database;
use crate::{health, receive_consent, receive_lead, record_outcomes, serve_feed};

/// Everything is served under this folder, so that a route of the site's own host works as well as a bare one.
const FOLDER: &str = "/throughline/";

/// A path that is ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route<'a> {
    /// `v1/leads`
    Leads,
    /// `v1/consent`
    Consent,
    /// `v1/outcomes`
    Outcomes,
    /// `feeds/{destination}/{name}.csv`
    Feed {
        /// Whose file.
        destination: &'a str,
        /// Which file, without its ending.
        file_name: &'a str,
    },
    /// `health`
    Health,
}

impl<'a> Route<'a> {
    /// The route of a path.
    #[must_use]
    pub fn of(path: &'a str) -> Option<Self> {
        let path = path.strip_prefix(FOLDER)?;
        match path {
            "v1/leads" => Some(Self::Leads),
            "v1/consent" => Some(Self::Consent),
            "v1/outcomes" => Some(Self::Outcomes),
            "health" => Some(Self::Health),
            _ => {
                let (destination, file) = path.strip_prefix("feeds/")?.split_once('/')?;
                let file_name = file.strip_suffix(".csv")?;
                let is_one_segment = !destination.is_empty() && !file_name.contains('/');
                is_one_segment.then_some(Self::Feed {
                    destination,
                    file_name,
                })
            }
        }
    }

    /// How the route is named in the counts of refusals.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Leads => "v1/leads",
            Self::Consent => "v1/consent",
            Self::Outcomes => "v1/outcomes",
            Self::Feed { .. } => "feeds",
            Self::Health => "health",
        }
    }

    /// The longest body that the route reads.
    #[must_use]
    pub fn body_bytes_max(self) -> usize {
        match self {
            Self::Leads => LEAD_BODY_BYTES_MAX,
            Self::Consent => CONSENT_NOTICE_BODY_BYTES_MAX,
            Self::Outcomes => OUTCOMES_BODY_BYTES_MAX,
            Self::Feed { .. } | Self::Health => 0,
        }
    }

    fn methods(self) -> &'static str {
        match self {
            Self::Leads | Self::Consent => "POST, OPTIONS",
            Self::Outcomes => "POST",
            Self::Feed { .. } | Self::Health => "GET, HEAD",
        }
    }
}

/// Answers a request. Every refusal of a route is counted by its reason; an unknown path is nobody's lead or outcome, and
/// counting it would let any scanner write rows.
pub async fn answer<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    now: Timestamp,
) -> Reply {
    let reply = match Route::of(&request.path) {
        Some(route @ (Route::Leads | Route::Consent)) => answer_page(request, store, route, now).await,
        Some(route) => match answer_others(request, store, route, admin_token, now).await {
            Ok(reply) => reply,
            Err(refusal) => {
                count(store, "", route, refusal, now).await;
                refusal.reply(&request.request_id)
            }
        },
        None => Refusal::NotFound.reply(&request.request_id),
    };
    reply
        .with_header("X-Request-Id", request.request_id.clone())
        .with_header("Cache-Control", "no-store")
        .with_header("X-Content-Type-Options", "nosniff")
}

/// The routes that pages of other origins use: their answers have CORS headers, refusals too.
async fn answer_page<D: Database>(
    request: &Request,
    store: &Store<D>,
    route: Route<'_>,
    now: Timestamp,
) -> Reply {
    let origin = request.origin.as_deref();
    let answered = match (request.method.as_str(), route) {
        ("OPTIONS", _) => return preflight(allowed_by_any(store, origin).await),
        ("POST", Route::Leads) => receive_lead::receive(request, store, now).await,
        ("POST", Route::Consent) => receive_consent::receive(request, store, now).await,
        _ => Err(Refusal::MethodNotAllowed(route.methods()).into()),
    };
    let (result, site) = match answered {
        Ok((reply, site)) => (Ok(reply), Some(site)),
        Err(refused) => (Err(refused.refusal), refused.site),
    };
    let allowed_origin = match &site {
        Some(site) => origin.filter(|_| site.allows(origin)),
        None => allowed_by_any(store, origin).await,
    };
    let reply = match result {
        Ok(reply) => reply,
        Err(refusal) => {
            let site = site.as_ref().map_or("", |site| site.id.as_str());
            count(store, site, route, refusal, now).await;
            refusal.reply(&request.request_id)
        }
    };
    with_cors(reply, allowed_origin)
}

async fn answer_others<D: Database>(
    request: &Request,
    store: &Store<D>,
    route: Route<'_>,
    admin_token: Option<&str>,
    now: Timestamp,
) -> Result<Reply, Refusal> {
    match (request.method.as_str(), route) {
        ("POST", Route::Outcomes) => {
            let recorded = record_outcomes::record(request, store, admin_token, now).await?;
            count_all(store, &recorded.site, route, &recorded.refused, now).await;
            Ok(recorded.reply)
        }
        (
            "GET" | "HEAD",
            Route::Feed {
                destination,
                file_name,
            },
        ) => serve_feed::serve(request, store, destination, file_name, now).await,
        ("GET" | "HEAD", Route::Health) => health::report(store, now).await,
        _ => Err(Refusal::MethodNotAllowed(route.methods())),
    }
}

/// Before a request has named its site, the origins of all sites decide whether a page may read the refusal.
async fn allowed_by_any<'a, D: Database>(store: &Store<D>, origin: Option<&'a str>) -> Option<&'a str> {
    let is_allowed = store.any_site_allows(origin).await.unwrap_or(false);
    origin.filter(|_| is_allowed)
}

async fn count<D: Database>(
    store: &Store<D>,
    site: &str,
    route: Route<'_>,
    refusal: Refusal,
    now: Timestamp,
) {
    count_all(store, site, route, &BTreeMap::from([(refusal.code(), 1)]), now).await;
}

/// A count that cannot be stored changes no answer: the refusal itself has reached its sender.
async fn count_all<D: Database>(
    store: &Store<D>,
    site: &str,
    route: Route<'_>,
    counts: &BTreeMap<&'static str, u32>,
    now: Timestamp,
) {
    let _ = store.count_refusals(site, route.name(), counts, now).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_paths_are_ours() {
        let feed = |destination, file_name| {
            Some(Route::Feed {
                destination,
                file_name,
            })
        };
        let table = [
            ("/throughline/v1/leads", Some(Route::Leads)),
            ("/throughline/v1/consent", Some(Route::Consent)),
            ("/throughline/v1/outcomes", Some(Route::Outcomes)),
            ("/throughline/health", Some(Route::Health)),
            (
                "/throughline/feeds/google-demo/conversions.csv",
                feed("google-demo", "conversions"),
            ),
            ("/throughline/feeds/google-demo/a/b.csv", None),
            ("/throughline/feeds//conversions.csv", None),
            ("/throughline/feeds/google-demo/conversions.tsv", None),
            ("/throughline/feeds/google-demo", None),
            ("/throughline/v1/leads/", None),
            ("/throughline//v1/leads", None),
            ("/v1/leads", None),
            ("/throughline/", None),
            ("/", None),
            ("", None),
        ];
        for (path, expected) in table {
            assert_eq!(Route::of(path), expected, "{path}");
        }
    }
}
