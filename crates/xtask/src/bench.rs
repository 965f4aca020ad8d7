//! `cargo xtask bench`: how fast the collector takes leads, beside the same job in JavaScript, and what a lead costs; how long the
//! browser script holds a large page up; and how long 100,000 outcomes take from a table to a platform's file.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::checkout::{self, Checkout};
use crate::command_line::BenchPart;
use crate::failure::Failure;
use crate::step::{self, Show};
use crate::{local_database, node, product, test_run, worker_build};

/// The measuring programs; each gets the built Worker and fresh databases.
const COLLECTOR: &str = "tests/bench/collector.mjs";
const FEED: &str = "tests/bench/feed.mjs";
/// The browser test that prints how long a pass over 50,000 elements and 200 forms takes.
const FILL: &str = "fill_time";

/// Builds and measures these parts, or all. A figure that misses its goal is printed, not an error: it belongs to the machine as
/// much as to the program.
pub(crate) fn run(checkout: &Checkout, parts: &[BenchPart]) -> Result<(), Failure> {
    node::must_be_there()?;
    product::build(checkout)?;
    for part in BenchPart::ALL {
        if !parts.is_empty() && !parts.contains(&part) {
            continue;
        }
        match part {
            BenchPart::Collector => {
                let mut bench = on_fresh_databases(
                    checkout,
                    COLLECTOR,
                    &["rust", "javascript", "javascript-remembering"],
                )?;
                step::run("measuring the collector", Show::Always, &mut bench)?;
            }
            BenchPart::Fill => test_run::browser_tests(checkout, FILL)?,
            BenchPart::Feed => {
                let mut bench = on_fresh_databases(checkout, FEED, &["feed"])?;
                step::run("measuring a feed", Show::Always, &mut bench)?;
            }
        }
    }
    Ok(())
}

/// The program with the folder of the Worker and a new state folder for each of the names.
fn on_fresh_databases(checkout: &Checkout, program: &str, names: &[&str]) -> Result<Command, Failure> {
    let mut bench = node::script(checkout, program);
    // They look into the database by Node.js's own SQLite, which still calls itself an experiment.
    bench.env("NODE_OPTIONS", "--disable-warning=ExperimentalWarning");
    let worker = checkout.path(worker_build::ENTRY);
    bench.args(worker.parent());
    for name in names {
        let state: PathBuf = checkout.workshop().join("bench").join(name);
        if state.exists() {
            fs::remove_dir_all(&state).map_err(|error| Failure::file("remove", &state, &error))?;
        }
        checkout::make_folder(&state)?;
        local_database::prepare(checkout, &state)?;
        bench.arg(state);
    }
    Ok(bench)
}
