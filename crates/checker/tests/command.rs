//! The command as a person starts it: what it prints where, and how it ends.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

const GCLID: &str =
    "CjwKCAiAnsvXBhAfEiwAozRy1_vhegEpOJMy5gX7oGvLgLK2wCeuLZWT6kieDLy67NguzP872fvLhBoC1_UQAvD_BwE";
const HEADER: &str = "Google Click ID,Conversion Name,Conversion Time";

fn run(words: &[&str], piped: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_throughline-check"));
    command
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // The command may end before it has read anything.
    let _ = child.stdin.take().unwrap().write_all(piped);
    child.wait_with_output().unwrap()
}

#[test]
fn it_ends_with_0_1_or_2() {
    let wrong = format!("{HEADER}\n{GCLID},Sale,tomorrow\n");
    let address = format!("https://www.example.com/?gclid={}", &GCLID[..50]);
    for (words, piped, code, out, err) in [
        (&["-"][..], format!("{HEADER}\n"), 0, "0 rows\n0 fine", ""),
        (
            &["-"],
            wrong,
            1,
            "line 2, Conversion Time: refused, time_invalid",
            "",
        ),
        (
            &["-"],
            "undefined\n".to_owned(),
            1,
            "gclid: doubtful, not_an_id",
            "",
        ),
        (
            &[address.as_str()],
            String::new(),
            1,
            "ends after 50 characters",
            "",
        ),
        (&["-"], "a,b\n1,2\n".to_owned(), 2, "", "header_unknown"),
        (&["-"], String::new(), 2, "", "file_empty"),
        (&["-"], "\0\0\0".to_owned(), 2, "", "file_not_text"),
        (&["missing.csv"], String::new(), 2, "", "missing.csv"),
        (&[], String::new(), 2, "", "Name a file"),
        (&["one", "two"], String::new(), 2, "", "Name a file"),
    ] {
        let output = run(words, piped.as_bytes());
        let (said, complained) = (
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        );
        assert_eq!(output.status.code(), Some(code), "{words:?} {piped:?}");
        assert!(
            said.contains(out) && complained.contains(err),
            "{said}{complained}"
        );
        assert_eq!((said.is_empty(), complained.is_empty()), (code == 2, code != 2));
    }
}

#[test]
fn a_file_is_read_by_its_name_and_no_cell_of_it_is_printed() {
    let folder = std::env::temp_dir().join(format!("throughline-check-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("conversions.csv");
    std::fs::write(
        &file,
        format!("{HEADER},Order ID\n{GCLID},Sale,yesterday,ann@example.com\n"),
    )
    .unwrap();
    let output = run(&[file.to_str().unwrap()], b"");
    std::fs::remove_dir_all(&folder).unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("order_id_names_person"), "{said}");
    for cell in [GCLID, "yesterday", "ann@example.com"] {
        assert!(!said.contains(cell), "{said}");
    }
}

#[test]
fn who_stops_reading_does_no_harm() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_throughline-check"));
    command.arg(GCLID).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.code().is_some());
}
