//! `POST v1/leads`: takes one lead. 2xx means that it is committed.

use attribution::lead::ReceivedLead;
use attribution::limits::LEAD_BODY_BYTES_MAX;
use attribution::stored_lead::StoredLead;
use attribution::timestamp::Timestamp;
use serde::Serialize;

use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::{Body, Request};
use crate::site::Site;
use crate::store::database::Database;
use crate::store::{KeptLead, Store};

/// `text/plain` is what the script sends: it needs no preflight, so it still leaves when the page goes away.
const MEDIA_TYPES: &str = "Send text/plain or application/json.";

/// A refused lead, and the site that it is counted for, as far as that is known.
#[derive(Debug)]
pub struct RefusedLead {
    /// Why.
    pub refusal: Refusal,
    /// The site, once the lead has named one that exists.
    pub site: Option<Site>,
}

#[derive(Serialize)]
struct Receipt<'a> {
    lead_id: &'a str,
    result: &'static str,
}

/// Takes a lead: 201 when it is new, 200 when the very same was taken before. Returns the site along with the answer,
/// because its origins decide the CORS headers.
///
/// # Errors
/// The first rule that the request breaks; then nothing is stored.
pub async fn receive<D: Database>(
    request: &Request,
    store: &Store<D>,
    now: Timestamp,
) -> Result<(Reply, Site), RefusedLead> {
    let without_site = |refusal: Refusal| RefusedLead { refusal, site: None };
    let received = read_body(request).map_err(without_site)?;
    let site = match store.site(received.site()).await {
        Ok(Some(site)) => site,
        Ok(None) => return Err(without_site(Refusal::SiteUnknown)),
        Err(error) => return Err(without_site(error.into())),
    };
    match keep(request, store, received, &site, now).await {
        Ok(reply) => Ok((reply, site)),
        Err(refusal) => Err(RefusedLead {
            refusal,
            site: Some(site),
        }),
    }
}

async fn keep<D: Database>(
    request: &Request,
    store: &Store<D>,
    received: ReceivedLead,
    site: &Site,
    now: Timestamp,
) -> Result<Reply, Refusal> {
    if !site.allows(request.origin.as_deref()) {
        return Err(Refusal::OriginNotAllowed);
    }
    let lead = StoredLead::new(received.accept()?, now);
    let (status, result) = match store.keep_lead(&lead).await? {
        KeptLead::New => (201, "accepted"),
        KeptLead::Same => (200, "repeated"),
        KeptLead::Other => return Err(Refusal::LeadIdReused),
    };
    let lead_id = lead.lead().value().lead_id.as_str();
    Ok(Reply::json(status, &Receipt { lead_id, result }))
}

fn read_body(request: &Request) -> Result<ReceivedLead, Refusal> {
    let body = match &request.body {
        Body::TooLarge => return Err(Refusal::TooLarge(LEAD_BODY_BYTES_MAX)),
        Body::Cut => return Err(Refusal::BodyCut),
        Body::Whole(body) => body,
    };
    if request.is_encoded() {
        return Err(Refusal::ContentEncoding);
    }
    if !matches!(request.media_type().as_str(), "text/plain" | "application/json") {
        return Err(Refusal::MediaType(MEDIA_TYPES));
    }
    Ok(ReceivedLead::from_json(body)?)
}
