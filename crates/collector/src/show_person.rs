//! `POST v1/access`: everything that is kept about a person, for whoever has to tell them.

use attribution::limits::PERSON_LEADS_MAX;
use serde::Serialize;

use crate::authority::site_of;
use crate::key::Scope;
use crate::person::Person;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::Request;
use crate::shown_delivery::ShownDelivery;
use crate::shown_lead::ShownLead;
use crate::shown_outcome::{ShownChange, ShownOutcome};
use crate::store::Store;
use crate::store::database::Database;

#[derive(Serialize)]
struct Report {
    leads: Vec<ShownLead>,
    /// Of these leads, and those that were told by the person's address. In the order in which they happened.
    outcomes: Vec<ShownOutcome>,
    /// What was told of these outcomes later.
    changes: Vec<ShownChange>,
    /// What is written down of them for each platform: to whom they were given, and what stood in the way.
    deliveries: Vec<ShownDelivery>,
    /// Whether this is everything. An address that thousands of leads share is better looked up lead by lead.
    is_complete: bool,
}

/// What is kept about the person whom the body names. The name stands in the body, so that no address holds it.
///
/// # Errors
/// [`Refusal::NotFound`] where nothing of the named lead is stored.
pub async fn show<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
) -> Result<Reply, Refusal> {
    let site = site_of(request, store, admin_token, Scope::Read).await?;
    let person = Person::of(request)?;
    let lead_ids = store.leads_of_person(&site.id, &person, PERSON_LEADS_MAX).await?;
    let (leads, outcomes) = store.stories(&site.id, &lead_ids, person.finders()).await?;
    if matches!(person, Person::Lead(_)) && leads.is_empty() && outcomes.is_empty() {
        return Err(Refusal::NotFound);
    }
    let outcome_ids: Vec<&str> = outcomes.iter().map(|row| row.outcome_id.as_str()).collect();
    let (changes, deliveries) = store.told_later(&site.id, &outcome_ids).await?;
    let report = Report {
        changes: changes.into_iter().map(ShownChange::from).collect(),
        deliveries: deliveries.into_iter().map(ShownDelivery::from).collect(),
        leads: leads.into_iter().map(ShownLead::from).collect(),
        outcomes: outcomes.into_iter().map(ShownOutcome::from).collect(),
        is_complete: lead_ids.len() < PERSON_LEADS_MAX,
    };
    Ok(Reply::json(200, &report))
}
