//! The running collector that all browser tests share, and its store, read from outside.

use rusqlite::{Connection, OpenFlags, Row};
use tempfile::TempDir;

use super::deadline::Deadline;
use crate::runtime::{Runtime, database_file};

/// The local runtime with a store of its own.
pub struct Collector {
    // Fields drop in this order: the runtime first, then the folder that it writes to.
    runtime: Runtime,
    state: TempDir,
}

impl Collector {
    /// Starts what `cargo xtask build` has built and waits until it serves.
    pub(super) fn start() -> Collector {
        let state = TempDir::new().expect("a temporary folder for the collector's state");
        let runtime = Runtime::start(state.path());
        Collector { runtime, state }
    }

    /// Scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> String {
        self.runtime.origin()
    }

    /// Fetches what Google Ads would fetch, as it would, with user name and password.
    ///
    /// # Panics
    /// When the file is not served.
    #[must_use]
    pub fn fetch_conversions(&self) -> String {
        // `google-demo:dev-feed-password`, which only `cargo xtask dev` knows.
        let credentials = ("Authorization", "Basic Z29vZ2xlLWRlbW86ZGV2LWZlZWQtcGFzc3dvcmQ=");
        let answer = self
            .runtime
            .ask("GET", "feeds/google-demo/conversions.csv", &[credentials], &[]);
        assert_eq!(answer.status, 200, "the feed: {}", answer.text());
        answer.text()
    }

    /// Waits until a row of the store holds this text.
    ///
    /// # Panics
    /// When none does in time.
    pub fn wait_for_row_with(&self, text: &str) {
        let deadline = Deadline::default();
        while self.tables_with(text).is_empty() {
            deadline.pause_or_panic(&format!("a row that holds `{text}`"));
        }
    }

    /// How many leads hold this text.
    ///
    /// # Panics
    /// When the store cannot be read.
    #[must_use]
    pub fn leads_with(&self, text: &str) -> usize {
        let file = database_file(self.state.path());
        let store =
            Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the store opens");
        let leads: Vec<String> = rows(&store, "SELECT lead FROM leads", |row| row.get(0));
        leads.iter().filter(|lead| lead.contains(text)).count()
    }

    /// Waits until so many leads hold this text.
    ///
    /// # Panics
    /// When there are not so many in time.
    pub fn wait_for_leads_with(&self, text: &str, count: usize) {
        let deadline = Deadline::default();
        while self.leads_with(text) < count {
            deadline.pause_or_panic(&format!("{count} leads that hold `{text}`"));
        }
    }

    /// The tables in which a row holds this text.
    ///
    /// # Panics
    /// When the store cannot be read.
    #[must_use]
    pub fn tables_with(&self, text: &str) -> Vec<String> {
        let file = database_file(self.state.path());
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let store = Connection::open_with_flags(file, flags).expect("the store opens");
        let named =
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'";
        let tables: Vec<String> = rows(&store, named, |row| row.get(0));
        assert!(
            tables.iter().any(|table| table == "leads"),
            "the store has only the tables {tables:?}"
        );
        let holds = |table: &String| {
            let held = rows(&store, &format!("SELECT * FROM {table}"), |row| {
                Ok(holds(row, text))
            });
            held.contains(&true)
        };
        tables.into_iter().filter(holds).collect()
    }
}

fn rows<T>(store: &Connection, sql: &str, read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
    let mut statement = store.prepare(sql).expect("a statement of the test");
    let rows = statement.query_map([], read).expect("rows");
    rows.collect::<Result<_, _>>().expect("readable rows")
}

fn holds(row: &Row<'_>, text: &str) -> bool {
    let mut columns = 0..row.as_ref().column_count();
    columns.any(|column| {
        let cell = row.get_ref(column);
        cell.is_ok_and(|cell| cell.as_str().is_ok_and(|cell| cell.contains(text)))
    })
}
