//! The local runtime with the built Worker, as `cargo xtask dev` starts it, and a client that asks it.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use rustix::process::{Pid, Signal, kill_process_group};
use ureq::{Agent, SendBody, http};

/// Says which program starts the runtime; `cargo xtask test` sets it to itself.
const XTASK: &str = "THROUGHLINE_XTASK";

/// What a test's requests call themselves where they say nothing else: leads of programs are never delivered.
const USER_AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";

/// An answer that takes longer is a hanging request, which is a failure of its own.
const ANSWER_S_MAX: u64 = 30;

/// A running runtime. Dropping it ends it and everything it started.
#[derive(Debug)]
pub struct Runtime {
    child: Child,
    port: u16,
    state: PathBuf,
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: http::HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Runtime {
    /// Starts the runtime on a free port with its store in `state`, and waits until it says that it is ready.
    ///
    /// # Panics
    /// When it does not become ready; its own words stand in the test's output.
    #[must_use]
    pub fn start(state: &Path) -> Self {
        Self::start_with(state, &[], Stdio::inherit())
    }

    /// Starts it with further options of `cargo xtask dev`, and sends what it logs somewhere else.
    ///
    /// # Panics
    /// When it does not become ready.
    #[must_use]
    pub fn start_with(state: &Path, options: &[&str], log: Stdio) -> Self {
        let xtask = std::env::var(XTASK)
            .unwrap_or_else(|_| panic!("{XTASK} names no program; run these tests by `cargo xtask test`"));
        let port = free_port();
        let mut child = Command::new(xtask)
            .args(["dev", "--no-build", "--port", &port.to_string(), "--state"])
            .arg(state)
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            // A group of its own, so that one signal ends it with everything it started.
            .process_group(0)
            .spawn()
            .expect("the program that starts the runtime");
        let output = child.stdout.take().expect("its output");
        let runtime = Self {
            child,
            port,
            state: state.to_owned(),
        };
        let mut lines = BufReader::new(output).lines();
        let is_ready = lines
            .by_ref()
            .map_while(Result::ok)
            .any(|line| line.starts_with("ready "));
        assert!(is_ready, "the runtime ended before it was ready");
        // Whoever stops reading a pipe stops its writer in the end.
        std::thread::spawn(move || lines.for_each(drop));
        runtime
    }

    /// Scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Asks the collector. `path` stands below `/throughline/`.
    ///
    /// # Panics
    /// When there is no HTTP answer.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let asked = Client::of_port(self.port).ask(method, path, headers, body);
        asked.unwrap_or_else(|error| panic!("no answer to {method} {path}: {error}"))
    }

    /// Lets the clock of wrangler.toml strike now; the local runtime's own never does. Comes back when the sweep has
    /// ended.
    ///
    /// # Panics
    /// When the runtime does not take it.
    pub fn strike_clock(&self) {
        let answer = Client::of_port(self.port).strike_clock();
        let answer = answer.unwrap_or_else(|error| panic!("the clock does not strike: {error}"));
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    /// Keeps everybody from writing to the store until what this returns is dropped, as a full disk or a database that is
    /// away would: nothing more is committed, and reading goes on.
    ///
    /// # Panics
    /// When somebody else writes for so long that the store cannot be shut.
    #[must_use]
    pub fn shut_store(&self) -> ShutStore {
        let connection = Connection::open(database_file(&self.state)).expect("the store");
        connection
            .busy_timeout(Duration::from_secs(ANSWER_S_MAX))
            .and_then(|()| connection.execute_batch("BEGIN IMMEDIATE"))
            .expect("the only writer");
        ShutStore(Mutex::new(connection))
    }

    /// Ends the runtime as a power cut would: nobody is asked, nothing is finished.
    pub fn kill(mut self) {
        self.end();
    }

    /// What ends the runtime as a power cut would, in the hands of whoever is to choose the moment. It must not outlive
    /// the runtime, whose number somebody else may then have.
    ///
    /// # Panics
    /// When the system gives processes numbers that are none.
    #[must_use]
    pub fn power_switch(&self) -> PowerSwitch {
        PowerSwitch(Pid::from_raw(self.child.id().cast_signed()).expect("the number of a process"))
    }

    /// How many rows a table of the store has, read from the file and not from the collector.
    ///
    /// # Panics
    /// When the store has no such table.
    #[must_use]
    pub fn rows_in(&self, table: &str) -> i64 {
        rows_in(&self.state, table)
    }

    /// The texts of the one row that a test's own query finds in the store's file; NULL is an empty text.
    ///
    /// # Panics
    /// When the query finds no row.
    #[must_use]
    pub fn row(&self, sql: &str) -> Vec<String> {
        let connection = Connection::open(database_file(&self.state)).expect("the store");
        let texts = |row: &rusqlite::Row<'_>| {
            let columns = row.as_ref().column_count();
            (0..columns)
                .map(|column| Ok(row.get::<_, Option<String>>(column)?.unwrap_or_default()))
                .collect()
        };
        connection.query_row(sql, [], texts).expect("a row of texts")
    }

