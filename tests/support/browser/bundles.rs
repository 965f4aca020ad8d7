//! Pages that stand on packages from npm: esbuild makes of each one file, as it does for real sites.
//!
//! All of them together take about a second, so they are made anew by every test program that shows one.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::environment::target_folder;

/// What esbuild makes is served from here, under `/bundles/`.
pub(super) fn folder() -> PathBuf {
    target_folder().join("framework-bundles")
}

/// Makes the bundles of `tests/browser/frameworks`, unless this program has made them already.
///
/// # Panics
/// When a source or a package is at fault; the message holds esbuild's own words.
pub fn make_bundles() {
    static MADE: OnceLock<Result<(), String>> = OnceLock::new();
    if let Err(reason) = MADE.get_or_init(make) {
        panic!("the bundles of tests/browser/frameworks were not made: {reason}");
    }
}

fn make() -> Result<(), String> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser/frameworks/bundle.mjs");
    let ended = Command::new("node").arg(program).arg(folder()).output();
    let ended = ended.map_err(|error| error.to_string())?;
    if ended.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&ended.stderr).into_owned())
}
