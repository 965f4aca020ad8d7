//! What `cargo xtask test` tells the browser tests: where the programs are, and which engines take part.

use std::path::{Path, PathBuf};

/// A variable that must be set, as text.
///
/// # Panics
/// When it is not: the tests need what only `cargo xtask test` prepares.
pub(super) fn required(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set; these tests are run by `cargo xtask test`"))
}

/// A variable that names a program.
pub(super) fn program(name: &str) -> PathBuf {
    PathBuf::from(required(name))
}

/// Where cargo puts what it makes.
pub(super) fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"),
        PathBuf::from,
    )
}
