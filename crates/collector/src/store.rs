//! The store's verbs, in domain words. D1 and a test's SQLite run the very same statements and read the very same rows.

use std::collections::{BTreeMap, HashMap, HashSet};

use attribution::google::conversion::LeftOut;
use attribution::outcome::Outcome;
use attribution::stored_lead::StoredLead;
use attribution::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use crate::authority::sha256_hex;
use crate::destination::{Destination, DestinationRow};
use crate::site::Site;

pub mod database; // what the store asks of a database
mod rows; // what the statements give and take
pub mod d1; // the statements on D1

pub use database::StorageError;
use database::{Database, Parameter, Statement, rows_of};
use rows::{
    CountRow, FirstClickRow, LeadContentRow, OutcomeContentRow, OutcomeIdRow, OutcomeRow, OutcomeToInsert,
    RefusedRow, SiteRow,
};

/// Outcomes read at once, so that a feed of any length fits into the Worker's memory.
const OUTCOMES_PER_PAGE: usize = 500;

/// The verbs over a database.
#[derive(Debug)]
pub struct Store<D> {
    database: D,
}

/// What became of a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptLead {
    /// It is new, and stored.
    New,
    /// The very same lead was stored before.
    Same,
    /// Another lead of the same lead_id was stored before, and stays.
    Other,
}

/// What became of the outcomes of a batch: what the store holds under each outcome_id now.
#[derive(Debug, Default)]
pub struct KeptOutcomes {
    /// The ids that are new with this batch.
    pub new: HashSet<String>,
    /// All of the batch's ids.
    pub held: HashMap<String, HeldOutcome>,
}

/// An outcome as the store holds it.
#[derive(Debug)]
pub struct HeldOutcome {
    /// Its content's hash.
    pub content_sha256: String,
    /// Whether its lead is there.
    pub has_lead: bool,
}

/// What a person asks first when something is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// How often each rule refused something, since the given day.
    pub refused: BTreeMap<String, u64>,
    /// Outcomes whose lead has not arrived.
    pub outcomes_waiting: u64,
}

/// An outcome of a feed, and its lead if it may be used.
pub type OutcomeAndLead = (Outcome, Result<StoredLead, LeftOut>);

impl<D: Database> Store<D> {
    /// A store on this database.
    pub fn new(database: D) -> Self {
        Self { database }
    }

