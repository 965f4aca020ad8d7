//! Every process that we started, and its end.
//!
//! Children stay in our process group, so Ctrl-C and a kill of the group reach them without us. A signal sent to us
//! alone does not; then we end all descendants: politely first, then without asking.

use std::collections::HashMap;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::failure::Failure;
use crate::step::Stopwatch;

/// Set while a signal ends us: whoever waits for a child then has nothing more to say.
static ENDING: AtomicBool = AtomicBool::new(false);

/// How long a process may take to end by itself. Wrangler closes its databases in well under a second.
const POLITE: Duration = Duration::from_secs(5);

/// From now on SIGINT, SIGTERM and SIGHUP end our descendants and then us.
pub(crate) fn end_on_signals() -> Result<(), Failure> {
    // A grandchild whose parent died becomes our child instead of init's, so that it can be found. Linux only;
    // elsewhere wrangler's own clean-up has to do.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));

    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])
        .map_err(|error| Failure::new(format!("Could not listen for signals: {error}.")))?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            ENDING.store(true, Ordering::SeqCst);
            end();
            // The shell's convention for an end by a signal.
            std::process::exit(128 + signal);
        }
    });
    Ok(())
}

/// Ends all descendants when it is dropped: at the end of `main`, and also on the way out of a panic, such as the one
/// of `eprintln!` when nobody reads any more.
#[derive(Debug)]
pub(crate) struct EndWithMain;

impl Drop for EndWithMain {
    fn drop(&mut self) {
        end();
    }
}

/// Does not return if a signal is ending us: the thread that got it exits for everybody.
pub(crate) fn wait_if_ending() {
    while ENDING.load(Ordering::SeqCst) {
        thread::park();
    }
}

/// Ends all descendants and comes back when none is left.
pub(crate) fn end() {
    let watch = Stopwatch::start();
    let mut asked: Vec<Pid> = Vec::new();
    loop {
        let alive = descendants();
        if alive.is_empty() {
            return;
        }
        for pid in alive {
            if watch.elapsed() > POLITE {
                // Only fails if the process has gone in between, which is what we want.
                let _ = kill_process(pid, Signal::KILL);
            } else if !asked.contains(&pid) {
                let _ = kill_process(pid, Signal::TERM);
                asked.push(pid);
            }
        }
        // Nothing reports the end of a grandchild to us, so we look again.
        thread::sleep(Duration::from_millis(20));
    }
}

/// All living processes below us.
fn descendants() -> Vec<Pid> {
    let parents = parents();
    let me = std::process::id().cast_signed();
    let mut found = Vec::new();
    for &pid in parents.keys() {
        let mut ancestor = pid;
        // A process id is never its own ancestor; the bound guards against a table read while it changed.
        for _ in 0..64 {
            match parents.get(&ancestor) {
                Some(&parent) if parent == me => {
                    found.extend(Pid::from_raw(pid));
                    break;
                }
                Some(&parent) => ancestor = parent,
                None => break,
            }
        }
    }
    found
}

/// Process id → parent's process id, without those that have ended and wait to be collected.
fn parents() -> HashMap<i32, i32> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return parents_by_ps();
    };
    let mut parents = HashMap::new();
    for entry in entries.flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        let Ok(line) = fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        if let Some(parent) = parent_in_stat(&line) {
            parents.insert(pid, parent);
        }
    }
    parents
}

/// The parent in a line of `/proc/PID/stat`: the second field after the program's name, which stands in brackets and
/// may hold anything. `None` for a process that has ended.
/// <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>
fn parent_in_stat(line: &str) -> Option<i32> {
    let (_, after_name) = line.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace();
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    (state != "Z" && state != "X").then_some(parent)
}

/// The same on systems without `/proc`.
fn parents_by_ps() -> HashMap<i32, i32> {
    let mut ps = Command::new("ps");
    ps.args(["-A", "-o", "pid=,ppid=,stat="])
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let Ok(ps) = ps.spawn() else { return HashMap::new() };
    // `ps` lists itself, our child; it would keep us waiting for an end that has come.
    let itself = ps.id().cast_signed();
    let Ok(output) = ps.wait_with_output() else {
        return HashMap::new();
    };
    let mut parents = HashMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let mut fields = line.split_whitespace();
        let pid = fields.next().and_then(|field| field.parse().ok());
        let parent = fields.next().and_then(|field| field.parse().ok());
        let ended = fields.next().is_some_and(|state| state.starts_with('Z'));
        if let (Some(pid), Some(parent), false) = (pid, parent, ended)
            && pid != itself
        {
            parents.insert(pid, parent);
        }
    }
    parents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_the_parent_is_read_whatever_the_program_is_called() {
        for (line, parent) in [
            ("12 (workerd) S 7 7 7 0 -1", Some(7)),
            ("12 (a) b (c)) R 9 9 9 0 -1", Some(9)),
            ("12 (node) Z 7 7 7 0 -1", None),
            ("nonsense", None),
        ] {
            assert_eq!(parent_in_stat(line), parent, "{line}");
        }
    }
}
