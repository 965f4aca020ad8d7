//! Leads in the store.

use attribution::click_trace::ClickTrace;
use attribution::stored_lead::StoredLead;
use attribution::suspicion::Suspicion;
use attribution::timestamp::Timestamp;
use serde::Deserialize;

use super::database::{Database, Parameter, Statement, rows_of};
use super::health::{CountRow, day_of};
use super::outcomes::match_outcomes;
use super::{StorageError, Store};
use crate::authority::sha256_hex;
use crate::finder::Finder;
use crate::site::Site;

/// What became of a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptLead {
    /// It is new, and stored.
    New,
    /// The very same lead was stored before.
    Same,
    /// Another lead of the same lead_id was stored before, and stays.
    Other,
    /// It was erased, and stays away.
    Erased,
    /// Nothing was stored, because the site is no longer what the lead was judged by.
    SiteChanged,
}

impl<D: Database> Store<D> {
    /// How many leads a site has taken on the day of that moment, as far as they were counted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn leads_of_day(&self, site: &str, moment: Timestamp) -> Result<u64, StorageError> {
        let statement = Statement::repeatable(
            include_str!("queries/read_lead_count.sql"),
            vec![site.into(), day_of(moment).into()],
        );
        let rows: Vec<CountRow> = self.rows(statement).await?;
        Ok(rows.first().map_or(0, |row| row.count))
    }

    /// Stores a lead once, with the row of the outbox that says what is still to be done, gives it the outcomes that wait
    /// for it, and counts it if the site has a budget. When this returns, all of it is committed. `site` is what the lead
    /// was judged by; if its origins or its budget have changed since it was read, nothing is stored.
    ///
    /// # Errors
    /// When the database fails; then the lead may or may not be stored, and storing it again is harmless.
    pub async fn keep_lead(
        &self,
        lead: &StoredLead,
        site: &Site,
        is_counted: bool,
    ) -> Result<KeptLead, StorageError> {
        let content_sha256 = sha256_hex(&lead.lead().content());
        let lead_id = lead.lead().value().submission.lead_id.as_str();
        let finders = Finder::all_of(lead);
        let arrival = Statement::repeatable(
            include_str!("queries/insert_lead_arrival.sql"),
            vec![(&site.id).into(), lead_id.into(), Parameter::json(&finders)],
        );
        let read = Statement::repeatable(
            include_str!("queries/read_lead_content.sql"),
            vec![
                (&site.id).into(),
                lead_id.into(),
                site.origins.stored().into(),
                budget_of(site),
            ],
        );
        let end_wait = Statement::repeatable(
            include_str!("queries/end_wait_of_outcomes.sql"),
            vec![(&site.id).into(), lead_id.into()],
        );
        let mut statements = vec![insert_lead(lead, site, &content_sha256)?, arrival, read];
        if !finders.is_empty() {
            statements.push(match_outcomes(&site.id, &finders));
        }
        statements.push(end_wait);
        if is_counted {
            statements.push(count_lead(lead, site));
        }
        let mut results = self.database.batch(statements).await?.into_iter();
        let is_new = !results.next().unwrap_or_default().is_empty();
        let read: Vec<LeadContentRow> = rows_of(results.nth(1).unwrap_or_default())?;
        let read = read.into_iter().next().ok_or(StorageError::Unreadable)?;
        Ok(read.kept(is_new, &content_sha256))
    }
}

fn insert_lead(lead: &StoredLead, site: &Site, content_sha256: &str) -> Result<Statement, StorageError> {
    let json = serde_json::to_string(lead.lead()).map_err(|_| StorageError::Unreadable)?;
    let lead_id = lead.lead().value().submission.lead_id.as_str();
    let channel = lead.channel();
    Ok(Statement::repeatable(
        include_str!("queries/insert_lead.sql"),
        vec![
            (&site.id).into(),
            lead_id.into(),
            lead.received_at().into(),
            lead.first_click_at().into(),
            json.into(),
            content_sha256.into(),
            Some(lead.user_agent()).filter(|text| !text.is_empty()).into(),
            channel.label().name().into(),
            channel.reason().into(),
            lead.first_channel().label().name().into(),
            lead_sha256(&site.id, lead_id).into(),
            lead.suspicion().map(Suspicion::code).into(),
            ClickTrace::of(lead).name().into(),
            site.origins.stored().into(),
            budget_of(site),
        ],
    ))
}

/// A try that was lost after its commit counts twice, which brings the end of the day's budget one lead nearer.
fn count_lead(lead: &StoredLead, site: &Site) -> Statement {
    Statement::repeatable(
        include_str!("queries/count_lead.sql"),
        vec![
            (&site.id).into(),
            lead.lead().value().submission.lead_id.as_str().into(),
            day_of(lead.received_at()).into(),
            lead.received_at().into(),
        ],
    )
}

fn budget_of(site: &Site) -> Parameter {
    site.daily_budget
        .map_or(Parameter::Null, |budget| Parameter::Integer(i64::from(budget)))
}

/// What a tombstone keeps of a lead.
pub(super) fn lead_sha256(site: &str, lead_id: &str) -> String {
    sha256_hex(&format!("{site}/{lead_id}"))
}

#[derive(Deserialize)]
struct LeadContentRow {
    content_sha256: Option<String>,
    is_of_site: u8,
}

impl LeadContentRow {
    /// What became of a lead with this content.
    fn kept(self, is_new: bool, content_sha256: &str) -> KeptLead {
        match self.content_sha256 {
            _ if is_new => KeptLead::New,
            _ if self.is_of_site == 0 => KeptLead::SiteChanged,
            Some(held) if held == content_sha256 => KeptLead::Same,
            Some(_) => KeptLead::Other,
            // It was neither stored nor there before, and the reason can only be its tombstone.
            None => KeptLead::Erased,
        }
    }
}
