//! `cargo xtask`: everything that a person does to this project, as one program.
//!
//! The walk: a command line → the checkout → tools installed → parts built → a runtime, a check or a test over them.

mod bench; // leads a second
mod check; // format, lints, and the invariants that a machine can see
mod check_page; // what the page that checks files knows
mod checkout; // where things lie
mod command_line; // what the person asked for
mod adapters; // of consent tools and of form builders
mod crate_rules; // which crate may know which other
mod dev; // the whole product on this machine
mod engines; // browsers and their drivers
mod failure; // why a command stopped, in one sentence
mod family; // every process that we started, and its end
mod integrity; // hashes that a page may hold our files to
mod lazy_part; // a part that hardly any page loads
mod local_database; // the runtime's own SQLite: migrations and settings for development
mod mutants; // changed statements, and whether a test notices
mod node; // Node.js and the packages of package-lock.json
mod product; // all parts, built once
mod runtime; // wrangler's local runtime, from start to end
mod script_bindings; // the glue between module and page, trimmed
mod script_build; // the browser module
mod script_compile; // its compilation, with a library built for size
mod script_engine; // the module as WebAssembly and as JavaScript
mod script_names; // short names between module and glue
mod script_part; // the parts that are Rust
mod site; // the folder of static files
mod size; // bytes that a visitor downloads
mod sql_mutant; // a statement with one thing changed
mod sql_rules; // how our SQL must be written
mod stamp; // has the input changed?
mod step; // one thing that takes time
mod test_run; // every test, and a table of what ran
mod tools; // the wasm target and the pinned programs
mod type_rules; // the TypeScript types of the page's API
mod worker_build; // the Worker

use std::process::ExitCode;

use checkout::Checkout;
use command_line::{Command, USAGE};
use failure::Failure;

fn main() -> ExitCode {
    let _family = family::EndWithMain;
    match family::end_on_signals().and_then(|()| run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            family::wait_if_ending();
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let command = command_line::read(std::env::args().skip(1))?;
    let checkout = Checkout::find()?;
    match command {
        Command::Help => print!("{USAGE}"),
        Command::Dev(wishes) => dev::run(&checkout, &wishes)?,
        Command::Test(wishes) => test_run::run(&checkout, &wishes)?,
        Command::Check => check::run(&checkout)?,
        Command::Build => product::build(&checkout)?,
        Command::Size => size::run(&checkout)?,
        Command::Bench(parts) => bench::run(&checkout, &parts)?,
        Command::Mutants(queries) => mutants::run(&checkout, &queries)?,
        Command::Wrangler(words) => node::wrangler(&checkout, &words)?,
    }
    Ok(())
}
