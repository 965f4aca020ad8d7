//! What the page `www/check/` knows: the core as a module, and the worker that runs it beside the page.
//!
//! It is no part of the browser script: only who opens the page downloads it. So it is compiled with what the Worker is
//! compiled with, and a build that has the Worker has most of it already.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::checkout::{self, Checkout};
use crate::failure::Failure;
use crate::script_build::minify;
use crate::script_engine::WASM_FEATURES;
use crate::stamp::{Stamp, content_hash};
use crate::step::{self, Show};
use crate::tools::WASM_TARGET;
use crate::{integrity, node};

const CRATE: &str = "check_page";

/// Both files as a browser downloads them.
#[derive(Debug)]
pub(crate) struct CheckPage {
    pub(crate) worker: PathBuf,
    pub(crate) module: PathBuf,
}

impl CheckPage {
    /// Where they lie before the site is put together.
    pub(crate) fn in_workshop(checkout: &Checkout) -> CheckPage {
        let folder = checkout.workshop().join(CRATE);
        CheckPage {
            worker: folder.join("worker.min.js"),
            module: folder.join("module.min.wasm"),
        }
    }

    /// `core-<hash>.wasm`, which the worker names.
    pub(crate) fn module_name(&self) -> Result<String, Failure> {
        Ok(format!("core-{}.wasm", content_hash(&read(&self.module)?)))
    }
}

/// Builds both, if what they are made of has changed.
pub(crate) fn build(checkout: &Checkout) -> Result<CheckPage, Failure> {
    let page = CheckPage::in_workshop(checkout);
    let inputs = [
        "Cargo.toml",
        "Cargo.lock",
        "rust-toolchain.toml",
        "package-lock.json",
        "crates/attribution",
        "crates/check_page",
        "crates/xtask/src/check_page.rs",
    ];
    let stamp = Stamp::of_part(checkout, "check_page", &inputs)?;
    if stamp.fits(&[&page.worker, &page.module]) {
        return Ok(page);
    }
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(checkout.root())
        .args(["build", "--package", CRATE, "--lib", "--release"])
        .args(["--target", WASM_TARGET]);
    step::run("compiling the check page", Show::Always, &mut cargo)?;
    step::timed("shrinking the check page", || {
        let workshop = checkout.workshop().join(CRATE);
        checkout::make_folder(&workshop)?;
        bind(checkout, &workshop)?;
        optimise(checkout, &workshop, &page)?;
        write_worker(checkout, &workshop, &page)
    })?;
    stamp.press()?;
    Ok(page)
}

fn bind(checkout: &Checkout, workshop: &Path) -> Result<(), Failure> {
    let compiled = checkout
        .target()
        .join(WASM_TARGET)
        .join(format!("release/{CRATE}.wasm"));
    let input = workshop.join("compiled.wasm");
    checkout::write(&input, &without_places(checkout, read(&compiled)?))?;
    let mut bindgen = Command::new(checkout.tools_bin().join("wasm-bindgen"));
    bindgen
        .arg(input)
        .args(["--target", "web", "--omit-default-module-path", "--no-typescript"])
        .args(["--remove-name-section", "--remove-producers-section"])
        .args(["--out-name", CRATE, "--out-dir"])
        .arg(workshop);
    step::finish("wasm-bindgen on the check page", Show::OnFailure, &mut bindgen).map(drop)
}

/// Messages of panics name files, and with them the folders of whoever built the page. Dots of the same length take their
/// place, because to compile without them would be to compile everything once more.
fn without_places(checkout: &Checkout, mut module: Vec<u8>) -> Vec<u8> {
    let root = checkout.root().display().to_string();
    let homes = ["CARGO_HOME", "RUSTUP_HOME", "HOME"].map(|name| std::env::var(name).ok());
    for place in [Some(root)].into_iter().chain(homes).flatten() {
        blank(&mut module, place.as_bytes());
    }
    module
}

fn blank(module: &mut [u8], place: &[u8]) {
    // A root folder, or no name at all, would be found anywhere.
    if place.len() < 3 {
        return;
    }
    let mut from = 0;
    while let Some(rest) = module.get_mut(from..) {
        let Some(at) = rest.windows(place.len()).position(|bytes| bytes == place) else {
            return;
        };
        if let Some(found) = rest.get_mut(at..at + place.len()) {
            found.fill(b'.');
        }
        from += at + place.len();
    }
}

fn optimise(checkout: &Checkout, workshop: &Path, page: &CheckPage) -> Result<(), Failure> {
    let mut wasm_opt = node::program(checkout, "wasm-opt");
    wasm_opt
        .arg(workshop.join(format!("{CRATE}_bg.wasm")))
        .args(WASM_FEATURES.map(|feature| format!("--enable-{feature}")))
        .args(["-Oz", "--strip-target-features", "-o"])
        .arg(&page.module);
    step::finish("wasm-opt on the check page", Show::OnFailure, &mut wasm_opt).map(drop)
}

/// A worker of the older kind, which every browser with WebAssembly can start.
fn write_worker(checkout: &Checkout, workshop: &Path, page: &CheckPage) -> Result<(), Failure> {
    let source = checkout.path("crates").join(CRATE).join("worker.js");
    let worker = checkout::read(&source)?
        .replace("__MODULE__", &page.module_name()?)
        .replace("__INTEGRITY__", &integrity::sha256(&read(&page.module)?));
    let entry = workshop.join("worker.js");
    checkout::write(&entry, worker.as_bytes())?;
    minify(checkout, &entry, &page.worker, &["--bundle", "--format=iife"])
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::file("read", path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_every_place_is_blanked_and_nothing_else() {
        let mut module = b"a/some/ann/x/some/annb/some".to_vec();
        blank(&mut module, b"/some/ann");
        assert_eq!(module, b"a........./x.........b/some");
        for place in ["", "/", "/some/annette"] {
            let mut module = b"a/some/ann/".to_vec();
            blank(&mut module, place.as_bytes());
            assert_eq!(module, b"a/some/ann/", "{place}");
        }
    }
}
