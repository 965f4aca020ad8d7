//! Destinations in the store.

use super::database::{Database, Statement};
use super::{StorageError, Store};
use crate::destination::DestinationRow;

impl<D: Database> Store<D> {
    /// The destination of that id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn destination(&self, id: &str) -> Result<Option<DestinationRow>, StorageError> {
        let statement = Statement::repeatable(include_str!("queries/read_destination.sql"), vec![id.into()]);
        Ok(self.rows(statement).await?.into_iter().next())
    }
}