    /// The site of that id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn site(&self, id: &str) -> Result<Option<Site>, StorageError> {
        let statement = Statement::repeatable(include_str!("store/queries/read_site.sql"), vec![id.into()]);
        let rows: Vec<SiteRow> = self.rows(statement).await?;
        rows.into_iter().next().map(SiteRow::settings).transpose()
    }

    /// Whether pages of this origin belong to any site.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn any_site_allows(&self, origin: Option<&str>) -> Result<bool, StorageError> {
        let statement = Statement::repeatable(include_str!("store/queries/list_sites.sql"), Vec::new());
        let rows: Vec<SiteRow> = self.rows(statement).await?;
        let sites: Vec<Site> = rows
            .into_iter()
            .map(SiteRow::settings)
            .collect::<Result<_, _>>()?;
        Ok(sites.iter().any(|site| site.allows(origin)))
    }

    /// Stores a lead once. When this returns, it is committed.
    ///
    /// # Errors
    /// When the database fails; then the lead may or may not be stored, and storing it again is harmless.
    pub async fn keep_lead(&self, lead: &StoredLead) -> Result<KeptLead, StorageError> {
        let json = serde_json::to_string(lead.lead()).map_err(|_| StorageError::Unreadable)?;
        let content_sha256 = sha256_hex(&json);
        let (site, lead_id) = (
            &lead.lead().value().submission.site,
            lead.lead().value().submission.lead_id.as_str(),
        );
        let insert = Statement::repeatable(
            include_str!("store/queries/insert_lead.sql"),
            vec![
                site.into(),
                lead_id.into(),
                lead.received_at().into(),
                lead.first_click_at().into(),
                json.into(),
                content_sha256.as_str().into(),
                Some(lead.user_agent()).filter(|text| !text.is_empty()).into(),
                lead.channel().label().name().into(),
                lead.channel().reason().into(),
                lead.first_channel().label().name().into(),
            ],
        );
        let read = Statement::repeatable(
            include_str!("store/queries/read_lead_content.sql"),
            vec![site.into(), lead_id.into()],
        );
        let mut results = self.database.batch(vec![insert, read]).await?.into_iter();
        let inserted = results.next().unwrap_or_default();
        let held: Vec<LeadContentRow> = rows_of(results.next().unwrap_or_default())?;
        match held.first() {
            Some(_) if !inserted.is_empty() => Ok(KeptLead::New),
            Some(held) if held.content_sha256 == content_sha256 => Ok(KeptLead::Same),
            Some(_) => Ok(KeptLead::Other),
            None => Err(StorageError::Unavailable),
        }
    }

    /// The first ad click of each of these leads that is stored.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn first_clicks(
        &self,
        site: &str,
        lead_ids: &[&str],
    ) -> Result<HashMap<String, Option<Timestamp>>, StorageError> {
        let statement = Statement::repeatable(
            include_str!("store/queries/read_first_clicks.sql"),
            vec![site.into(), Parameter::json(&lead_ids)],
        );
        let rows: Vec<FirstClickRow> = self.rows(statement).await?;
        Ok(rows
            .into_iter()
            .map(|row| (row.lead_id, row.first_click_at_ms.map(Timestamp::from_ms)))
            .collect())
    }

    /// Stores outcomes, each once. When this returns, they are committed, all or none.
    ///
    /// # Errors
    /// When the database fails; storing them again is harmless.
    pub async fn keep_outcomes(
        &self,
        site: &str,
        outcomes: &[&Outcome],
        received_at: Timestamp,
    ) -> Result<KeptOutcomes, StorageError> {
        if outcomes.is_empty() {
            return Ok(KeptOutcomes::default());
        }
        let rows: Vec<OutcomeToInsert<'_>> = outcomes
            .iter()
            .map(|outcome| OutcomeToInsert::of(outcome))
            .collect();
        let json = Parameter::json(&rows);
        let insert = Statement::repeatable(
            include_str!("store/queries/insert_outcomes.sql"),
            vec![site.into(), received_at.into(), json.clone()],
        );
        let read = Statement::repeatable(
            include_str!("store/queries/read_outcome_contents.sql"),
            vec![site.into(), json],
        );
        let mut results = self.database.batch(vec![insert, read]).await?.into_iter();
        let inserted: Vec<OutcomeIdRow> = rows_of(results.next().unwrap_or_default())?;
        let held: Vec<OutcomeContentRow> = rows_of(results.next().unwrap_or_default())?;
        Ok(KeptOutcomes {
            new: inserted.into_iter().map(|row| row.outcome_id).collect(),
            held: held.into_iter().map(OutcomeContentRow::held).collect(),
        })
    }

    /// The destination of that id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn destination(&self, id: &str) -> Result<Option<DestinationRow>, StorageError> {
        let statement = Statement::repeatable(
            include_str!("store/queries/read_destination.sql"),
            vec![id.into()],
        );
        Ok(self.rows(statement).await?.into_iter().next())
    }

    /// A page of the outcomes that a destination takes, in the order of their ids, each with its lead. The last page
    /// is empty.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page_of_outcomes(
        &self,
        destination: &Destination,
        after_outcome_id: &str,
        since: Timestamp,
    ) -> Result<Vec<OutcomeAndLead>, StorageError> {
        let statement = Statement::repeatable(
            include_str!("store/queries/page_outcomes_with_leads.sql"),
            vec![
                destination.site.as_str().into(),
                after_outcome_id.into(),
                since.into(),
                Parameter::json(&destination.outcome_kinds),
                Parameter::Integer(OUTCOMES_PER_PAGE as i64),
            ],
        );
        let rows: Vec<OutcomeRow> = self.rows(statement).await?;
        rows.into_iter().map(OutcomeRow::outcome_and_lead).collect()
    }

    /// Counts refusals by reason. Nothing else of them is kept.
    ///
    /// # Errors
    /// When the database fails; the counts are then too low by these.
    pub async fn count_refusals(
        &self,
        site: &str,
        route: &'static str,
        counts: &BTreeMap<&'static str, u32>,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let day = day_of(now);
        let statements = counts.iter().map(|(code, count)| {
            let count = Parameter::Integer(i64::from(*count));
            let parameters = vec![
                site.into(),
                day.as_str().into(),
                route.into(),
                (*code).into(),
                count,
            ];
            Statement::once(include_str!("store/queries/count_refusals.sql"), parameters)
        });
        let statements: Vec<Statement> = statements.collect();
        if !statements.is_empty() {
            self.database.batch(statements).await?;
        }
        Ok(())
    }

    /// What was refused since a day, and what waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn health(&self, since: Timestamp) -> Result<Health, StorageError> {
        let sum = Statement::repeatable(
            include_str!("store/queries/sum_refusals.sql"),
            vec![day_of(since).into()],
        );
        let waiting = Statement::repeatable(
            include_str!("store/queries/count_waiting_outcomes.sql"),
            Vec::new(),
        );
        let mut results = self.database.batch(vec![sum, waiting]).await?.into_iter();
        let refused: Vec<RefusedRow> = rows_of(results.next().unwrap_or_default())?;
        let waiting: Vec<CountRow> = rows_of(results.next().unwrap_or_default())?;
        Ok(Health {
            refused: refused.into_iter().map(|row| (row.code, row.count)).collect(),
            outcomes_waiting: waiting.first().map_or(0, |row| row.count),
        })
    }

    async fn rows<T: for<'de> Deserialize<'de>>(&self, statement: Statement) -> Result<Vec<T>, StorageError> {
        rows_of(
            self.database
                .batch(vec![statement])
                .await?
                .into_iter()
                .next()
                .unwrap_or_default(),
        )
    }
}

/// The UTC date of a moment, `2026-11-23`.
fn day_of(moment: Timestamp) -> String {
    moment.to_rfc3339().chars().take("2026-11-23".len()).collect()
}

/// The hash that tells a repetition of an outcome from another use of its id.
#[must_use]
pub fn content_sha256(outcome: &Outcome) -> String {
    sha256_hex(&outcome.content())
}
