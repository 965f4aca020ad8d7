//! `POST v1/outcomes`: takes one outcome or an array of them. Each row is answered for; the good rows of a batch are
//! stored together, whatever the others are.

use std::collections::BTreeMap;

use attribution::limits::OUTCOMES_BODY_BYTES_MAX;
use attribution::outcome::{ReceivedRow, rows_of};
use attribution::timestamp::Timestamp;

use crate::authority::site_of;
use crate::key::Scope;
use crate::outcome_report::Report;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::{Body, Request};
use crate::store::Store;
use crate::store::database::Database;

const MEDIA_TYPES: &str = "Send application/json.";

/// The answer to a batch, and the refused rows to count.
#[derive(Debug)]
pub struct Recorded {
    /// The answer.
    pub reply: Reply,
    /// The site of the batch.
    pub site: String,
    /// How many rows each rule refused.
    pub refused: BTreeMap<&'static str, u32>,
}

/// Takes a batch of outcomes for the site that `?site=` names.
///
/// # Errors
/// When the batch as a whole cannot be taken; then nothing of it is stored.
pub async fn record<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    now: Timestamp,
) -> Result<Recorded, Refusal> {
    let site = site_of(request, store, admin_token, Scope::Outcomes).await?;
    let body = read_body(request)?;
    let zone = site.time_zone.as_ref();
    let rows = rows_of(body)?;
    let rows = rows
        .into_iter()
        .map(|row| ReceivedRow::of_json(row, zone))
        .collect();
    let mut report = Report::default();
    report.keep(store, &site.id, rows, now).await?;
    Ok(Recorded {
        reply: Reply::json(200, &report),
        refused: report.refused(),
        site: site.id,
    })
}

fn read_body(request: &Request) -> Result<&[u8], Refusal> {
    let body = match &request.body {
        Body::TooLarge => return Err(Refusal::TooLarge(OUTCOMES_BODY_BYTES_MAX)),
        Body::Cut => return Err(Refusal::BodyCut),
        Body::Whole(body) => body,
    };
    if request.is_encoded() {
        return Err(Refusal::ContentEncoding);
    }
    if request.media_type() != "application/json" {
        return Err(Refusal::MediaType(MEDIA_TYPES));
    }
    Ok(body)
}
