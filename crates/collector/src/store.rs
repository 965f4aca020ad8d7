//! The store's verbs, in domain words, one file for each noun. D1 and a test's SQLite run the very same statements and
//! read the very same rows.

use std::rc::Rc;

use serde::Deserialize;

pub mod database; // what the store asks of a database
pub mod sites; // whose pages may send
pub mod keys; // who may ask
pub mod leads; // what was submitted
pub mod stories; // leads as they are shown
pub mod persons; // what is stored of one person, and its end
pub mod outcomes; // what later happened
pub mod outcomes_with_leads; // the same as every destination is asked about it
pub mod webhooks; // who tells outcomes by itself
pub mod destinations; // where outcomes go
pub mod refresh_tokens; // what lets Microsoft's destinations in
pub mod feeds; // what stands in the files that platforms fetch
pub mod deliveries; // which outcome has reached which destination
pub mod ledger_reads; // the same, for people
pub mod standings; // how outcomes stand everywhere
pub mod diagnostics; // how many of what, day by day
pub mod sweeps; // what is done when nobody waits
pub mod health; // what was refused, and what waits
mod retry; // which failures are worth another try
pub mod d1; // the statements on D1

pub use database::StorageError;
use database::{Database, Statement, rows_of};
use sites::KnownSites;

/// The verbs over a database.
#[derive(Debug)]
pub struct Store<D> {
    database: D,
    known_sites: Rc<KnownSites>,
}

impl<D: Database> Store<D> {
    /// A store on this database.
    pub fn new(database: D) -> Self {
        Self::remembering(database, Rc::default())
    }

    /// A store on this database, with the sites that were read before.
    pub fn remembering(database: D, known_sites: Rc<KnownSites>) -> Self {
        Self {
            database,
            known_sites,
        }
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
