//! Webhooks in the store: their settings, and the deliveries that were taken.

use std::collections::HashMap;

use attribution::money::Money;
use attribution::timestamp::Timestamp;
use serde::Deserialize;

use super::database::{Database, Parameter, Statement, rows_of};
use super::{StorageError, Store};

/// The settings of a webhook, as they are stored.
#[derive(Clone, Debug, Deserialize)]
pub struct WebhookRow {
    /// Whose outcomes it tells.
    pub site: String,
    /// JSON.
    pub settings: String,
}

impl<D: Database> Store<D> {
    /// The webhook of that source.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn webhook(&self, source: &str) -> Result<Option<WebhookRow>, StorageError> {
        let statement = Statement::repeatable(include_str!("queries/read_webhook.sql"), vec![source.into()]);
        Ok(self.rows(statement).await?.into_iter().next())
    }

    /// Stores the settings of a webhook, and says whether it was not there before. `None` where another site has a webhook
    /// of that source, and keeps it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_webhook(&self, source: &str, row: &WebhookRow) -> Result<Option<bool>, StorageError> {
        let read = Statement::repeatable(include_str!("queries/read_webhook.sql"), vec![source.into()]);
        let upsert = Statement::repeatable(
            include_str!("queries/upsert_webhook.sql"),
            vec![source.into(), (&row.site).into(), (&row.settings).into()],
        );
        let mut results = self.database.batch(vec![read, upsert]).await?.into_iter();
        let is_new = results.next().unwrap_or_default().is_empty();
        let kept = results.next().unwrap_or_default();
        Ok((!kept.is_empty()).then_some(is_new))
    }

    /// Removes a webhook.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_webhook(&self, source: &str) -> Result<(), StorageError> {
        let statement =
            Statement::repeatable(include_str!("queries/delete_webhook.sql"), vec![source.into()]);
        self.database.batch(vec![statement]).await.map(|_| ())
    }

    /// Whether a delivery was taken before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_webhook_event(
        &self,
        site: &str,
        source: &str,
        event_key: &str,
    ) -> Result<bool, StorageError> {
        let statement = Statement::repeatable(
            include_str!("queries/read_webhook_event.sql"),
            vec![site.into(), source.into(), event_key.into()],
        );
        let results = self.database.batch(vec![statement]).await?;
        Ok(results.first().is_some_and(|rows| !rows.is_empty()))
    }

    /// Remembers that a delivery was taken.
    ///
    /// # Errors
    /// When the database fails; the delivery is then taken again, which its outcomes bear.
    pub async fn keep_webhook_event(
        &self,
        site: &str,
        source: &str,
        event_key: &str,
        received_at: Timestamp,
    ) -> Result<(), StorageError> {
        let statement = Statement::repeatable(
            include_str!("queries/insert_webhook_event.sql"),
            vec![site.into(), source.into(), event_key.into(), received_at.into()],
        );
        self.database.batch(vec![statement]).await.map(|_| ())
    }

    /// What these outcomes are worth by the newest word, as far as they are held.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn outcome_values(
        &self,
        site: &str,
        outcome_ids: &[&str],
    ) -> Result<HashMap<String, Option<Money>>, StorageError> {
        let statement = Statement::repeatable(
            include_str!("queries/read_outcome_values.sql"),
            vec![site.into(), Parameter::json(&outcome_ids)],
        );
        let results = self.database.batch(vec![statement]).await?;
        let rows: Vec<ValueRow> = rows_of(results.into_iter().next().unwrap_or_default())?;
        Ok(rows
            .into_iter()
            .map(|row| (row.outcome_id, money_of(&row.money)))
            .collect())
    }
}

fn money_of(text: &str) -> Option<Money> {
    let (value, currency) = text.split_once(' ')?;
    Money::parse(value, currency).ok()
}

#[derive(Deserialize)]
struct ValueRow {
    outcome_id: String,
    money: String,
}
