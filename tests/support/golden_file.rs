//! Golden files: what they hold is a promise, and changing one is a reviewed change.

use std::fs;
use std::path::PathBuf;

/// Set, it writes the files anew instead of comparing them. The difference is then read as a promise that changes.
const ACCEPT: &str = "UPDATE_EXPECT";

/// Compares with `tests/golden/{name}`.
///
/// # Panics
/// Where it differs.
pub fn assert_golden(name: &str, actual: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("golden")
        .join(name);
    if std::env::var_os(ACCEPT).is_some() {
        fs::write(&path, actual).unwrap_or_else(|error| panic!("{name} cannot be written: {error}"));
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        actual, expected,
        "tests/golden/{name}; {ACCEPT}=1 accepts the change"
    );
}
