//! A store that fails when it is told to. Real databases fail too rarely for a test.

use std::cell::Cell;

use collector::store::StorageError;
use collector::store::database::{Database, Row, Statement};

use crate::sqlite_database::SqliteDatabase;

/// When a batch fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Never.
    None,
    /// Before anything of the batch is done.
    BeforeCommit,
    /// After everything is done: the answer is lost on its way.
    AfterCommit,
}

/// SQLite, with faults in batches that write.
#[derive(Debug)]
pub struct FailingDatabase {
    database: SqliteDatabase,
    /// What happens to the next batches that write.
    pub fault: Cell<Fault>,
    /// To every how manieth of them it happens.
    pub every: Cell<u32>,
    writes: Cell<u32>,
    /// How often the store was called.
    pub calls: Cell<u32>,
    /// Whether reads fail too.
    pub reads_fail: Cell<bool>,
    /// So many moves of the ledger are written; those after them are not.
    pub moves_fail_after: Cell<Option<u32>>,
}

impl FailingDatabase {
    /// A store that does not fail yet.
    #[must_use]
    pub fn new(database: SqliteDatabase) -> Self {
        Self {
            database,
            fault: Cell::new(Fault::None),
            every: Cell::new(1),
            writes: Cell::new(0),
            calls: Cell::new(0),
            reads_fail: Cell::new(false),
            moves_fail_after: Cell::new(None),
        }
    }

    /// The store itself.
    #[must_use]
    pub fn database(&self) -> &SqliteDatabase {
        &self.database
    }
}

impl Database for &FailingDatabase {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Vec<Row>>, StorageError> {
        self.calls.set(self.calls.get() + 1);
        let verbs = ["INSERT ", "UPDATE ", "DELETE "];
        let writes = |statement: &Statement| verbs.iter().any(|verb| statement.sql.contains(verb));
        if let Some(left) = self.moves_fail_after.get()
            && statements
                .iter()
                .any(|statement| statement.sql.contains("UPDATE deliveries"))
        {
            self.moves_fail_after.set(Some(left.saturating_sub(1)));
            if left == 0 {
                return Err(StorageError::Unavailable);
            }
        }
        let writes = statements.iter().any(writes);
        self.writes.set(self.writes.get() + u32::from(writes));
        let is_its_turn = self.writes.get().is_multiple_of(self.every.get());
        let fault = match (writes, self.reads_fail.get()) {
            (true, _) if is_its_turn => self.fault.get(),
            (true, _) => Fault::None,
            (false, true) => Fault::BeforeCommit,
            (false, false) => Fault::None,
        };
        if fault == Fault::BeforeCommit {
            return Err(StorageError::Unavailable);
        }
        let rows = self.database.batch(statements).await;
        if fault == Fault::AfterCommit {
            Err(StorageError::Unavailable)
        } else {
            rows
        }
    }
}
