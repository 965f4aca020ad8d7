//! `cargo xtask test`: every test there is, and a table of what ran.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::checkout::Checkout;
use crate::command_line::TestWishes;
use crate::failure::Failure;
use crate::step::{self, Show, Stopwatch};
use crate::{check, engines, node, product, size};

/// What ran, how long, and how many tests it had.
#[derive(Debug)]
struct Row {
    title: &'static str,
    seconds: f64,
    passed: usize,
}

/// Runs everything in the order in which failures are cheapest, and stops at the first.
pub(crate) fn run(checkout: &Checkout, wishes: &TestWishes) -> Result<(), Failure> {
    eprintln!(
        "check, native tests, build, size, worker tests on the local runtime, browser tests in each engine found"
    );
    let mut rows = Vec::new();
    let outcome = run_all(checkout, wishes, &mut rows);
    print_table(&rows, outcome.is_ok());
    outcome
}

fn run_all(checkout: &Checkout, wishes: &TestWishes, rows: &mut Vec<Row>) -> Result<(), Failure> {
    // Missing tools are told before a quarter of an hour of work.
    node::must_be_there()?;
    let found = timed_row(rows, "browsers", || {
        Ok((engines::find_all(checkout, &wishes.required)?, 0))
    })?;
    timed_row(rows, "check", || Ok((check::run(checkout)?, 0)))?;
    let targets = test_targets(checkout)?;
    timed_row(rows, "native tests", || native_tests(checkout, &targets.native))?;
    timed_row(rows, "build", || Ok((product::build(checkout)?, 0)))?;
    timed_row(rows, "size", || Ok((size::run(checkout)?, 0)))?;

    let mut environment = vec![("THROUGHLINE_XTASK", this_program()?.into_os_string())];
    timed_row(rows, "worker tests", || {
        feature_tests(
            checkout,
            "worker tests",
            "runtime",
            &targets.runtime,
            &environment,
        )
    })?;
    if found.is_empty() {
        eprintln!("no browser engine was found, so the browser tests were left out");
        return Ok(());
    }
    environment.extend(engines::environment(&found));
    timed_row(rows, "browser tests", || {
        feature_tests(
            checkout,
            "browser tests",
            "browsers",
            &targets.browsers,
            &environment,
        )
    })
}

/// Does one row of the table. A row that fails is in the table too, without its tests.
fn timed_row<T>(
    rows: &mut Vec<Row>,
    title: &'static str,
    work: impl FnOnce() -> Result<(T, usize), Failure>,
) -> Result<T, Failure> {
    let watch = Stopwatch::start();
    let done = work();
    let passed = done.as_ref().map_or(0, |(_, passed)| *passed);
    rows.push(Row {
        title,
        seconds: watch.elapsed().as_secs_f64(),
        passed,
    });
    done.map(|(value, _)| value)
}

/// Unit tests, the test programs that need nothing but this machine, and the examples in the documentation.
fn native_tests(checkout: &Checkout, targets: &[String]) -> Result<((), usize), Failure> {
    let mut words = vec!["--lib", "--bins"];
    words.extend(targets.iter().flat_map(|target| ["--test", target]));
    let ((), programs) = cargo_test(checkout, "native tests", &words, &[])?;
    let ((), examples) = cargo_test(checkout, "examples in the documentation", &["--doc"], &[])?;
    Ok(((), programs + examples))
}

