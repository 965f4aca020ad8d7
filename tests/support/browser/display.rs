//! A screen that nobody looks at: MiniBrowser has no headless mode.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use super::environment::program;
use super::process_tree::ProcessTree;

/// A virtual X server on a free display.
pub(super) struct Display {
    /// What to put into `DISPLAY`, such as `:1`.
    pub(super) name: String,
    _server: ProcessTree,
}

impl Display {
    /// Starts Xvfb and lets it choose the number itself, so that two test runs never fight over one.
    pub(super) fn start() -> Display {
        let mut server = ProcessTree::start(
            Command::new(program("THROUGHLINE_XVFB"))
                .args([
                    "-displayfd",
                    "1",
                    "-screen",
                    "0",
                    "1280x1100x24",
                    "-nolisten",
                    "tcp",
                ])
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        );
        let output = server
            .child()
            .stdout
            .take()
            .expect("the output of Xvfb was asked for as a pipe");
        // Xvfb writes the number when it accepts clients, so reading it is also the wait for readiness.
        let mut number = String::new();
        BufReader::new(output)
            .read_line(&mut number)
            .expect("Xvfb's answer is a line of text");
        assert!(!number.trim().is_empty(), "Xvfb ended without opening a display");
        Display {
            name: format!(":{}", number.trim()),
            _server: server,
        }
    }
}
