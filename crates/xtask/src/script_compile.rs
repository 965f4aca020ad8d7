//! Compiling the browser script, together with a standard library that is built for it.
//!
//! The library that Rust ships carries panic messages and the code that formats them: 2.5 kB that every visitor would
//! download and none could read. Leaving them out takes options that a stable compiler offers only behind
//! `RUSTC_BOOTSTRAP`; the toolchain is pinned, so they mean tomorrow what they mean today
//! (<https://doc.rust-lang.org/cargo/reference/unstable.html#build-std>). Where the library's source cannot be had, the
//! script is compiled as usual: it behaves the same and is larger.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::script_part::ScriptPart;
use crate::step::{self, Show};
use crate::tools::WASM_TARGET;

const LIBRARY_FOR_SIZE: [&str; 2] = [
    "-Zbuild-std=std,panic_abort",
    "-Zbuild-std-features=optimize_for_size",
];

/// A panic ends the module without a word, and no text for `Debug` or for a place in the source is kept.
const WITHOUT_MESSAGES: [&str; 4] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
    "-Zfmt-debug=none",
];

/// What makes the code smallest: hardly anything is written out where it is called, what branches have in common stands once,
/// and nothing is loaded early or moved behind branches that would have to be told apart again. Found by trying; another
/// compiler may want others.
const SMALLEST_CODE: [&str; 5] = [
    "-Cllvm-args=--inline-threshold=10",
    "-Cllvm-args=--enable-gvn-sink",
    "-Cllvm-args=--enable-gvn-hoist",
    "-Cllvm-args=--enable-load-pre=false",
    "-Cllvm-args=--simplifycfg-sink-common=false",
];

/// Writes `capture.wasm`, or that of another part, into the target folder. Each part is compiled by a call of its own,
/// because cargo would give both crates the features that only one of them asks for.
pub(crate) fn compile(checkout: &Checkout, part: ScriptPart) -> Result<(), Failure> {
    let sysroot = sysroot(checkout)?;
    let is_library_there = has_library_source(checkout, &sysroot);
    let mut flags = remapped_paths(checkout, &sysroot);
    flags.extend(SMALLEST_CODE.map(str::to_owned));
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(checkout.root())
        .args(["build", "--package", part.name(), "--lib", "--profile", "browser"])
        .args(["--target", WASM_TARGET]);
    if is_library_there {
        flags.extend(WITHOUT_MESSAGES.map(str::to_owned));
        cargo.args(LIBRARY_FOR_SIZE).env("RUSTC_BOOTSTRAP", "1");
    } else {
        eprintln!(
            "The source of Rust's library cannot be had (`rustup component add rust-src`), so the script gets larger."
        );
    }
    // The separator that a path with a blank in it cannot break.
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    let title = format!("compiling the browser script: {}", part.name());
    step::run(&title, Show::Always, &mut cargo).map(drop)
}

fn sysroot(checkout: &Checkout) -> Result<String, Failure> {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "sysroot"]).current_dir(checkout.root());
    let sysroot = step::finish("the place of the toolchain", Show::OnFailure, &mut rustc)?;
    Ok(sysroot.trim().to_owned())
}

/// Asks rustup for the source if it is missing. That it cannot be had is no failure.
fn has_library_source(checkout: &Checkout, sysroot: &str) -> bool {
    let source = Path::new(sysroot).join("lib/rustlib/src/rust/library/Cargo.lock");
    if !source.is_file() {
        let mut rustup = Command::new("rustup");
        rustup
            .args(["component", "add", "rust-src"])
            .current_dir(checkout.root());
        let _ = step::run(
            "fetching the source of Rust's library",
            Show::OnFailure,
            &mut rustup,
        );
    }
    source.is_file()
}

/// Nobody needs to know where the script was built, and the same source gives the same bytes anywhere.
fn remapped_paths(checkout: &Checkout, sysroot: &str) -> Vec<String> {
    let cargo_home =
        env::var("CARGO_HOME").or_else(|_| env::var("HOME").map(|home| format!("{home}/.cargo")));
    let root = checkout.root().display().to_string();
    let places = [Some(root), Some(sysroot.to_owned()), cargo_home.ok()];
    places
        .into_iter()
        .flatten()
        .map(|place| format!("--remap-path-prefix={place}="))
        .collect()
}
