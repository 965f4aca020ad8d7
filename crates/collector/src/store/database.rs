//! What the store asks of a database: to run statements as one transaction. D1 does it in the Worker, SQLite in tests.

use attribution::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A row: the columns' names and values.
pub type Row = Map<String, Value>;

/// A database that runs the store's statements.
#[allow(async_fn_in_trait)] // A Worker has one thread, so nobody needs the future to be `Send`.
pub trait Database {
    /// Runs the statements in order as one transaction and returns the rows of each. When it returns, they are
    /// committed.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when they are not, or when nobody knows.
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Vec<Row>>, StorageError>;
}

/// Why the store cannot say what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageError {
    /// The database does not answer, or is full; asking again may help.
    Unavailable,
    /// A row is not what this version writes.
    Unreadable,
}

/// A statement with its parameters. The text is always one of the `.sql` files, never put together.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The text of the file.
    pub sql: &'static str,
    /// The values of ?1, ?2, …
    pub parameters: Vec<Parameter>,
    /// Whether running it twice is the same as running it once, so that it may be tried again.
    pub is_repeatable: bool,
}

/// A bound value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// NULL.
    Null,
    /// A whole number, at most 2^53 either way.
    Integer(i64),
    /// A text.
    Text(String),
}

impl Statement {
    /// A statement that may run twice.
    #[must_use]
    pub fn repeatable(sql: &'static str, parameters: Vec<Parameter>) -> Self {
        Self {
            sql,
            parameters,
            is_repeatable: true,
        }
    }

    /// A statement that must run at most once.
    #[must_use]
    pub fn once(sql: &'static str, parameters: Vec<Parameter>) -> Self {
        Self {
            sql,
            parameters,
            is_repeatable: false,
        }
    }
}

impl Parameter {
    /// Many values as one parameter, because D1 binds at most 100.
    pub fn json(values: &impl Serialize) -> Self {
        Self::Text(serde_json::to_string(values).unwrap_or_default())
    }
}

impl From<&str> for Parameter {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Parameter {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Parameter {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Option<&str>> for Parameter {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::Null, Self::from)
    }
}

impl From<Timestamp> for Parameter {
    fn from(moment: Timestamp) -> Self {
        Self::Integer(moment.ms())
    }
}

impl From<Option<Timestamp>> for Parameter {
    fn from(moment: Option<Timestamp>) -> Self {
        moment.map_or(Self::Null, Self::from)
    }
}

/// Reads rows into the struct of their columns.
pub(super) fn rows_of<T: for<'de> Deserialize<'de>>(rows: Vec<Row>) -> Result<Vec<T>, StorageError> {
    let read = |row| serde_json::from_value(Value::Object(row)).map_err(|_| StorageError::Unreadable);
    rows.into_iter().map(read).collect()
}
