//! A statement with one thing changed, which `cargo xtask mutants` wants to be run instead of ours.

use std::path::PathBuf;
use std::sync::LazyLock;

use rusqlite::Connection;
use serde::Deserialize;

#[derive(Deserialize)]
struct Mutant {
    /// Our text.
    statement: String,
    /// The changed one.
    instead: String,
    /// The file that is told whether a test ran the statement.
    reached: PathBuf,
}

static MUTANT: LazyLock<Option<Mutant>> = LazyLock::new(|| {
    let path = std::env::var_os("THROUGHLINE_MUTANT")?;
    let text = std::fs::read_to_string(path).expect("the file of the mutant");
    Some(serde_json::from_str(&text).expect("a mutant"))
});

/// The text to run instead of this one: nearly always the same.
pub(crate) fn instead_of<'a>(connection: &Connection, sql: &'a str) -> &'a str {
    let Some(mutant) = MUTANT.as_ref().filter(|mutant| mutant.statement == sql) else {
        return sql;
    };
    let is_sql = connection.prepare(&mutant.instead).is_ok();
    let said = if is_sql { "run" } else { "no SQL" };
    std::fs::write(&mutant.reached, said).expect("the file that is told");
    if is_sql { &mutant.instead } else { sql }
}