/// The tests that stand behind a feature of package `tests`.
fn feature_tests(
    checkout: &Checkout,
    title: &str,
    feature: &str,
    targets: &[String],
    environment: &[(&'static str, OsString)],
) -> Result<((), usize), Failure> {
    if targets.is_empty() {
        return Err(Failure::new(format!(
            "tests/Cargo.toml has no test with `required-features = [\"{feature}\"]`."
        )));
    }
    let words: Vec<&str> = targets.iter().flat_map(|target| ["--test", target]).collect();
    cargo_test(checkout, title, &words, environment)
}

/// Every call names the same packages and features, and differs in the test programs alone: otherwise cargo would
/// compile the dependencies once more for each.
fn cargo_test(
    checkout: &Checkout,
    title: &str,
    words: &[&str],
    environment: &[(&'static str, OsString)],
) -> Result<((), usize), Failure> {
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(checkout.root())
        .args(["test", "--workspace", "--all-features"])
        .args(words)
        .envs(environment.iter().cloned());
    let output = step::run(title, Show::Always, &mut cargo)?;
    Ok(((), passed(&output)))
}

/// Names of test programs, by what each needs.
#[derive(Debug, Default, PartialEq, Eq)]
struct TestTargets {
    native: Vec<String>,
    runtime: Vec<String>,
    browsers: Vec<String>,
}

fn test_targets(checkout: &Checkout) -> Result<TestTargets, Failure> {
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(checkout.root())
        .args(["metadata", "--no-deps", "--format-version", "1"]);
    let metadata = step::finish("cargo metadata", Show::OnFailure, &mut cargo)?;
    let metadata: Value = serde_json::from_str(&metadata)
        .map_err(|error| Failure::new(format!("cargo metadata printed no JSON: {error}.")))?;
    Ok(targets_in(&metadata))
}

fn targets_in(metadata: &Value) -> TestTargets {
    let mut targets = TestTargets::default();
    let packages = metadata["packages"].as_array().into_iter().flatten();
    for target in packages.flat_map(|package| package["targets"].as_array().into_iter().flatten()) {
        let name = target["name"].as_str().unwrap_or_default().to_owned();
        let is_test = target["kind"]
            .as_array()
            .is_some_and(|kinds| kinds.iter().any(|kind| kind == "test"));
        let requires = |feature: &str| {
            target["required-features"]
                .as_array()
                .is_some_and(|features| features.iter().any(|it| it == feature))
        };
        if requires("browsers") {
            targets.browsers.push(name);
        } else if requires("runtime") {
            targets.runtime.push(name);
        } else if is_test {
            targets.native.push(name);
        }
    }
    targets
}

/// Worker and browser tests start their own runtimes by this program's `dev --no-build`.
fn this_program() -> Result<PathBuf, Failure> {
    std::env::current_exe()
        .map_err(|error| Failure::new(format!("xtask could not find its own file: {error}.")))
}

/// Adds up lines like `test result: ok. 12 passed; 0 failed; …`.
fn passed(output: &str) -> usize {
    output
        .lines()
        .filter_map(|line| {
            line.split_once("test result: ")?
                .1
                .split_once(" passed")?
                .0
                .rsplit(' ')
                .next()?
                .parse::<usize>()
                .ok()
        })
        .sum()
}

fn print_table(rows: &[Row], whole: bool) {
    println!("\n{:<16} {:>9} {:>7}", "step", "seconds", "tests");
    for row in rows {
        println!("{:<16} {:>9.1} {:>7}", row.title, row.seconds, row.passed);
    }
    let seconds: f64 = rows.iter().map(|row| row.seconds).sum();
    let tests: usize = rows.iter().map(|row| row.passed).sum();
    println!("{:<16} {seconds:>9.1} {tests:>7}", "in all");
    if whole {
        println!("{tests} passed, 0 failed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_results_of_all_programs_are_added() {
        let output = "running 2 tests\ntest result: ok. 2 passed; 0 failed; 0 ignored; finished in 0.00s\n\
             test result: ok. 40 passed; 0 failed; 1 ignored\nnothing\n";
        assert_eq!(passed(output), 42);
        assert_eq!(passed("test result: FAILED. 3 passed; 1 failed"), 3);
        assert_eq!(passed("\u{1b}[32mok\u{1b}[0m"), 0);
    }

    #[test]
    fn ok_test_targets_are_told_apart_by_their_feature() {
        let metadata = serde_json::json!({"packages": [{"targets": [
            {"name": "support", "kind": ["lib"]},
            {"name": "journey", "kind": ["test"]},
            {"name": "worker", "kind": ["test"], "required-features": ["runtime"]},
            {"name": "browser", "kind": ["test"], "required-features": ["browsers"]},
        ]}]});
        let targets = TestTargets {
            native: vec!["journey".to_owned()],
            runtime: vec!["worker".to_owned()],
            browsers: vec!["browser".to_owned()],
        };
        assert_eq!(targets_in(&metadata), targets);
    }
}
