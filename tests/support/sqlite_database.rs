//! The collector's store on SQLite: the same migrations, the same statements, the same rows as on D1.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use collector::store::StorageError;
use collector::store::database::{Database, Parameter, Row, Statement};
use rusqlite::types::{Value as SqlValue, ValueRef};
use rusqlite::{Connection, Transaction, params_from_iter};
use serde_json::Value;

use crate::mutant;

/// What a test's own trigger raises to fail like a full disk.
pub const DISK_FULL: &str = "database or disk is full";

/// A database in memory, with every migration applied.
#[derive(Debug)]
pub struct SqliteDatabase {
    connection: RefCell<Connection>,
}

impl SqliteDatabase {
    /// An empty database of the newest schema.
    ///
    /// # Panics
    /// When a migration does not run.
    #[must_use]
    pub fn migrated() -> Self {
        Self::before_migration("9999")
    }

    /// A database as it was before the migration whose file name begins so.
    ///
    /// # Panics
    /// When a migration does not run.
    #[must_use]
    pub fn before_migration(number: &str) -> Self {
        let connection = Connection::open_in_memory().expect("a database in memory");
        for migration in migrations().iter().filter(|file| number_of(file) < number) {
            run_file(&connection, migration);
        }
        Self {
            connection: RefCell::new(connection),
        }
    }

    /// Applies that migration and all later ones.
    ///
    /// # Panics
    /// When a migration does not run.
    pub fn migrate_from(&self, number: &str) {
        for migration in migrations().iter().filter(|file| number_of(file) >= number) {
            run_file(&self.connection.borrow(), migration);
        }
    }

    /// The database of `cargo xtask dev`: site `default`, destination `google-demo`.
    ///
    /// # Panics
    /// When a migration or the settings do not run.
    #[must_use]
    pub fn of_development() -> Self {
        let database = Self::migrated();
        // Twice, because `dev` applies the file whenever it has changed.
        for _ in 0..2 {
            run_file(
                &database.connection.borrow(),
                &collector_folder().join("dev/seed.sql"),
            );
        }
        database
    }

    /// Runs a test's own statement, to set the stage.
    ///
    /// # Panics
    /// When the statement does not run.
    pub fn execute(&self, sql: &str) {
        self.connection
            .borrow()
            .execute_batch(sql)
            .expect("a statement that runs");
    }

    /// How many rows were written since the database was opened. D1 bills each, and one more for each index of its
    /// table.
    #[must_use]
    pub fn rows_written(&self) -> u64 {
        self.connection.borrow().total_changes()
    }

    /// The texts of the rows that a test's own query finds, cell by cell; NULL is an empty text. Parameters are NULL.
    ///
    /// # Panics
    /// When the query does not run.
    #[must_use]
    pub fn texts(&self, sql: &str) -> Vec<Vec<String>> {
        let connection = self.connection.borrow();
        let mut statement = connection.prepare(sql).expect("a query");
        let columns = statement.column_count();
        let nulls = vec![SqlValue::Null; statement.parameter_count()];
        let rows = statement.query_map(params_from_iter(nulls), |row| {
            (0..columns)
                .map(|column| Ok(as_text(row.get_ref(column)?)))
                .collect()
        });
        rows.expect("rows").map(|row| row.expect("a row")).collect()
    }

    /// How SQLite runs a statement, step by step (<https://sqlite.org/eqp.html>).
    ///
    /// # Panics
    /// When the statement is none.
    #[must_use]
    pub fn plan(&self, sql: &str) -> Vec<String> {
        let sql = mutant::instead_of(&self.connection.borrow(), sql);
        let steps = self.texts(&format!("EXPLAIN QUERY PLAN {sql}"));
        steps.into_iter().map(|step| step[3].clone()).collect()
    }

    /// How many rows a table has.
    ///
    /// # Panics
    /// When there is no such table.
    #[must_use]
    pub fn rows_in(&self, table: &str) -> i64 {
        let sql = format!("SELECT count(*) FROM {table}");
        self.connection
            .borrow()
            .query_row(&sql, [], |row| row.get(0))
            .expect("a table")
    }
}

impl Database for SqliteDatabase {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Vec<Row>>, StorageError> {
        let mut connection = self.connection.borrow_mut();
        let transaction = connection.transaction().map_err(|_| StorageError::Unavailable)?;
        let rows: Result<Vec<_>, _> = statements
            .iter()
            .map(|statement| run(&transaction, statement))
            .collect();
        let rows = match rows {
            Ok(rows) => rows,
            // A test's own trigger plays a disk that fills up between two statements.
            Err(error) if error.to_string() == DISK_FULL => return Err(StorageError::Unavailable),
            Err(error) => panic!("D1 would refuse this as well: {error}"),
        };
        transaction.commit().map_err(|_| StorageError::Unavailable)?;
        Ok(rows)
    }
}

type Rows = Result<Vec<Row>, rusqlite::Error>;

fn run(transaction: &Transaction<'_>, statement: &Statement) -> Rows {
    let mut prepared = transaction.prepare(mutant::instead_of(transaction, statement.sql))?;
    let names: Vec<String> = prepared.column_names().map(str::to_owned).collect();
    let parameters = params_from_iter(statement.parameters.iter().map(bind));
    let rows = prepared.query_map(parameters, |row| {
        let value = |(index, name): (usize, &String)| Ok((name.clone(), to_json(row.get_ref(index)?)));
        names.iter().enumerate().map(value).collect()
    })?;
    rows.collect()
}

/// A number is bound as a float, because that is what D1 makes of every number.
fn bind(parameter: &Parameter) -> SqlValue {
    match parameter {
        Parameter::Null => SqlValue::Null,
        Parameter::Integer(number) => SqlValue::Real(*number as f64),
        Parameter::Text(text) => SqlValue::Text(text.clone()),
    }
}

fn to_json(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned().into(),
        ValueRef::Blob(_) => panic!("no column of ours is a blob"),
    }
}

fn as_text(value: ValueRef<'_>) -> String {
    match to_json(value) {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// `0008` of `0008_lead_arrivals.sql`.
fn number_of(migration: &Path) -> &str {
    let name = migration.file_name().and_then(|name| name.to_str());
    name.and_then(|name| name.get(..4)).expect("a numbered file")
}

fn migrations() -> Vec<PathBuf> {
    let folder =
        std::fs::read_dir(collector_folder().join("migrations")).expect("the folder of the migrations");
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

fn run_file(connection: &Connection, path: &Path) {
    let sql = std::fs::read_to_string(path).expect("an SQL file");
    connection
        .execute_batch(&sql)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

fn collector_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/collector")
}
