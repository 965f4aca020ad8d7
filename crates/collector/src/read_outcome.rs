//! `GET v1/outcomes/{outcome_id}`: what was told of an outcome, whether its lead is known, and what became of it at each
//! platform.

use attribution::limits::NAME_BYTES_MAX;
use attribution::timestamp::Timestamp;
use percent_encoding::percent_decode_str;
use serde::Serialize;

use crate::authority::site_of;
use crate::due_judgement::judge_for_reader;
use crate::key::Scope;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::Request;
use crate::shown_delivery::ShownDelivery;
use crate::shown_outcome::{ShownChange, ShownOutcome};
use crate::standing::deliveries_of;
use crate::store::Store;
use crate::store::database::Database;
use crate::story::{self, Event};

#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    outcome: ShownOutcome,
    /// What was told of it later, in that order. The outcome itself stays as it was told first.
    changes: Vec<ShownChange>,
    /// Where it goes, and what became of it there.
    deliveries: Vec<ShownDelivery>,
    /// Everything that happened in order, from the first touch of its lead on.
    story: Vec<Event>,
}

/// One outcome. Its id is the teller's own, so it may stand in the path with escapes.
///
/// # Errors
/// [`Refusal::NotFound`] also for another site's outcome.
pub async fn read<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    outcome_id: &str,
    now: Timestamp,
) -> Result<Reply, Refusal> {
    let site = site_of(request, store, admin_token, Scope::Read).await?;
    let outcome_id = percent_decode_str(outcome_id).decode_utf8().ok();
    let outcome_id = outcome_id.filter(|id| id.len() <= NAME_BYTES_MAX);
    let outcome_id = outcome_id.ok_or(Refusal::NotFound)?;
    let outcome = store
        .outcome(&site.id, &outcome_id)
        .await?
        .ok_or(Refusal::NotFound)?;
    let lead_ids: Vec<String> = outcome.lead_id.iter().cloned().collect();
    let (leads, _) = store.stories(&site.id, &lead_ids, &[]).await?;
    judge_for_reader(store, &site.id, Some(&[&outcome_id]), now).await;
    let standings = store.standings(&site.id, &[&outcome_id]).await?;
    let deliveries = deliveries_of(&standings, &outcome_id, now)?;
    let changes = standings.changes;
    let outcomes = std::slice::from_ref(&outcome);
    let report = Report {
        story: story::tell(leads.first(), outcomes, &changes, &deliveries, now),
        deliveries,
        changes: changes.into_iter().map(ShownChange::from).collect(),
        outcome: outcome.into(),
    };
    Ok(Reply::json(200, &report))
}
