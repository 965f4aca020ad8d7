//! `cargo xtask check`: format, lints, and the invariants of ARCHITECTURE.md that a machine can see.

use std::process::Command;

use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::step::{self, Show};
use crate::tools::{self, WASM_TARGET};
use crate::{crate_rules, sql_rules, type_rules};

/// Runs everything, and stops at the first that fails.
pub(crate) fn run(checkout: &Checkout) -> Result<(), Failure> {
    tools::add_wasm_target(checkout)?;
    cargo(checkout, "format", &["fmt", "--all", "--check"])?;
    step::timed("rules about crates", || {
        no_breach(crate_rules::breaches(checkout)?)
    })?;
    step::timed("rules about SQL", || no_breach(sql_rules::breaches(checkout)?))?;
    type_rules::check(checkout)?;
    let lint = [
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "-D",
        "warnings",
    ];
    cargo(checkout, "lints, native", &lint)?;
    // The crates that ship as WebAssembly have code that only exists there.
    let lint = [
        "clippy",
        "--quiet",
        "--package",
        "capture",
        "--package",
        "channel",
        "--package",
        "collector",
        "--package",
        "user_data",
        "--target",
        WASM_TARGET,
        "--",
        "-D",
        "warnings",
    ];
    cargo(checkout, "lints, WebAssembly", &lint)?;
    documentation(checkout)?;
    licences(checkout)
}

fn cargo(checkout: &Checkout, title: &str, words: &[&str]) -> Result<(), Failure> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(checkout.root()).args(words);
    step::run(title, Show::Always, &mut cargo).map(drop)
}

fn documentation(checkout: &Checkout) -> Result<(), Failure> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(checkout.root()).args([
        "doc",
        "--quiet",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ]);
    cargo.env("RUSTDOCFLAGS", "-D warnings");
    step::run("documentation", Show::Always, &mut cargo).map(drop)
}

/// deny.toml, where cargo-deny is installed. Its advisories come over the network from elsewhere than the registries,
/// so they are not asked for here.
fn licences(checkout: &Checkout) -> Result<(), Failure> {
    let present = Command::new("cargo")
        .args(["deny", "--version"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !present {
        eprintln!(
            "cargo-deny is not installed, so licences and sources of dependencies were not checked (deny.toml)"
        );
        return Ok(());
    }
    cargo(
        checkout,
        "licences and sources",
        &["deny", "check", "bans", "licenses", "sources"],
    )
}

/// Prints each breach; one is enough to fail.
fn no_breach(breaches: Vec<String>) -> Result<(), Failure> {
    for breach in &breaches {
        eprintln!("  {breach}");
    }
    match breaches.len() {
        0 => Ok(()),
        1 => Err(Failure::new("A rule of this project is broken; it stands above.")),
        several => Err(Failure::new(format!(
            "Rules of this project are broken in {several} places; they stand above."
        ))),
    }
}
