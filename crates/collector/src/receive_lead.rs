//! `POST v1/leads`: takes one lead. 2xx means that it is committed.

use attribution::lead::ReceivedLead;
use attribution::limits::LEAD_BODY_BYTES_MAX;
use attribution::stored_lead::StoredLead;
use attribution::timestamp::{DAY_MS, SECOND_MS, Timestamp};
use serde::Serialize;

use crate::page_post::{self, Answered, RefusedPost};
use crate::receive_form;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::{Limits, Request};
use crate::site::Site;
use crate::store::database::Database;
use crate::store::leads::KeptLead;
use crate::store::{StorageError, Store};

#[derive(Serialize)]
struct Receipt<'a> {
    lead_id: &'a str,
    result: &'static str,
}

/// Takes a lead: 201 when it is new, 200 when the very same was taken before.
///
/// # Errors
/// The first rule that the request breaks; then nothing is stored.
pub async fn receive<D: Database>(request: &Request, store: &Store<D>, now: Timestamp) -> Answered {
    if receive_form::is_form(request) {
        return receive_form::receive(request, store, now).await;
    }
    let body = page_post::body(request, LEAD_BODY_BYTES_MAX)?;
    let read = || ReceivedLead::from_json(body).map_err(Refusal::from);
    let mut received = read()?;
    let origin = request.origin.as_deref();
    // Reading the site takes as long as storing the lead does, so what is known of it is tried first, and believed only
    // by the store itself.
    if let Some(site) = store.known_site(received.site())
        && site.allows(origin)
    {
        match answer(request, store, &site, received, now).await {
            Ok(Some(reply)) => return Ok((reply, site)),
            Err(refusal @ Refusal::Storage(_)) => return Err(RefusedPost::of(refusal, site)),
            Ok(None) | Err(_) => received = read()?,
        }
    }
    let site = page_post::site_of_page(origin, store, received.site()).await?;
    match answer(request, store, &site, received, now).await {
        Ok(Some(reply)) => Ok((reply, site)),
        Ok(None) => Err(RefusedPost::of(StorageError::Unavailable.into(), site)),
        Err(refusal) => Err(RefusedPost::of(refusal, site)),
    }
}

/// `None` where the site has changed since it was read.
async fn answer<D: Database>(
    request: &Request,
    store: &Store<D>,
    site: &Site,
    received: ReceivedLead,
    now: Timestamp,
) -> Result<Option<Reply>, Refusal> {
    let lead = check(request, received, now)?.suspected(false);
    let (status, result) = match keep(request, store, site, &lead).await? {
        KeptLead::New => (201, "accepted"),
        KeptLead::Same => (200, "repeated"),
        KeptLead::Other => return Err(Refusal::LeadIdReused),
        KeptLead::Erased => return Err(Refusal::LeadErased),
        KeptLead::SiteChanged => return Ok(None),
    };
    let lead_id = lead.lead().value().submission.lead_id.as_str();
    Ok(Some(Reply::json(status, &Receipt { lead_id, result })))
}

/// A lead as it may be stored, however it was sent.
pub(crate) fn check(
    request: &Request,
    received: ReceivedLead,
    now: Timestamp,
) -> Result<StoredLead, Refusal> {
    let sec_gpc = request.sec_gpc.as_deref().unwrap_or_default();
    let lead = StoredLead::new(received.heed(sec_gpc)?.accept()?, now);
    Ok(lead.with_user_agent(request.user_agent.as_deref().unwrap_or_default()))
}

/// Stores a lead of this site, if the site still takes leads today. The budget may be overrun by as many leads as are
/// under way at once.
pub(crate) async fn keep<D: Database>(
    request: &Request,
    store: &Store<D>,
    site: &Site,
    lead: &StoredLead,
) -> Result<KeptLead, Refusal> {
    let now = lead.received_at();
    let budget = site.daily_budget.filter(|_| request.limits != Limits::Off);
    if let Some(budget) = budget
        && store.leads_of_day(&site.id, now).await? >= u64::from(budget)
    {
        return Err(Refusal::BudgetSpent(seconds_left_of_day(now)));
    }
    Ok(store.keep_lead(lead, site, budget.is_some()).await?)
}

/// Seconds until the next day of UTC begins.
fn seconds_left_of_day(now: Timestamp) -> u32 {
    let left_ms = DAY_MS - now.ms() % DAY_MS;
    u32::try_from((left_ms + SECOND_MS - 1) / SECOND_MS).unwrap_or_default()
}
