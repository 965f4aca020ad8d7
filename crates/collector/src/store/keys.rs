//! Keys in the store.

use attribution::timestamp::Timestamp;
use serde::Deserialize;

use super::database::{Database, Parameter, Statement};
use super::{StorageError, Store};
use crate::key::{Key, Scope};

impl<D: Database> Store<D> {
    /// The key of that id, and the hex SHA-256 of its secret.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn key(&self, key_id: &str) -> Result<Option<(Key, String)>, StorageError> {
        let statement = Statement::repeatable(include_str!("queries/read_key.sql"), vec![key_id.into()]);
        let rows: Vec<KeyRow> = self.rows(statement).await?;
        rows.into_iter().next().map(KeyRow::key).transpose()
    }

    /// Stores a key, or gives the key of that id other scopes; its site and its secret stay. Says the hex SHA-256 of
    /// the secret that is good now; `None` where another site has a key of that id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_key(
        &self,
        key: &Key,
        secret_sha256: &str,
        now: Timestamp,
    ) -> Result<Option<String>, StorageError> {
        let parameters = vec![
            (&key.key_id).into(),
            (&key.site).into(),
            Parameter::json(&key.scopes),
            secret_sha256.into(),
            now.into(),
        ];
        let statement = Statement::repeatable(include_str!("queries/upsert_key.sql"), parameters);
        let rows: Vec<SecretRow> = self.rows(statement).await?;
        Ok(rows.into_iter().next().map(|row| row.secret_sha256))
    }

    /// Revokes a key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_key(&self, key_id: &str) -> Result<(), StorageError> {
        let statement = Statement::repeatable(include_str!("queries/delete_key.sql"), vec![key_id.into()]);
        self.database.batch(vec![statement]).await.map(|_| ())
    }
}

#[derive(Deserialize)]
struct KeyRow {
    key_id: String,
    site: String,
    scopes: String,
    secret_sha256: String,
}

impl KeyRow {
    fn key(self) -> Result<(Key, String), StorageError> {
        let scopes: Vec<Scope> = serde_json::from_str(&self.scopes).map_err(|_| StorageError::Unreadable)?;
        let key = Key {
            key_id: self.key_id,
            site: self.site,
            scopes,
        };
        Ok((key, self.secret_sha256))
    }
}

#[derive(Deserialize)]
struct SecretRow {
    secret_sha256: String,
}
