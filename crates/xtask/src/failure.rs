//! Why a command stopped, in one sentence that says what to do next.

use std::fmt;
use std::io;
use std::path::Path;

/// One sentence for the person who typed the command.
#[derive(Debug)]
pub(crate) struct Failure(String);

/// What programs print when the disk is full: libc's text, npm's code, SQLite's two texts, and what SQLite says when it
/// could not even make room for its index of the log.
const DISK_FULL_WORDS: [&str; 5] = [
    "No space left on device",
    "ENOSPC",
    "database or disk is full",
    "SQLITE_FULL",
    "SQLITE_IOERR_SHMSIZE",
];

impl Failure {
    pub(crate) fn new(sentence: impl Into<String>) -> Failure {
        Failure(sentence.into())
    }

    /// The one thing that can go wrong anywhere.
    pub(crate) fn disk_full() -> Failure {
        Failure::new(
            "No space is left on the disk; free some (a first build takes about 3 GB) and start again.",
        )
    }

    /// A file or folder that could not be read or written.
    pub(crate) fn file(verb: &str, path: &Path, error: &io::Error) -> Failure {
        if error.kind() == io::ErrorKind::StorageFull {
            return Failure::disk_full();
        }
        Failure::new(format!("Could not {verb} {}: {error}.", path.display()))
    }

    /// A program that ended badly, judged by what it said.
    pub(crate) fn of_step(title: &str, said: &str) -> Failure {
        if DISK_FULL_WORDS.iter().any(|words| said.contains(words)) {
            return Failure::disk_full();
        }
        Failure::new(format!(
            "This step failed, and its own words stand above: {title}."
        ))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_a_full_disk_is_told_by_whoever_meets_it() {
        for said in [
            "error: failed to write /x: No space left on device (os error 28)",
            "npm error code ENOSPC",
            "D1_ERROR: database or disk is full: SQLITE_FULL",
        ] {
            assert!(
                Failure::of_step("a step", said)
                    .to_string()
                    .starts_with("No space is left"),
                "{said}"
            );
        }
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert!(
            Failure::file("write", Path::new("x"), &full)
                .to_string()
                .starts_with("No space is left")
        );
    }

    #[test]
    fn ok_any_other_end_names_the_step() {
        let failure = Failure::of_step("npm packages", "npm error network");
        assert_eq!(
            failure.to_string(),
            "This step failed, and its own words stand above: npm packages."
        );
    }
}
