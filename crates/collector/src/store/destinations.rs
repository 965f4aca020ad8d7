//! Destinations in the store.

use serde::Deserialize;

use super::database::{Database, Parameter, Statement, rows_of};
use super::{StorageError, Store};
use crate::destination::DestinationRow;

/// What became of a destination's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDestination {
    /// Whether it was not there before.
    pub is_new: bool,
    /// Hex SHA-256 of the password that is good now.
    pub feed_password_sha256: Option<String>,
}

impl<D: Database> Store<D> {
    /// The destination of that id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn destination(&self, id: &str) -> Result<Option<DestinationRow>, StorageError> {
        let statement = Statement::repeatable(include_str!("queries/read_destination.sql"), vec![id.into()]);
        Ok(self.rows(statement).await?.into_iter().next())
    }

    /// The destinations of a site.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn destinations(&self, site: &str) -> Result<Vec<DestinationRow>, StorageError> {
        let statement =
            Statement::repeatable(include_str!("queries/list_destinations.sql"), vec![site.into()]);
        self.rows(statement).await
    }

    /// Stores a destination's settings. Its password is taken over where its user is another one, or it had none.
    /// `None` where another site has a destination of that id, and keeps it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_destination(
        &self,
        row: &DestinationRow,
    ) -> Result<Option<KeptDestination>, StorageError> {
        let hours =
            |number: Option<u16>| number.map_or(Parameter::Null, |number| Parameter::Integer(number.into()));
        let read = Statement::repeatable(
            include_str!("queries/read_destination.sql"),
            vec![(&row.destination).into()],
        );
        let upsert = Statement::repeatable(
            include_str!("queries/upsert_destination.sql"),
            vec![
                (&row.destination).into(),
                (&row.site).into(),
                (&row.platform).into(),
                (&row.transport).into(),
                row.dialect.as_deref().into(),
                (&row.conversion_action).into(),
                (&row.outcome_kinds).into(),
                row.feed_user.as_deref().into(),
                row.feed_password_sha256.as_deref().into(),
                hours(row.click_wait_hours),
                hours(row.lookback_days),
                (&row.time_zone).into(),
                row.api.as_deref().into(),
                row.outcomes_since_ms.map_or(Parameter::Null, Parameter::Integer),
                row.earlier_after_ms.map_or(Parameter::Null, Parameter::Integer),
            ],
        );
        let mut results = self.database.batch(vec![read, upsert]).await?.into_iter();
        let is_new = results.next().unwrap_or_default().is_empty();
        let kept: Vec<PasswordRow> = rows_of(results.next().unwrap_or_default())?;
        Ok(kept.into_iter().next().map(|row| KeptDestination {
            is_new,
            feed_password_sha256: row.feed_password_sha256,
        }))
    }

    /// Removes a destination.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_destination(&self, id: &str) -> Result<(), StorageError> {
        let statement =
            Statement::repeatable(include_str!("queries/delete_destination.sql"), vec![id.into()]);
        self.database.batch(vec![statement]).await.map(|_| ())
    }
}

#[derive(Deserialize)]
struct PasswordRow {
    feed_password_sha256: Option<String>,
}
