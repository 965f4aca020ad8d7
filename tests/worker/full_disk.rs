//! A real disk that fills up under the runtime's store, and has room again: a small file system in memory, for which the
//! test must be root. Elsewhere `full_disk.rs` shows the same by SQLite's own limit.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use support::runtime::{Answer, Client, Runtime, column, integrity};

use crate::sender::{FROM_SCRIPT, lead, lead_id};

/// Leads that are sent while nothing is left.
const SENT_IN_VAIN: usize = 60;

/// Leads that may be taken while the last room is filled; many more would mean that it never is.
const TAKEN_MAX: usize = 3_000;

/// A file system of 8 MiB in memory, gone when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(folder: &Path) -> Option<Self> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(folder);
        let status = mount.stderr(Stdio::null()).status();
        status
            .is_ok_and(|status| status.success())
            .then(|| Self(folder.to_owned()))
    }

    /// Takes all room but a little.
    fn fill(&self) -> PathBuf {
        let ballast = self.0.join("ballast");
        let file = File::create(&ballast).expect("a file");
        let free = Command::new("df")
            .args(["--output=avail", "-B1"])
            .arg(&self.0)
            .output()
            .expect("df");
        let free = String::from_utf8_lossy(&free.stdout)
            .lines()
            .last()
            .and_then(|line| line.trim().parse::<i64>().ok());
        let bytes = free.expect("a number") - 256 * 1_024;
        let zeroes = vec![0; usize::try_from(bytes).expect("room for ballast")];
        std::io::Write::write_all(&mut &file, &zeroes).expect("ballast");
        ballast
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn send(client: &Client, number: usize) -> (String, Answer) {
    let id = lead_id(&format!("full{number}"));
    let body = lead(&id).to_string();
    let answer = client.ask("POST", "v1/leads", &FROM_SCRIPT, body.as_bytes());
    (id, answer.expect("an answer"))
}

pub(crate) fn nothing_is_acknowledged_while_the_disk_is_full_and_everything_once_there_is_room() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(disk) = SmallDisk::mount(folder.path()) else {
        println!("only root may mount a small disk, so it is left out");
        return;
    };
    let state = folder.path().join("state");
    let runtime = Runtime::start(&state);
    let client = Client::of_port(runtime.port());
    let mut acknowledged = vec![send(&client, 0).0];
    let ballast = disk.fill();

    let mut number = 0;
    let refused = loop {
        number += 1;
        assert!(number < TAKEN_MAX, "the disk does not fill up");
        let (id, answer) = send(&client, number);
        match answer.status {
            201 => acknowledged.push(id),
            _ => break answer,
        }
    };
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (503, &"storage_unavailable".into())
    );
    assert_eq!(refused.header("Retry-After"), "5");
    let taken = acknowledged.len();
    for more in 0..SENT_IN_VAIN {
        let (_, answer) = send(&client, number + more);
        assert_eq!(
            answer.status,
            503,
            "{} of {SENT_IN_VAIN} while full: {}",
            more,
            answer.text()
        );
    }

    std::fs::remove_file(ballast).expect("room again");
    for more in 0..SENT_IN_VAIN {
        let (id, answer) = send(&client, number + more);
        assert_eq!(answer.status, 201, "{}", answer.text());
        acknowledged.push(id);
    }
    runtime.kill();
    assert_eq!(integrity(&state), "ok");
    let mut stored = column(&state, "SELECT lead_id FROM leads");
    stored.sort();
    acknowledged.sort();
    assert_eq!(stored, acknowledged, "0 lost, and nothing that was refused");
    println!(
        "{taken} taken, {SENT_IN_VAIN} refused while full, {SENT_IN_VAIN} taken at once when there was room; 0 lost"
    );
}
