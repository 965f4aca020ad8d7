//! `cargo xtask mutants`: changes one thing in one statement of the store, and asks whether a test notices.
//!
//! cargo-mutants changes Rust alone (`.cargo/mutants.toml`), and much of what must never be wrong is SQL: that a lead is
//! stored once, that what was erased stays away, that a row is of this site. The tests' own database runs the changed
//! statement in the place of ours, so that nothing is compiled again.

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::checkout::{self, Checkout};
use crate::failure::Failure;
use crate::family;
use crate::sql_mutant::{SqlMutant, mutants_of};
use crate::step::{self, Show, Stopwatch};
use crate::test_run;

const QUERIES: &str = "crates/collector/src/store/queries";

/// Survivors that change nothing, and why: `query.sql | the line as it became | why`.
const EXPLAINED: &str = ".cargo/sql-mutants.txt";

/// A changed statement may never end; the slowest test program takes a third of this on two busy cores.
const PATIENCE: Duration = Duration::from_secs(180);

/// What became of a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fate {
    /// By the program of that name.
    Caught(String),
    /// The database does not take it, so nobody could have written it.
    NotSql,
    /// No test runs the statement.
    NotRun,
    Survived,
}

/// A native test program.
#[derive(Debug)]
struct Program {
    name: String,
    path: PathBuf,
    has_caught: bool,
    /// Of its last run.
    took: Duration,
}

/// Tries every mutant of these queries (`insert_lead` or `insert_lead.sql`), of all where none is named. Fails where one
/// survives that nobody has explained.
pub(crate) fn run(checkout: &Checkout, names: &[String]) -> Result<(), Failure> {
    let explained = Explained::read(checkout)?;
    let queries = queries(checkout, names)?;
    let mut programs = programs(checkout)?;
    let mut totals = Totals::default();
    for (name, sql) in &queries {
        let mut unreached = HashSet::new();
        for mutant in mutants_of(sql) {
            let fate = fate_of(checkout, sql, &mutant, &mut programs, &mut unreached)?;
            totals.add(name, &mutant, &fate, &explained);
        }
    }
    totals.print()
}

#[derive(Debug, Default)]
struct Totals {
    caught: usize,
    not_sql: usize,
    explained: usize,
    survived: usize,
}

impl Totals {
    fn add(&mut self, query: &str, mutant: &SqlMutant, fate: &Fate, explained: &Explained) {
        let said = match fate {
            Fate::Caught(by) => {
                self.caught += 1;
                format!("caught by {by}")
            }
            Fate::NotSql => {
                self.not_sql += 1;
                "no SQL".to_owned()
            }
            Fate::NotRun | Fate::Survived => match explained.reason(query, &mutant.became) {
                Some(reason) => {
                    self.explained += 1;
                    format!("survived: {reason}")
                }
                None => {
                    self.survived += 1;
                    let run = if *fate == Fate::NotRun {
                        ", NO TEST RUNS IT"
                    } else {
                        ""
                    };
                    format!("SURVIVED{run}")
                }
            },
        };
        println!("{query}:{}: {} … {said}", mutant.line, mutant.became);
    }

    fn print(&self) -> Result<(), Failure> {
        println!(
            "\n{} caught, {} no SQL, {} survived and explained, {} survived",
            self.caught, self.not_sql, self.explained, self.survived
        );
        match self.survived {
            0 => Ok(()),
            survived => Err(Failure::new(format!(
                "{survived} changes of SQL were noticed by no test; add one, or the reason to {EXPLAINED}."
            ))),
        }
    }
}

/// Survivors with their reasons.
#[derive(Debug)]
struct Explained(Vec<(String, String, String)>);

impl Explained {
    fn read(checkout: &Checkout) -> Result<Self, Failure> {
        let text = checkout::read(&checkout.path(EXPLAINED))?;
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let rows = lines.filter_map(|line| {
            let mut cells = line.splitn(3, " | ").map(|cell| cell.trim().to_owned());
            Some((cells.next()?, cells.next()?, cells.next()?))
        });
        Ok(Self(rows.collect()))
    }

