//! A program that ends together with everything it started.

use std::process::{Child, Command};

use rustix::process::{Pid, Signal, kill_process};

/// A running program. Dropping it ends it and all of its descendants.
///
/// It stays in the process group of the test, so that Ctrl-C in a terminal, or whoever kills that group, reaches it too.
/// The descendants are looked up before the program is killed, because afterwards the system gives them to another parent
/// and nothing connects them any more; a WebDriver that is killed does leave its browser running.
pub(super) struct ProcessTree {
    child: Child,
}

impl ProcessTree {
    /// Starts `command`.
    ///
    /// # Panics
    /// When the program cannot be started; the message names it.
    pub(super) fn start(command: &mut Command) -> ProcessTree {
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {program}: {error}"));
        ProcessTree { child }
    }

    /// The running program, for its output or its exit status.
    pub(super) fn child(&mut self) -> &mut Child {
        &mut self.child
    }
}

impl Drop for ProcessTree {
    fn drop(&mut self) {
        let mut ids = vec![self.child.id()];
        let parents = parents();
        let mut next = 0;
        while let Some(&id) = ids.get(next) {
            ids.extend(
                parents
                    .iter()
                    .filter(|(_, parent)| *parent == id)
                    .map(|(child, _)| *child),
            );
            next += 1;
        }
        // The program itself first: it must not restart what is ended below it.
        let _ = self.child.kill();
        let _ = self.child.wait();
        for id in ids
            .iter()
            .skip(1)
            .filter_map(|id| Pid::from_raw(id.cast_signed()))
        {
            // One that ended meanwhile is what was wanted.
            let _ = kill_process(id, Signal::KILL);
        }
    }
}

/// Every process with its parent, as `/proc` lists them now.
fn parents() -> Vec<(u32, u32)> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let id: u32 = entry.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            // The name stands in brackets and may itself hold blanks or brackets: count from the last one
            // (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html).
            let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
            Some((id, parent))
        })
        .collect()
}
