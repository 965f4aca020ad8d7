//! What is stored of one person, and its end.

use attribution::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use super::database::{Database, Parameter, Statement, rows_of};
use super::leads::lead_sha256;
use super::{StorageError, Store};
use crate::finder::Finder;
use crate::person::Person;

/// What is to be deleted, and how the receipt names it.
#[derive(Clone, Debug)]
pub struct Erasure<'a> {
    /// The number of the receipt.
    pub erasure_id: String,
    /// By what the person was named.
    pub asked_by: &'static str,
    /// The person's leads. One that is not stored is kept from coming.
    pub lead_ids: Vec<String>,
    /// What else the person's outcomes are found by.
    pub finders: &'a [Finder],
    /// The collector's clock.
    pub erased_at: Timestamp,
}

/// The proof of an erasure, without the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receipt {
    erasure_id: String,
    erased_at: Timestamp,
    asked_by: String,
    leads: u64,
    outcomes: u64,
}

impl Receipt {
    /// Whether nothing was there to be deleted.
    #[must_use]
    pub fn is_of_nothing(&self) -> bool {
        self.leads == 0 && self.outcomes == 0
    }
}

impl<D: Database> Store<D> {
    /// The ids of at most so many leads of this person. A lead that is named itself counts, stored or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn leads_of_person(
        &self,
        site: &str,
        person: &Person,
        count_max: usize,
    ) -> Result<Vec<String>, StorageError> {
        if let Person::Lead(lead_id) = person {
            return Ok(vec![lead_id.as_str().to_owned()]);
        }
        let parameters = vec![
            site.into(),
            Parameter::json(&person.finders()),
            Parameter::Integer(count_max as i64),
        ];
        let statement = Statement::repeatable(include_str!("queries/find_leads.sql"), parameters);
        let rows: Vec<LeadIdRow> = self.rows(statement).await?;
        Ok(rows.into_iter().map(|row| row.lead_id).collect())
    }

    /// Deletes all of it in one transaction and leaves tombstones. Says what was deleted, and whether a tombstone of one
    /// of these leads was there before.
    ///
    /// # Errors
    /// When the database fails; doing it again is harmless.
    pub async fn erase(&self, site: &str, erasure: &Erasure<'_>) -> Result<(Receipt, bool), StorageError> {
        let lead_ids = Parameter::json(&erasure.lead_ids);
        let finders = Parameter::json(&erasure.finders);
        let tombstones: Vec<String> = erasure
            .lead_ids
            .iter()
            .map(|lead_id| lead_sha256(site, lead_id))
            .collect();
        let tombstones = Parameter::json(&tombstones);
        let erasure_id = Parameter::from(&erasure.erasure_id);
        let erased_at = Parameter::from(erasure.erased_at);
        let statement = |sql, parameters: Vec<&Parameter>| {
            let site = Parameter::from(site);
            let parameters = std::iter::once(&site).chain(parameters).cloned().collect();
            Statement::repeatable(sql, parameters)
        };
        let asked_by = Parameter::from(erasure.asked_by);
        let statements = vec![
            statement(include_str!("queries/read_tombstones.sql"), vec![&tombstones]),
            statement(
                include_str!("queries/insert_erasure.sql"),
                vec![&erasure_id, &erased_at, &asked_by, &lead_ids, &finders],
            ),
            statement(
                include_str!("queries/insert_tombstones.sql"),
                vec![&erased_at, &tombstones],
            ),
            statement(
                include_str!("queries/delete_outcome_changes_of_person.sql"),
                vec![&lead_ids, &finders],
            ),
            statement(
                include_str!("queries/delete_outcomes_of_person.sql"),
                vec![&lead_ids, &finders],
            ),
            statement(
                include_str!("queries/delete_deliveries_of_person.sql"),
                Vec::new(),
            ),
            statement(
                include_str!("queries/delete_arrivals_of_leads.sql"),
                vec![&lead_ids],
            ),
            statement(include_str!("queries/delete_leads.sql"), vec![&lead_ids]),
            statement(include_str!("queries/read_erasure.sql"), vec![&erasure_id]),
        ];
        let mut results = self.database.batch(statements).await?.into_iter();
        let was_erased = results.next().is_some_and(|tombstones| !tombstones.is_empty());
        let receipts: Vec<ErasureRow> = rows_of(results.next_back().unwrap_or_default())?;
        let receipt = receipts.into_iter().next().ok_or(StorageError::Unavailable)?;
        Ok((receipt.into(), was_erased))
    }
}

#[derive(Deserialize)]
struct LeadIdRow {
    lead_id: String,
}

#[derive(Deserialize)]
struct ErasureRow {
    erasure_id: String,
    erased_at_ms: i64,
    asked_by: String,
    leads: u64,
    outcomes: u64,
}

impl From<ErasureRow> for Receipt {
    fn from(row: ErasureRow) -> Self {
        Self {
            erasure_id: row.erasure_id,
            erased_at: Timestamp::from_ms(row.erased_at_ms),
            asked_by: row.asked_by,
            leads: row.leads,
            outcomes: row.outcomes,
        }
    }
}
