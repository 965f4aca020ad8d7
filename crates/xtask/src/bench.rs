//! `cargo xtask bench`: how fast the collector takes leads, beside the same job in JavaScript, what a lead costs, and how long
//! the browser script holds a large page up.

use std::fs;

use crate::checkout::{self, Checkout};
use crate::failure::Failure;
use crate::step::{self, Show};
use crate::{local_database, node, product, test_run, worker_build};

/// The measuring program, and the databases that it fills.
const PROGRAM: &str = "tests/bench/collector.mjs";
/// The browser test that prints how long a pass over 50,000 elements and 200 forms takes.
const FILL: &str = "fill_time";
const SIDES: [&str; 3] = ["rust", "javascript", "javascript-remembering"];

/// Builds, prepares fresh databases, measures and prints. A figure that misses its goal is printed, not an error: it
/// belongs to the machine as much as to the program.
pub(crate) fn run(checkout: &Checkout) -> Result<(), Failure> {
    node::must_be_there()?;
    product::build(checkout)?;
    let folder = checkout.workshop().join("bench");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| Failure::file("remove", &folder, &error))?;
    }
    let mut bench = node::script(checkout, PROGRAM);
    // It counts rows by Node.js's own SQLite, which still calls itself an experiment.
    bench.env("NODE_OPTIONS", "--disable-warning=ExperimentalWarning");
    let worker = checkout.path(worker_build::ENTRY);
    bench.args(worker.parent());
    for side in SIDES {
        let state = folder.join(side);
        checkout::make_folder(&state)?;
        local_database::prepare(checkout, &state)?;
        bench.arg(state);
    }
    step::run("measuring the collector", Show::Always, &mut bench)?;
    test_run::browser_tests(checkout, FILL)
}
