//! The refresh tokens in the store, each in the row of its destination. What is read and written here is sealed.

use attribution::timestamp::Timestamp;
use serde::Deserialize;

use super::database::{Database, Statement};
use super::{StorageError, Store};

/// A refresh token that is kept.
#[derive(Clone, Debug, Deserialize)]
pub struct KeptToken {
    /// As it is sealed.
    pub sealed: String,
    given_at_ms: i64,
}

impl KeptToken {
    /// When the platform gave it out.
    #[must_use]
    pub fn given_at(&self) -> Timestamp {
        Timestamp::from_ms(self.given_at_ms)
    }
}

impl<D: Database> Store<D> {
    /// What is kept of a destination.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refresh_token(&self, destination: &str) -> Result<Option<KeptToken>, StorageError> {
        let sql = include_str!("queries/read_refresh_token.sql");
        let rows = self
            .rows(Statement::repeatable(sql, vec![destination.into()]))
            .await?;
        Ok(rows.into_iter().next())
    }

    /// Keeps a refresh token, unless a newer one is kept already.
    ///
    /// # Errors
    /// When the database fails; then the older one stays, which is good for as long as it was.
    pub async fn keep_refresh_token(
        &self,
        destination: &str,
        sealed: &str,
        given_at: Timestamp,
    ) -> Result<(), StorageError> {
        let sql = include_str!("queries/keep_refresh_token.sql");
        let parameters = vec![destination.into(), sealed.into(), given_at.into()];
        let statement = Statement::repeatable(sql, parameters);
        self.database.batch(vec![statement]).await.map(|_| ())
    }
}
