//! Lists of bad input that others have collected. They lie beside the checkout and are read from there.

use std::path::PathBuf;

/// Says where the lists are.
const CORPORA: &str = "THROUGHLINE_CORPORA";

/// The text of a list; `None`, and a line that says so, where the lists are not on this machine.
///
/// # Panics
/// When the folder is there and the list is not.
#[must_use]
pub fn read(name: &str) -> Option<String> {
    let Some(folder) = std::env::var_os(CORPORA).map(PathBuf::from) else {
        println!("{CORPORA} is not set, so {name} is left out");
        return None;
    };
    let path = folder.join(name);
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // Some lists hold what is not UTF-8 on purpose.
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The entries of the Big List of Naughty Strings.
///
/// # Panics
/// When the list cannot be read.
#[must_use]
pub fn naughty_strings() -> Vec<String> {
    read("strings/blns.json").map_or_else(Vec::new, |text| {
        serde_json::from_str(&text).expect("a JSON array")
    })
}

/// The probes of SQL injection, one a line.
#[must_use]
pub fn sql_probes() -> Vec<String> {
    lines("strings/sqli.txt")
}

/// The lines of a list.
#[must_use]
pub fn lines(name: &str) -> Vec<String> {
    read(name).map_or_else(Vec::new, |text| text.lines().map(str::to_owned).collect())
}
