//! Leads as they are shown: page by page, or one with everything that happened to it.

use attribution::feed_action::ToldChange;
use attribution::stored_lead::StoredLead;
use attribution::timestamp::Timestamp;
use serde::Deserialize;

use super::database::{Database, Parameter, Statement, rows_of};
use super::deliveries::adjustment_of;
use super::ledger_reads::DeliveryRow;
use super::{StorageError, Store};
use crate::finder::Finder;

/// A place in the list of a site's leads, newest first: everything after the lead that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    received_at_ms: i64,
    lead_id: String,
}

impl Cursor {
    /// Reads what [`Cursor::write`] wrote; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (received_at_ms, lead_id) = text.split_once('-')?;
        let is_of_an_id = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let is_cursor = received_at_ms.bytes().all(|byte| byte.is_ascii_digit())
            && !lead_id.is_empty()
            && lead_id.bytes().all(is_of_an_id);
        is_cursor.then_some(Self {
            received_at_ms: received_at_ms.parse().ok()?,
            lead_id: lead_id.to_owned(),
        })
    }

    /// Before the first lead.
    #[must_use]
    pub fn start() -> Self {
        Self {
            // The largest number that D1 takes.
            received_at_ms: 1 << 53,
            lead_id: String::new(),
        }
    }

    /// After this lead.
    #[must_use]
    pub fn after(row: &LeadRow) -> Self {
        Self {
            received_at_ms: row.received_at_ms,
            lead_id: row.lead_id.clone(),
        }
    }

    /// As it stands in an address.
    #[must_use]
    pub fn write(&self) -> String {
        format!("{}-{}", self.received_at_ms, self.lead_id)
    }
}

/// A lead's row.
#[derive(Clone, Debug, Deserialize)]
pub struct LeadRow {
    /// Its id.
    pub lead_id: String,
    /// When the collector took it.
    pub received_at_ms: i64,
    /// The lead's JSON.
    pub lead: String,
    /// The `User-Agent` header that came with it.
    pub user_agent: Option<String>,
    /// The channel of the newest touch.
    pub channel: Option<String>,
    /// Why.
    pub channel_reason: Option<String>,
    /// The channel of the first touch.
    pub first_channel: Option<String>,
    /// Why it does not look like a person's.
    pub suspicion: Option<String>,
}

impl LeadRow {
    /// The lead as the core reads it; `None` where this version cannot.
    #[must_use]
    pub fn stored(&self) -> Option<StoredLead> {
        StoredLead::from_json(&self.lead, Timestamp::from_ms(self.received_at_ms)).ok()
    }
}

/// An outcome's row.
#[derive(Clone, Debug, Deserialize)]
pub struct StoredOutcomeRow {
    /// Its id.
    pub outcome_id: String,
    /// What names its lead, as in `gclid:Cj0…`.
    pub reference: String,
    /// Whose it is; `None` while its lead is not known.
    pub lead_id: Option<String>,
    /// What happened.
    pub kind: String,
    /// When.
    pub occurred_at_ms: i64,
    /// Decimal, with the digits as told.
    pub value: Option<String>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// When the collector took it.
    pub received_at_ms: i64,
    /// 1 where its lead is stored.
    pub has_lead: u8,
}

/// The row of a later word on an outcome.
#[derive(Clone, Debug, Deserialize)]
pub struct OutcomeChangeRow {
    /// Of which outcome.
    pub outcome_id: String,
    /// `restate` or `retract`.
    pub change: String,
    /// When it changed.
    pub changed_at_ms: i64,
    /// The new decimal.
    pub value: Option<String>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// When the collector took it.
    pub received_at_ms: i64,
}

impl OutcomeChangeRow {
    /// The change as the core reads it.
    ///
    /// # Errors
    /// [`StorageError::Unreadable`] where the row is of another version.
    pub fn told(&self) -> Result<ToldChange, StorageError> {
        let (value, currency) = (self.value.as_deref(), self.currency.as_deref());
        Ok(ToldChange {
            adjustment: adjustment_of(self.changed_at_ms, value, currency)?,
            received_at: Timestamp::from_ms(self.received_at_ms),
        })
    }
}

impl<D: Database> Store<D> {
    /// At most so many leads of a site, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page_of_leads(
        &self,
        site: &str,
        after: &Cursor,
        count_max: usize,
    ) -> Result<Vec<LeadRow>, StorageError> {
        let parameters = vec![
            site.into(),
            Parameter::Integer(after.received_at_ms),
            (&after.lead_id).into(),
            Parameter::Integer(count_max as i64),
        ];
        self.rows(Statement::repeatable(
            include_str!("queries/page_leads.sql"),
            parameters,
        ))
        .await
    }

    /// Those of these leads that are stored, with their outcomes and those that one of `finders` found, each in the order
    /// of time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stories(
        &self,
        site: &str,
        lead_ids: &[String],
        finders: &[Finder],
    ) -> Result<(Vec<LeadRow>, Vec<StoredOutcomeRow>), StorageError> {
        let lead_ids = Parameter::json(&lead_ids);
        let statements = vec![
            Statement::repeatable(
                include_str!("queries/read_leads.sql"),
                vec![site.into(), lead_ids.clone()],
            ),
            Statement::repeatable(
                include_str!("queries/read_outcomes_of_person.sql"),
                vec![site.into(), lead_ids, Parameter::json(&finders)],
            ),
        ];
        let mut results = self.database.batch(statements).await?.into_iter();
        let leads = rows_of(results.next().unwrap_or_default())?;
        let outcomes = rows_of(results.next().unwrap_or_default())?;
        Ok((leads, outcomes))
    }

    /// What was told of these outcomes later, and what the ledger has of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn told_later(
        &self,
        site: &str,
        outcome_ids: &[&str],
    ) -> Result<(Vec<OutcomeChangeRow>, Vec<DeliveryRow>), StorageError> {
        let of_outcomes =
            |sql: &'static str| Statement::repeatable(sql, vec![site.into(), Parameter::json(&outcome_ids)]);
        let statements = vec![
            of_outcomes(include_str!("queries/read_changes_of_outcomes.sql")),
            of_outcomes(include_str!("queries/read_deliveries_of_outcomes.sql")),
        ];
        let mut results = self.database.batch(statements).await?.into_iter();
        let changes = rows_of(results.next().unwrap_or_default())?;
        let deliveries = rows_of(results.next().unwrap_or_default())?;
        Ok((changes, deliveries))
    }

    /// The outcome of that id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn outcome(
        &self,
        site: &str,
        outcome_id: &str,
    ) -> Result<Option<StoredOutcomeRow>, StorageError> {
        let statement = Statement::repeatable(
            include_str!("queries/read_outcome.sql"),
            vec![site.into(), outcome_id.into()],
        );
        let rows: Vec<StoredOutcomeRow> = self.rows(statement).await?;
        Ok(rows.into_iter().next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_is_written_and_nothing_else_is_one() {
        let cursor = Cursor {
            received_at_ms: 1_795_435_200_000,
            lead_id: "7K3M9QXA2F4HJK5NR".to_owned(),
        };
        assert_eq!(Cursor::parse(&cursor.write()), Some(cursor));
        for text in [
            "",
            "-",
            "1",
            "1-",
            "-A",
            "1-a",
            "1-A'",
            "+1-A",
            "99999999999999999999-A",
            "1-A-B",
        ] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }
}