    /// Runs a test's own statement on the store's file, to set the stage.
    ///
    /// # Panics
    /// When the statement does not run.
    pub fn execute(&self, sql: &str) {
        let connection = Connection::open(database_file(&self.state)).expect("the store");
        connection
            .busy_timeout(Duration::from_secs(ANSWER_S_MAX))
            .and_then(|()| connection.execute_batch(sql))
            .expect("a statement that runs");
    }

    fn end(&mut self) {
        self.power_switch().turn_off();
        let _ = self.child.wait();
    }
}

/// A store to which nobody can write.
#[derive(Debug)]
pub struct ShutStore(
    #[expect(dead_code, reason = "it holds the lock until it is dropped")] Mutex<Connection>,
);

/// Ends a runtime with everything it started: nobody is asked, nothing is finished.
#[derive(Clone, Copy, Debug)]
pub struct PowerSwitch(Pid);

impl PowerSwitch {
    /// One system call, so that nothing else finds time between what the caller has just seen and the end.
    pub fn turn_off(self) {
        // One that ended before is what was wanted.
        let _ = kill_process_group(self.0, Signal::KILL);
    }
}

/// Who asks a runtime on one connection that is kept, and outlives its end.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    port: u16,
}

impl Client {
    /// A client of the runtime on that port.
    #[must_use]
    pub fn of_port(port: u16) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            // A redirect is an answer to look at.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(Duration::from_secs(ANSWER_S_MAX)))
            .user_agent(USER_AGENT)
            .build();
        Self {
            agent: Agent::new_with_config(config),
            port,
        }
    }

    /// Asks the collector. `path` stands below `/throughline/`.
    ///
    /// # Errors
    /// When there is no whole HTTP answer.
    ///
    /// # Panics
    /// When a header is none.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, ureq::Error> {
        self.ask_root(method, &format!("/throughline/{path}"), headers, body)
    }

    /// Asks the collector, and tells the status to `hear` at once, before anything of the answer's body is read.
    ///
    /// # Errors
    /// When there is no whole HTTP answer; a status may have been told before.
    ///
    /// # Panics
    /// When a header is none.
    pub fn ask_and_hear(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
        hear: impl FnOnce(u16),
    ) -> Result<Answer, ureq::Error> {
        self.run(method, &format!("/throughline/{path}"), headers, body, hear)
    }

    /// Lets the clock of wrangler.toml strike.
    ///
    /// # Errors
    /// When the runtime ends before its sweep does.
    pub fn strike_clock(&self) -> Result<Answer, ureq::Error> {
        self.ask_root("GET", "/cdn-cgi/handler/scheduled?cron=*/5+*+*+*+*", &[], &[])
    }

    fn ask_root(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, ureq::Error> {
        self.run(method, path, headers, body, |_| {})
    }

    fn run(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
        hear: impl FnOnce(u16),
    ) -> Result<Answer, ureq::Error> {
        let body = if body.is_empty() {
            SendBody::none()
        } else {
            SendBody::from_owned_reader(std::io::Cursor::new(body.to_vec()))
        };
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("http://localhost:{}{path}", self.port));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).expect("a request");
        let mut response = self.agent.run(request)?;
        hear(response.status().as_u16());
        let body = response.body_mut().read_to_vec()?;
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body,
        })
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.end();
    }
}

impl Answer {
    /// A header's value, empty where there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// How many rows a table has in the store of that folder, also when no runtime has it open.
///
/// # Panics
/// When there is no store, it is damaged, or it has no such table.
#[must_use]
pub fn rows_in(state: &Path, table: &str) -> i64 {
    let connection = Connection::open_with_flags(database_file(state), OpenFlags::SQLITE_OPEN_READ_ONLY);
    let connection = connection.expect("the store");
    let sql = format!("SELECT count(*) FROM {table}");
    connection.query_row(&sql, [], |row| row.get(0)).expect("a table")
}

/// The first column of what a test's own query finds in the store of that folder, also when no runtime has it open.
///
/// # Panics
/// When there is no store, or the query does not run.
#[must_use]
pub fn column(state: &Path, sql: &str) -> Vec<String> {
    let connection = Connection::open(database_file(state)).expect("the store");
    let mut statement = connection.prepare(sql).expect("a query");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    rows.map(|row| row.expect("a text")).collect()
}

/// SQLite's own word on the store: `ok`, or what is broken.
///
/// # Panics
/// When there is no store.
#[must_use]
pub fn integrity(state: &Path) -> String {
    let connection = Connection::open(database_file(state)).expect("the store");
    connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("an answer")
}

/// The runtime names the file by a hash; beside it lies only its own list of databases.
pub(crate) fn database_file(state: &Path) -> PathBuf {
    let folder =
        std::fs::read_dir(state.join("v3/d1/miniflare-D1DatabaseObject")).expect("the store's folder");
    let files = folder.map(|entry| entry.expect("an entry").path());
    let mut databases = files.filter(|file| {
        file.extension().is_some_and(|extension| extension == "sqlite")
            && file.file_stem().is_some_and(|stem| stem != "metadata")
    });
    databases.next().expect("the store's file")
}

/// A port that nobody listens on. Between asking and using it another program could take it; then the start says so.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}
