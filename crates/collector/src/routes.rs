//! Which room answers a request, and what every answer has in common.

use std::collections::BTreeMap;

use attribution::timestamp::Timestamp;

use crate::destination_trial::Platforms;
use crate::network::Network;
use crate::receive_webhook::SecretOf;
use crate::refusal::{AdminRefusal, Refusal};
use crate::reply::Reply;
use crate::request::{Limits, Request};
use crate::route::Route;
use crate::site::{preflight, with_cors};
use crate::store::database::Database;
use crate::store::{StorageError, Store};
use crate::{
    destination_settings, erase_person, health, key_settings, read_deliveries, read_diagnostics, read_leads,
    read_outcome, receive_consent, receive_lead, receive_webhook, record_outcomes, serve_feed, show_person,
    site_settings, webhook_settings,
};

/// Answers a request. Every refusal of a route is counted by its reason; an unknown path is nobody's lead or outcome, and
/// counting it would let any scanner write rows.
pub async fn answer<D: Database, N: Network>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    secret_of: &SecretOf<'_>,
    platforms: &Platforms<'_, N>,
    now: Timestamp,
) -> Reply {
    let only_reads = matches!(request.method.as_str(), "GET" | "HEAD");
    let reply = match Route::of(&request.path) {
        Some(route @ (Route::Leads | Route::Consent)) if !only_reads => {
            answer_page(request, store, route, now).await
        }
        Some(route) => {
            let answered = answer_others(request, store, route, admin_token, secret_of, platforms, now).await;
            match answered {
                Ok(reply) => reply,
                Err(refusal) => {
                    count(store, "", route, refusal, now).await;
                    refusal.reply(&request.request_id)
                }
            }
        }
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
        _ if request.limits == Limits::Exceeded => Err(Refusal::RateLimited.into()),
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

async fn answer_others<D: Database, N: Network>(
    request: &Request,
    store: &Store<D>,
    route: Route<'_>,
    admin_token: Option<&str>,
    secret_of: &SecretOf<'_>,
    platforms: &Platforms<'_, N>,
    now: Timestamp,
) -> Result<Reply, Refusal> {
    if !route.has(&request.method) {
        return Err(Refusal::MethodNotAllowed(route.methods()));
    }
    let only_reads = matches!(request.method.as_str(), "GET" | "HEAD");
    if !only_reads && request.is_cross_site() {
        return Err(AdminRefusal::CrossSite.into());
    }
    match (request.method.as_str(), route) {
        ("POST", Route::Outcomes) => {
            let recorded = record_outcomes::record(request, store, admin_token, now).await?;
            count_all(store, &recorded.site, route, &recorded.refused, now).await;
            Ok(recorded.reply)
        }
        ("POST", Route::Webhook(source)) => {
            let received = receive_webhook::receive(request, store, source, secret_of, now).await?;
            count_all(store, &received.site, route, &received.refused, now).await;
            Ok(received.reply)
        }
        ("PUT", Route::Webhook(source)) => {
            webhook_settings::put(request, store, admin_token, source, secret_of).await
        }
        ("GET" | "HEAD", Route::Webhook(source)) => {
            webhook_settings::get(request, store, admin_token, source, secret_of).await
        }
        ("DELETE", Route::Webhook(source)) => {
            webhook_settings::delete(request, store, admin_token, source).await
        }
        (_, Route::Site(_) | Route::Key(_) | Route::Destination(_)) => {
            answer_settings(request, store, route, admin_token, platforms, now).await
        }
        ("GET" | "HEAD", Route::Deliveries) => read_deliveries::list(request, store, admin_token, now).await,
        ("GET" | "HEAD", Route::Diagnostics) => {
            read_diagnostics::read(request, store, admin_token, now).await
        }
        ("GET" | "HEAD", Route::Outcome(outcome_id)) => {
            read_outcome::read(request, store, admin_token, outcome_id, now).await
        }
        ("POST", Route::Access) => show_person::show(request, store, admin_token).await,
        ("POST", Route::Erasures) => erase_person::erase(request, store, admin_token, now).await,
        ("GET" | "HEAD", Route::Leads) => read_leads::list(request, store, admin_token).await,
        ("GET" | "HEAD", Route::Lead(lead_id)) => {
            read_leads::story(request, store, admin_token, lead_id, now).await
        }
        ("GET" | "HEAD", Route::LeadFile) => read_leads::file(request, store, admin_token).await,
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

async fn answer_settings<D: Database, N: Network>(
    request: &Request,
    store: &Store<D>,
    route: Route<'_>,
    admin_token: Option<&str>,
    platforms: &Platforms<'_, N>,
    now: Timestamp,
) -> Result<Reply, Refusal> {
    match (request.method.as_str(), route) {
        ("PUT", Route::Site(id)) => site_settings::put(request, store, admin_token, id).await,
        ("GET" | "HEAD", Route::Site(id)) => site_settings::get(request, store, admin_token, id).await,
        ("DELETE", Route::Site(id)) => site_settings::delete(request, store, admin_token, id).await,
        ("PUT", Route::Key(id)) => key_settings::put(request, store, admin_token, id, now).await,
        ("GET" | "HEAD", Route::Key(id)) => key_settings::get(request, store, admin_token, id).await,
        ("DELETE", Route::Key(id)) => key_settings::delete(request, store, admin_token, id).await,
        ("PUT", Route::Destination(id)) => {
            destination_settings::put(request, store, admin_token, platforms, id, now).await
        }
        ("GET" | "HEAD", Route::Destination(id)) => {
            destination_settings::get(request, store, admin_token, id).await
        }
        ("DELETE", Route::Destination(id)) => {
            destination_settings::delete(request, store, admin_token, id).await
        }
        _ => Err(Refusal::MethodNotAllowed(route.methods())),
    }
}

/// Before a request has named its site, the origins of all sites decide whether a page may read the refusal.
async fn allowed_by_any<'a, D: Database>(store: &Store<D>, origin: Option<&'a str>) -> Option<&'a str> {
    let is_allowed = store.any_site_allows(origin).await.unwrap_or(false);
    origin.filter(|_| is_allowed)
}

/// A flood is not counted, because each count is a written row; and a store that has just failed is not asked to write
/// that down. The log has a line for each.
async fn count<D: Database>(
    store: &Store<D>,
    site: &str,
    route: Route<'_>,
    refusal: Refusal,
    now: Timestamp,
) {
    if matches!(
        refusal,
        Refusal::RateLimited | Refusal::Storage(StorageError::Unavailable)
    ) {
        return;
    }
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
