//! The requests of docs/collector.md, sent as they stand there, and the attributes of docs/tag.md, held to the code that reads them.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use attribution::timestamp::Timestamp;
use collector::request::Request;
use support::failing_database::FailingDatabase;
use support::native_collector::{ADMIN_TOKEN, NativeCollector, ask};
use support::sqlite_database::SqliteDatabase;

/// The `curl` commands of a page: what they send.
fn requests_in(page: &str) -> Vec<Request> {
    let one_line = page.replace("\\\n", " ");
    let commands = one_line.split("\ncurl ").skip(1);
    let request = |command: &str| {
        let method = command
            .strip_prefix("-X ")
            .and_then(|rest| rest.split(' ').next());
        let (_, path) = command.split_once("$BASE/").expect("a path");
        let path = path.split([' ', '"']).next().expect("a path");
        let (_, body) = command.split_once("-d '").expect("a body");
        let (body, _) = body.split_once('\'').expect("the body's end");
        ask(method.expect("a method"), path, ADMIN_TOKEN, body)
    };
    commands.map(request).collect()
}

#[test]
fn every_request_of_the_page_is_taken() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/collector.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let requests = requests_in(&page);
    let paths: Vec<&str> = requests.iter().map(|request| request.path.as_str()).collect();
    let expected = [
        "sites/shop",
        "keys/crm",
        "destinations/google",
        "access",
        "erasures",
    ];
    assert_eq!(paths, expected.map(|path| format!("/throughline/v1/{path}")));
    let database = FailingDatabase::new(SqliteDatabase::migrated());
    let collector = NativeCollector::new(&database);
    for request in requests {
        let reply = collector.answer(&request, Timestamp::from_ms(1_795_435_200_000));
        let body = String::from_utf8_lossy(&reply.body);
        assert!(reply.status < 300, "{} {}: {body}", request.method, request.path);
    }
}

/// The text of every file of the browser's shells that may read the tag.
fn sources_of_the_tag() -> String {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut folders: Vec<PathBuf> = ["capture", "on_demand", "user_data"]
        .iter()
        .map(|name| crates.join(name))
        .collect();
    let settings = crates.join("attribution/src/tag_settings.rs");
    let mut text = std::fs::read_to_string(settings).expect("the tag's settings");
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "js") {
                text += &std::fs::read_to_string(&path).expect("a script");
            }
        }
    }
    text
}

/// What follows each of these beginnings, as far as the name goes, in the words of an attribute.
fn attributes_read(text: &str) -> BTreeSet<String> {
    let beginnings = ["dataset.", "script.getAttribute(\"data-", "text(\"", "filled(\""];
    let named = |rest: &str| {
        let end = rest.find(|c: char| !c.is_ascii_alphabetic() && c != '-');
        let name = end.map_or(rest, |end| &rest[..end]);
        let mut words = String::from("data-");
        for c in name.chars() {
            if c.is_ascii_uppercase() {
                words.push('-');
            }
            words.push(c.to_ascii_lowercase());
        }
        words
    };
    let after = |beginning| text.split(beginning).skip(1).map(named);
    beginnings.into_iter().flat_map(after).collect()
}

#[test]
fn the_attributes_of_the_tag_are_those_that_the_script_reads() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/tag.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let explained: BTreeSet<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `data-")?.split('`').next())
        .map(|name| format!("data-{name}"))
        .collect();
    let sources = sources_of_the_tag();
    let read = attributes_read(&sources);
    assert!(read.len() > 12, "{read:?}");
    let unexplained: Vec<&String> = read.difference(&explained).collect();
    assert!(unexplained.is_empty(), "read and not explained: {unexplained:?}");
    for attribute in &explained {
        let camel: String = attribute["data-".len()..]
            .split('-')
            .enumerate()
            .map(|(place, word)| match word.split_at(1) {
                (first, rest) if place > 0 => first.to_ascii_uppercase() + rest,
                _ => word.to_owned(),
            })
            .collect();
        let is_read = read.contains(attribute)
            || sources.contains(&format!("{camel}:")) // taken out of the tag's `dataset` by its name
            || sources.contains(&format!("{{ {camel} }}"))
            || sources.contains(&format!("\"{camel}\" in dataset"));
        assert!(is_read, "explained, and nobody reads it: {attribute}");
    }
}
