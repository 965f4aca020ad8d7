//! The Worker: worker-build with every tool handed to it, so that it downloads nothing.

use std::process::Command;

use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::node;
use crate::stamp::Stamp;
use crate::step::{self, Show};

/// Where wrangler.toml expects the Worker.
pub(crate) const ENTRY: &str = "crates/collector/build/index.js";

/// Builds the Worker, if what it is made of has changed. worker-build adds the recovery from panics: one request
/// fails, the next finds a fresh module.
pub(crate) fn build(checkout: &Checkout) -> Result<(), Failure> {
    let inputs = [
        "Cargo.toml",
        "Cargo.lock",
        "rust-toolchain.toml",
        "package-lock.json",
        "crates/attribution",
        "crates/collector/Cargo.toml",
        "crates/collector/src",
        "crates/xtask/src/worker_build.rs",
    ];
    let stamp = Stamp::of_part(checkout, "worker", &inputs)?;
    if stamp.fits(&[
        &checkout.path(ENTRY),
        &checkout.path("crates/collector/build/index_bg.wasm"),
    ]) {
        return Ok(());
    }
    let mut worker_build = Command::new(checkout.tools_bin().join("worker-build"));
    worker_build
        .current_dir(checkout.path("crates/collector"))
        .arg("--release")
        .env("PATH", node::path_with_node(checkout))
        .env("WASM_BINDGEN_BIN", checkout.tools_bin().join("wasm-bindgen"))
        .env("WASM_OPT_BIN", checkout.path("node_modules/.bin/wasm-opt"))
        .env("ESBUILD_BIN", checkout.path("node_modules/.bin/esbuild"));
    step::run("building the Worker", Show::Always, &mut worker_build)?;
    stamp.press()
}
