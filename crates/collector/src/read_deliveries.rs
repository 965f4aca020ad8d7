//! `GET v1/deliveries`: which outcome has reached which platform, and what stands in the way of the others.

use attribution::delivery::Delivery;
use attribution::limits::{LEADS_PER_PAGE_DEFAULT, LEADS_PER_PAGE_MAX, NAME_BYTES_MAX};
use attribution::timestamp::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use crate::authority::site_of;
use crate::due_judgement::judge_for_reader;
use crate::key::Scope;
use crate::refusal::{AdminRefusal, Refusal};
use crate::reply::Reply;
use crate::request::Request;
use crate::shown_delivery::{ShownCount, ShownDelivery};
use crate::store::Store;
use crate::store::database::Database;
use crate::store::ledger_reads::{DeliveryFilter, DeliveryRow};

const LIMIT: &str = "limit is a whole number from 1 to 200.";
const CURSOR: &str = "cursor is what an earlier answer gave as the next one.";
const STATE: &str = "state is due, waiting, sending, sent, fetched, confirmed, held or refused.";
const DESTINATION: &str = "destination is the id of a destination.";

#[derive(Serialize)]
struct Page {
    /// How many stand how, of all that the site has, whatever was asked for.
    counts: Vec<ShownCount>,
    deliveries: Vec<ShownDelivery>,
    /// Goes into `?cursor=` for what follows; `null` at the end.
    next_cursor: Option<String>,
}

/// A page of a site's deliveries, and how many stand how.
///
/// # Errors
/// The first rule that the request breaks.
pub async fn list<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    now: Timestamp,
) -> Result<Reply, Refusal> {
    let site = site_of(request, store, admin_token, Scope::Read).await?;
    let filter = filter(request)?;
    let count_max = limit(request)?;
    judge_for_reader(store, &site.id, None, now).await;
    let rows = store.page_of_deliveries(&site.id, &filter, count_max).await?;
    let counts = store.counts_of_deliveries(&site.id).await?;
    let last = rows.last().filter(|_| rows.len() == count_max);
    let page = Page {
        next_cursor: last.map(cursor_after),
        counts: counts.into_iter().map(ShownCount::from).collect(),
        deliveries: rows.into_iter().map(ShownDelivery::from).collect(),
    };
    Ok(Reply::json(200, &page))
}

fn filter(request: &Request) -> Result<DeliveryFilter, Refusal> {
    let mut filter = DeliveryFilter {
        state: request.query_value("state"),
        destination: request.query_value("destination"),
        ..DeliveryFilter::default()
    };
    let state = filter.state.as_deref();
    if state.is_some_and(|state| !Delivery::STATES.contains(&state)) {
        return Err(AdminRefusal::QueryInvalid(STATE).into());
    }
    let destination = filter.destination.as_deref();
    if destination.is_some_and(|id| id.is_empty() || id.len() > NAME_BYTES_MAX) {
        return Err(AdminRefusal::QueryInvalid(DESTINATION).into());
    }
    if let Some(cursor) = request.query_value("cursor") {
        let json = URL_SAFE_NO_PAD.decode(cursor).ok();
        let after = json.and_then(|json| serde_json::from_slice(&json).ok());
        filter.after = after.ok_or(AdminRefusal::QueryInvalid(CURSOR))?;
    }
    Ok(filter)
}

fn cursor_after(row: &DeliveryRow) -> String {
    let after = [&row.destination, &row.key.outcome_id, &row.key.change];
    URL_SAFE_NO_PAD.encode(serde_json::to_string(&after).unwrap_or_default())
}

fn limit(request: &Request) -> Result<usize, Refusal> {
    let Some(limit) = request.query_value("limit") else {
        return Ok(LEADS_PER_PAGE_DEFAULT);
    };
    let limit = limit
        .parse()
        .ok()
        .filter(|limit| (1..=LEADS_PER_PAGE_MAX).contains(limit));
    limit.ok_or_else(|| AdminRefusal::QueryInvalid(LIMIT).into())
}
