//! `POST v1/erasures`: forgets a person. What was stored of them is deleted, what waited for delivery waits no longer, and
//! a lead of theirs that some browser still holds is not taken again.

use attribution::limits::PERSON_LEADS_MAX;
use attribution::timestamp::Timestamp;
use serde::Serialize;

use crate::authority::site_of;
use crate::key::Scope;
use crate::person::Person;
use crate::refusal::{AdminRefusal, Refusal};
use crate::reply::Reply;
use crate::request::Request;
use crate::store::Store;
use crate::store::database::Database;
use crate::store::persons::{Erasure, Receipt};

#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    receipt: Receipt,
    /// Whether nothing of the person is left. An address that thousands of leads share takes several requests.
    is_complete: bool,
}

/// Forgets the person whom the body names, and answers with a receipt. Asking again is harmless.
///
/// # Errors
/// [`Refusal::NotFound`] where nothing of the named lead is stored and it was not erased before; should it still come, it
/// is refused all the same.
pub async fn erase<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    now: Timestamp,
) -> Result<Reply, Refusal> {
    let site = site_of(request, store, admin_token, Scope::Admin).await?;
    let person = Person::of(request)?;
    let random = request.random.ok_or(AdminRefusal::NoRandomness)?;
    let lead_ids = store.leads_of_person(&site.id, &person, PERSON_LEADS_MAX).await?;
    let is_complete = lead_ids.len() < PERSON_LEADS_MAX;
    let erasure = Erasure {
        erasure_id: hex::encode(random),
        asked_by: person.asked_by(),
        finders: person.finders(),
        lead_ids,
        erased_at: now,
    };
    let (receipt, was_erased) = store.erase(&site.id, &erasure).await?;
    let is_unknown_lead = matches!(person, Person::Lead(_)) && receipt.is_of_nothing() && !was_erased;
    if is_unknown_lead {
        return Err(Refusal::NotFound);
    }
    Ok(Reply::json(200, &Report { receipt, is_complete }))
}
