//! `GET v1/leads`, `v1/leads/{lead_id}` and `v1/leads.csv`: what was stored, for whoever has a key to read.

use attribution::lead::LeadRefusal;
use attribution::lead_id::LeadId;
use attribution::limits::{
    LEAD_FILE_BYTES_MAX, LEADS_PER_FILE_MAX, LEADS_PER_FILE_PAGE, LEADS_PER_PAGE_DEFAULT, LEADS_PER_PAGE_MAX,
};
use attribution::timestamp::Timestamp;
use percent_encoding::percent_decode_str;
use serde::Serialize;

use crate::authority::site_of;
use crate::due_judgement::judge_for_reader;
use crate::key::Scope;
use crate::lead_file::LeadFile;
use crate::refusal::{AdminRefusal, Refusal};
use crate::reply::Reply;
use crate::request::Request;
use crate::shown_delivery::ShownDelivery;
use crate::shown_lead::ShownLead;
use crate::shown_outcome::{ShownChange, ShownOutcome};
use crate::standing::deliveries_of;
use crate::store::database::Database;
use crate::store::stories::Cursor;
use crate::store::{StorageError, Store};
use crate::story::{self, Event};

const LIMIT: &str = "limit is a whole number from 1 to 200.";
const FILE_LIMIT: &str = "limit is a whole number from 1 to 10000.";
const CURSOR: &str = "cursor is what an earlier answer gave as the next one.";

#[derive(Serialize)]
struct Page {
    leads: Vec<ShownLead>,
    /// Goes into `?cursor=` for what is older; `null` at the end.
    next_cursor: Option<String>,
}

#[derive(Serialize)]
struct Story {
    #[serde(flatten)]
    lead: ShownLead,
    /// In the order in which they happened.
    outcomes: Vec<ShownOutcome>,
    /// What was told of the outcomes later, in that order.
    changes: Vec<ShownChange>,
    /// Where the outcomes go, and what became of them there.
    deliveries: Vec<ShownDelivery>,
    /// All of it in order, from the first touch on.
    story: Vec<Event>,
}

/// A page of a site's leads, newest first.
///
/// # Errors
/// The first rule that the request breaks.
pub async fn list<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
) -> Result<Reply, Refusal> {
    let site = site_of(request, store, admin_token, Scope::Read).await?;
    let count_max = limit(request, LEADS_PER_PAGE_DEFAULT, LEADS_PER_PAGE_MAX, LIMIT)?;
    let rows = store
        .page_of_leads(&site.id, &cursor(request)?, count_max)
        .await?;
    let last = rows.last().filter(|_| rows.len() == count_max);
    let page = Page {
        next_cursor: last.map(|row| Cursor::after(row).write()),
        leads: rows.into_iter().map(ShownLead::from).collect(),
    };
    Ok(Reply::json(200, &page))
}

/// One lead with its touches, its consent and its outcomes.
///
/// # Errors
/// [`Refusal::NotFound`] also for another site's lead; a lead_id that cannot be one says why.
pub async fn story<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    lead_id: &str,
    now: Timestamp,
) -> Result<Reply, Refusal> {
    let site = site_of(request, store, admin_token, Scope::Read).await?;
    // Written with blanks, it stands in a path with escapes.
    let lead_id = percent_decode_str(lead_id).decode_utf8_lossy();
    let lead_id = LeadId::parse(&lead_id).map_err(LeadRefusal::LeadIdInvalid)?;
    let (leads, outcomes) = store
        .stories(&site.id, &[lead_id.as_str().to_owned()], &[])
        .await?;
    let lead = leads.into_iter().next().ok_or(Refusal::NotFound)?;
    let outcome_ids: Vec<&str> = outcomes.iter().map(|row| row.outcome_id.as_str()).collect();
    judge_for_reader(store, &site.id, Some(&outcome_ids), now).await;
    let standings = store.standings(&site.id, &outcome_ids).await?;
    let mut deliveries = Vec::new();
    for outcome_id in outcome_ids {
        deliveries.extend(deliveries_of(&standings, outcome_id, now)?);
    }
    let changes = standings.changes;
    let story = Story {
        story: story::tell(Some(&lead), &outcomes, &changes, &deliveries, now),
        lead: lead.into(),
        outcomes: outcomes.into_iter().map(ShownOutcome::from).collect(),
        changes: changes.into_iter().map(ShownChange::from).collect(),
        deliveries,
    };
    Ok(Reply::json(200, &story))
}

/// A site's leads as a file for a spreadsheet, newest first. It is read page by page and ends where the Worker's memory
/// would, with the cursor of what is older.
///
/// # Errors
/// The first rule that the request breaks.
pub async fn file<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
) -> Result<Reply, Refusal> {
    let site = site_of(request, store, admin_token, Scope::Read).await?;
    let count_max = limit(request, LEADS_PER_FILE_MAX, LEADS_PER_FILE_MAX, FILE_LIMIT)?;
    let mut cursor = cursor(request)?;
    let mut file = LeadFile::new().map_err(unwritable)?;
    let mut is_at_the_end = false;
    while !is_at_the_end && file.rows() < count_max && file.bytes() < LEAD_FILE_BYTES_MAX {
        let asked = LEADS_PER_FILE_PAGE.min(count_max - file.rows());
        let rows = store.page_of_leads(&site.id, &cursor, asked).await?;
        for row in &rows {
            file.add(row).map_err(unwritable)?;
        }
        is_at_the_end = rows.len() < asked;
        cursor = rows.last().map_or(cursor, Cursor::after);
    }
    let rows = file.rows().to_string();
    let reply = Reply::new(200, "text/csv; charset=utf-8", file.finish().map_err(unwritable)?);
    let reply = reply
        .with_header("Content-Disposition", "attachment; filename=\"leads.csv\"")
        .with_header("Throughline-Rows", rows);
    Ok(if is_at_the_end {
        reply
    } else {
        reply.with_header("Throughline-Next-Cursor", cursor.write())
    })
}

/// The library writes into memory, which takes everything; but it does not promise it.
fn unwritable(_: csv::Error) -> StorageError {
    StorageError::Unreadable
}

fn limit(
    request: &Request,
    default: usize,
    count_max: usize,
    advice: &'static str,
) -> Result<usize, AdminRefusal> {
    let Some(text) = request.query_value("limit") else {
        return Ok(default);
    };
    let number = text.parse().ok();
    number
        .filter(|number| (1..=count_max).contains(number))
        .ok_or(AdminRefusal::QueryInvalid(advice))
}

fn cursor(request: &Request) -> Result<Cursor, AdminRefusal> {
    match request.query_value("cursor") {
        Some(text) => Cursor::parse(&text).ok_or(AdminRefusal::QueryInvalid(CURSOR)),
        None => Ok(Cursor::start()),
    }
}
