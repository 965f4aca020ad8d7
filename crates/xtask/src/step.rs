//! One thing that takes time: a title before, the seconds after, and the words of the program it runs.

use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::family;

/// Runs from its making.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    #[allow(clippy::disallowed_methods)] // Automation runs natively only, where the clock does not panic.
    pub(crate) fn start() -> Stopwatch {
        Stopwatch(Instant::now())
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// Whether a program's words are shown while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// At once: builds and tests.
    Always,
    /// Only if it fails: tools that have nothing to say to people.
    OnFailure,
}

/// Does something under a title, and prints how long it took.
pub(crate) fn timed<T>(title: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    eprintln!("… {title}");
    let watch = Stopwatch::start();
    let done = work()?;
    eprintln!("✓ {title} ({:.1} s)", watch.elapsed().as_secs_f64());
    Ok(done)
}

/// Runs a program under a title; its standard output comes back.
pub(crate) fn run(title: &str, show: Show, command: &mut Command) -> Result<String, Failure> {
    timed(title, || finish(title, show, command))
}

/// Runs a program to its end without a line of our own; its standard output comes back.
pub(crate) fn finish(title: &str, show: Show, command: &mut Command) -> Result<String, Failure> {
    if io::stderr().is_terminal() {
        // Programs see a pipe, because we read along for "disk full"; the person sees a terminal all the same.
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| cannot_start(command, &error))?;
    let said = Arc::new(Mutex::new(String::new()));
    let errors = child.stderr.take().map(|pipe| {
        let said = Arc::clone(&said);
        thread::spawn(move || read_along(pipe, &said, show, &mut io::stderr()))
    });
    let output = Arc::new(Mutex::new(String::new()));
    if let Some(pipe) = child.stdout.take() {
        read_along(pipe, &output, show, &mut io::stdout());
    }
    if let Some(errors) = errors {
        // The reader ends with the pipe and cannot panic; a result would say nothing.
        let _ = errors.join();
    }
    let status = child.wait().map_err(|error| cannot_start(command, &error))?;
    family::wait_if_ending();
    let (output, said) = (text(&output), text(&said));
    if status.success() {
        return Ok(output);
    }
    if show == Show::OnFailure {
        eprint!("{output}{said}");
    }
    Err(Failure::of_step(title, &format!("{output}{said}")))
}

/// Copies a pipe line by line into `said`, and to the person if wished.
fn read_along(pipe: impl Read, said: &Mutex<String>, show: Show, person: &mut impl Write) {
    let mut reader = BufReader::new(pipe);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|bytes| bytes > 0) {
        if show == Show::Always {
            // A person who closed the terminal does not stop the work.
            let _ = person.write_all(&line);
            let _ = person.flush();
        }
        if let Ok(mut said) = said.lock() {
            said.push_str(&String::from_utf8_lossy(&line));
        }
        line.clear();
    }
}

fn text(said: &Mutex<String>) -> String {
    said.lock().map(|said| said.clone()).unwrap_or_default()
}

/// A program that could not be started, most often because it is not installed.
pub(crate) fn cannot_start(command: &Command, error: &io::Error) -> Failure {
    let program = command.get_program().to_string_lossy().into_owned();
    if error.kind() != io::ErrorKind::NotFound {
        return Failure::new(format!("Could not start {program}: {error}."));
    }
    let remedy = match program.as_str() {
        "rustup" => {
            "install it from rustup.rs, or add the target wasm32-unknown-unknown to your Rust by other means"
        }
        "node" | "npm" => "install Node.js 20 or newer, which brings npm",
        _ => "install it, or put it on the PATH",
    };
    Failure::new(format!("{program} is missing; {remedy}."))
}