    fn reason(&self, query: &str, became: &str) -> Option<&str> {
        let mut rows = self.0.iter();
        rows.find(|(of, line, _)| of == query && line == became)
            .map(|(_, _, reason)| reason.as_str())
    }
}

/// File names and texts of the queries.
fn queries(checkout: &Checkout, names: &[String]) -> Result<Vec<(String, String)>, Failure> {
    let mut queries = Vec::new();
    for path in checkout::files_below(&checkout.path(QUERIES))? {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let is_wished = |wish: &String| *wish == name || format!("{wish}.sql") == name;
        if names.is_empty() || names.iter().any(is_wished) {
            queries.push((name, checkout::read(&path)?));
        }
    }
    if queries.is_empty() || queries.len() < names.len() {
        return Err(Failure::new(format!(
            "{QUERIES} does not hold all of these: {}.",
            names.join(", ")
        )));
    }
    Ok(queries)
}

/// The native test programs, built as `cargo xtask test` builds them.
fn programs(checkout: &Checkout) -> Result<Vec<Program>, Failure> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(checkout.root()).args([
        "test",
        "--workspace",
        "--all-features",
        "--no-run",
        "--message-format",
        "json",
    ]);
    for target in test_run::native_test_targets(checkout)? {
        cargo.args(["--test", &target]);
    }
    let said = step::run("native test programs", Show::OnFailure, &mut cargo)?;
    let programs = said.lines().filter_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        Some(Program {
            name: message.pointer("/target/name")?.as_str()?.to_owned(),
            path: message.get("executable")?.as_str()?.into(),
            has_caught: false,
            took: Duration::ZERO,
        })
    });
    Ok(programs.collect())
}

/// Runs the programs until one fails: first those that caught something before, the fastest first. `unreached` holds those that are known
/// not to run this statement.
fn fate_of(
    checkout: &Checkout,
    sql: &str,
    mutant: &SqlMutant,
    programs: &mut [Program],
    unreached: &mut HashSet<String>,
) -> Result<Fate, Failure> {
    let reached = checkout.workshop().join("mutant-reached");
    let wish = checkout.workshop().join("mutant.json");
    let text = json!({ "statement": sql, "instead": mutant.sql, "reached": reached });
    checkout::write(&wish, text.to_string().as_bytes())?;
    programs.sort_by_key(|program| (!program.has_caught, program.took));
    let mut is_run = false;
    for program in programs.iter_mut() {
        if unreached.contains(&program.name) {
            continue;
        }
        checkout::write(&reached, b"")?;
        let watch = Stopwatch::start();
        let has_passed = passes(checkout, program, &wish)?;
        program.took = watch.elapsed();
        match checkout::read(&reached)?.as_str() {
            "" => {
                unreached.insert(program.name.clone());
            }
            "no SQL" => return Ok(Fate::NotSql),
            _ if has_passed => is_run = true,
            _ => {
                program.has_caught = true;
                return Ok(Fate::Caught(program.name.clone()));
            }
        }
    }
    Ok(if is_run { Fate::Survived } else { Fate::NotRun })
}

/// Whether all tests of a program pass while the mutant stands in for its statement. One that does not end does not pass.
fn passes(checkout: &Checkout, program: &Program, wish: &std::path::Path) -> Result<bool, Failure> {
    let mut command = Command::new(&program.path);
    command
        .current_dir(checkout.path("tests"))
        .env("THROUGHLINE_MUTANT", wish)
        // What fails here says nothing of the statements as they are.
        .env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "true")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command
        .spawn()
        .map_err(|error| step::cannot_start(&command, &error))?;
    let watch = Stopwatch::start();
    loop {
        let ended = child
            .try_wait()
            .map_err(|error| step::cannot_start(&command, &error))?;
        if let Some(status) = ended {
            // Ended together with us, it says nothing.
            family::wait_if_ending();
            return Ok(status.success());
        }
        if watch.elapsed() > PATIENCE {
            // Only fails if it has ended in between.
            let _ = child.kill();
            let _ = child.wait();
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(10));
    }
}
