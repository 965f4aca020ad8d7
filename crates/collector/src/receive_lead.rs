//! `POST v1/leads`: takes one lead. 2xx means that it is committed.

use attribution::lead::ReceivedLead;
use attribution::limits::LEAD_BODY_BYTES_MAX;
use attribution::stored_lead::StoredLead;
use attribution::timestamp::Timestamp;
use serde::Serialize;

use crate::page_post::{self, Answered, RefusedPost};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::Request;
use crate::store::Store;
use crate::store::database::Database;
use crate::store::leads::KeptLead;

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
    let body = page_post::body(request, LEAD_BODY_BYTES_MAX)?;
    let received = ReceivedLead::from_json(body).map_err(Refusal::from)?;
    let site = page_post::site_of_page(request, store, received.site()).await?;
    match keep(request, store, received, now).await {
        Ok(reply) => Ok((reply, site)),
        Err(refusal) => Err(RefusedPost {
            refusal,
            site: Some(site),
        }),
    }
}

async fn keep<D: Database>(
    request: &Request,
    store: &Store<D>,
    received: ReceivedLead,
    now: Timestamp,
) -> Result<Reply, Refusal> {
    let lead = StoredLead::new(received.accept()?, now);
    let lead = lead
        .with_user_agent(request.user_agent.as_deref().unwrap_or_default())
        .suspected(false);
    let (status, result) = match store.keep_lead(&lead).await? {
        KeptLead::New => (201, "accepted"),
        KeptLead::Same => (200, "repeated"),
        KeptLead::Other => return Err(Refusal::LeadIdReused),
        KeptLead::Erased => return Err(Refusal::LeadErased),
    };
    let lead_id = lead.lead().value().submission.lead_id.as_str();
    Ok(Reply::json(status, &Receipt { lead_id, result }))
}
