//! `cargo xtask test`: every test there is, and a table of what ran.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::checkout::Checkout;
use crate::command_line::TestWishes;
use crate::engines::Engine;
use crate::failure::Failure;
use crate::step::{self, Show, Stopwatch};
use crate::{check, engines, node, product, size};

/// A row of the table: what ran, how long, and which tests.
#[derive(Debug)]
struct Row {
    title: &'static str,
    seconds: f64,
    ran: Ran,
}

/// The tests of one row.
#[derive(Debug, Default, PartialEq, Eq)]
struct Ran {
    passed: usize,
    /// How many of them in which browser engine.
    engines: Vec<(&'static str, usize)>,
}

/// Runs everything in the order in which failures are cheapest, and stops at the first.
pub(crate) fn run(checkout: &Checkout, wishes: &TestWishes) -> Result<(), Failure> {
    eprintln!(
        "check, native tests, build, worker tests on the local runtime, browser tests in each engine found, size"
    );
    let mut rows = Vec::new();
    let outcome = run_all(checkout, wishes, &mut rows);
    print_table(&rows, outcome.is_ok());
    outcome
}

fn run_all(checkout: &Checkout, wishes: &TestWishes, rows: &mut Vec<Row>) -> Result<(), Failure> {
    // Missing tools are told before a quarter of an hour of work.
    node::must_be_there()?;
    let mut found = Vec::new();
    timed_row(rows, "browsers", || {
        found = engines::find_all(checkout, &wishes.required)?;
        Ok(Ran::default())
    })?;
    timed_row(rows, "check", || check::run(checkout).map(|()| Ran::default()))?;
    let targets = targets_in(&checkout.metadata()?);
    timed_row(rows, "native tests", || native_tests(checkout, &targets.native))?;
    timed_row(rows, "build", || {
        product::build(checkout).map(|()| Ran::default())
    })?;

    let mut environment = vec![("THROUGHLINE_XTASK", this_program()?.into_os_string())];
    timed_row(rows, "worker tests", || {
        targets_behind(checkout, "runtime", &targets.runtime, &environment)
    })?;
    if found.is_empty() {
        eprintln!("no browser engine was found, so the browser tests were left out");
    } else {
        environment.extend(engines::environment(&found));
        timed_row(rows, "browser tests", || {
            targets_behind(checkout, "browsers", &targets.browsers, &environment)
        })?;
    }
    timed_row(rows, "size", || size::run(checkout).map(|()| Ran::default()))
}

/// Runs the browser tests whose names hold this text, one after the other in each engine found, and shows what they print.
pub(crate) fn browser_tests(checkout: &Checkout, name: &str) -> Result<(), Failure> {
    let found = engines::find_all(checkout, &[])?;
    let mut environment = engines::environment(&found);
    environment.push(("THROUGHLINE_XTASK", this_program()?.into_os_string()));
    cargo_test(
        checkout,
        name,
        &["--test", "browser", "--", "--test-threads=1", name],
        &environment,
    )
    .map(drop)
}

/// Does one row of the table. A row that fails is in the table too, without its tests.
fn timed_row(
    rows: &mut Vec<Row>,
    title: &'static str,
    work: impl FnOnce() -> Result<Ran, Failure>,
) -> Result<(), Failure> {
    let watch = Stopwatch::start();
    let done = work();
    let seconds = watch.elapsed().as_secs_f64();
    let (ran, outcome) = match done {
        Ok(ran) => (ran, Ok(())),
        Err(failure) => (Ran::default(), Err(failure)),
    };
    rows.push(Row { title, seconds, ran });
    outcome
}

/// Unit tests, the test programs that need nothing but this machine, and the examples in the documentation.
fn native_tests(checkout: &Checkout, targets: &[String]) -> Result<Ran, Failure> {
    let mut words = vec!["--lib", "--bins"];
    words.extend(targets.iter().flat_map(|target| ["--test", target]));
    let mut ran = cargo_test(checkout, "native tests", &words, &[])?;
    ran.passed += cargo_test(checkout, "examples in the documentation", &["--doc"], &[])?.passed;
    Ok(ran)
}

/// The test programs that stand behind a feature of package `tests`.
fn targets_behind(
    checkout: &Checkout,
    feature: &str,
    targets: &[String],
    environment: &[(&'static str, OsString)],
) -> Result<Ran, Failure> {
    if targets.is_empty() {
        return Err(Failure::new(format!(
            "tests/Cargo.toml has no test with `required-features = [\"{feature}\"]`."
        )));
    }
    let words: Vec<&str> = targets.iter().flat_map(|target| ["--test", target]).collect();
    cargo_test(
        checkout,
        &format!("tests behind feature {feature}"),
        &words,
        environment,
    )
}

/// Every call names the same packages and features, and differs in the test programs alone: otherwise cargo would
/// compile the dependencies once more for each.
fn cargo_test(
    checkout: &Checkout,
    title: &str,
    words: &[&str],
    environment: &[(&'static str, OsString)],
) -> Result<Ran, Failure> {
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(checkout.root())
        .args(["test", "--workspace", "--all-features"])
        .args(words)
        .envs(environment.iter().cloned());
    let output = step::run(title, Show::Always, &mut cargo)?;
    Ok(ran(&output))
}

/// Names of test programs, by what each needs.
#[derive(Debug, Default, PartialEq, Eq)]
struct TestTargets {
    native: Vec<String>,
    runtime: Vec<String>,
    browsers: Vec<String>,
}

/// The names of the test programs that need nothing but this machine.
pub(crate) fn native_test_targets(checkout: &Checkout) -> Result<Vec<String>, Failure> {
    Ok(targets_in(&checkout.metadata()?).native)
}

/// `cargo metadata` → the test programs of the workspace.
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

/// Adds up lines like `test result: ok. 12 passed; 0 failed; …`, and counts those like `test firefox::a_name ... ok`.
fn ran(output: &str) -> Ran {
    let passed = output.lines().filter_map(|line| {
        let (_, result) = line.split_once("test result: ")?;
        let (before, _) = result.split_once(" passed")?;
        before.rsplit(' ').next()?.parse::<usize>().ok()
    });
    let in_engine = |engine: Engine| {
        let start = format!("test {}::", engine.name());
        let tests = output.lines().filter(|line| line.starts_with(&start)).count();
        (tests > 0).then_some((engine.name(), tests))
    };
    Ran {
        passed: passed.sum(),
        engines: Engine::ALL.into_iter().filter_map(in_engine).collect(),
    }
}

fn print_table(rows: &[Row], whole: bool) {
    println!("\n{:<16} {:>9} {:>7}", "step", "seconds", "tests");
    for Row { title, seconds, ran } in rows {
        println!("{title:<16} {seconds:>9.1} {:>7}", ran.passed);
        for (engine, tests) in &ran.engines {
            println!("  {engine:<14} {:>9} {tests:>7}", "");
        }
    }
    let seconds: f64 = rows.iter().map(|row| row.seconds).sum();
    let tests: usize = rows.iter().map(|row| row.ran.passed).sum();
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
        assert_eq!(ran(output).passed, 42);
        assert_eq!(ran("test result: FAILED. 3 passed; 1 failed").passed, 3);
        assert_eq!(ran("test chromatic::scale ... ok"), Ran::default());
    }

    #[test]
    fn ok_browser_tests_are_counted_by_engine() {
        let output = "test chromium::a ... ok\ntest webkit::a ... ok\ntest chromium::b ... ok\n\
             test result: ok. 3 passed; 0 failed\n";
        let expected = Ran {
            passed: 3,
            engines: vec![("chromium", 2), ("webkit", 1)],
        };
        assert_eq!(ran(output), expected);
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
