//! The requests of docs/collector.md, docs/deliveries.md and docs/platforms.md, sent as they stand there, the attributes of
//! docs/tag.md, held to the code that reads them, and the files that ARCHITECTURE.md and the README of the tests lead to.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use attribution::delivery::Delivery;
use attribution::tag_settings::ATTRIBUTES;
use attribution::timestamp::Timestamp;
use attribution::upload_status::UploadStatus;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use collector::platform_access::names_of;
use collector::request::Request;
use serde_json::Value;
use support::failing_database::FailingDatabase;
use support::native_collector::{ADMIN_TOKEN, NativeCollector, ask};
use support::sqlite_database::SqliteDatabase;

/// The `curl` commands of a page: what they send. `$PASSWORD` is the one that was shown last.
fn commands_in(page: &str) -> Vec<String> {
    let blocks = page.split("\n```").skip(1).step_by(2);
    let commands = blocks.flat_map(|block| {
        let one_line = block.replace("\\\n", " ");
        let commands = one_line.split("\ncurl ").skip(1);
        commands.map(str::to_owned).collect::<Vec<_>>()
    });
    commands.filter(|command| command.contains("$BASE/")).collect()
}

fn request(command: &str, password: &str) -> Request {
    let after = |option: &str| command.split_once(option).map(|(_, rest)| rest);
    let method = match (after("-X "), command.starts_with("-I ")) {
        (Some(rest), _) => rest.split(' ').next().expect("a method"),
        (None, true) => "HEAD",
        (None, false) => "GET",
    };
    let path = after("$BASE/").expect("a path");
    let path = path.split([' ', '"', '\n']).next().expect("a path");
    let body = after("-d '").map_or("", |rest| rest.split('\'').next().expect("the body's end"));
    let request = ask(method, path, ADMIN_TOKEN, body);
    let Some(login) = after("-u \"") else {
        return request;
    };
    let login = login.split('"').next().expect("the login's end");
    let basic = STANDARD.encode(login.replace("$PASSWORD", password));
    Request {
        authorization: Some(format!("Basic {basic}")),
        ..request
    }
}

/// Sends all of a page's requests in order, and says which they were.
fn run(page: &str, collector: &NativeCollector<&FailingDatabase>) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(page);
    let text = std::fs::read_to_string(path).expect("the page");
    let mut password = String::new();
    let mut asked = Vec::new();
    for command in commands_in(&text) {
        let request = request(&command, &password);
        let reply = collector.answer(&request, Timestamp::from_ms(1_795_435_200_000));
        let body = String::from_utf8_lossy(&reply.body);
        assert!(reply.status < 300, "{page}: {command}: {body}");
        if let Ok(answer) = serde_json::from_slice::<Value>(&reply.body) {
            // Rows of a batch are answered for one by one.
            assert_eq!(
                answer.get("refused").unwrap_or(&Value::from(0)),
                &Value::from(0),
                "{body}"
            );
            password = answer["feed_password"].as_str().map_or(password, str::to_owned);
        }
        let path = request.path.strip_prefix("/throughline/").expect("our folder");
        asked.push(format!("{} {path}", request.method));
    }
    asked
}

#[test]
fn every_request_of_the_pages_is_taken() {
    let database = FailingDatabase::new(SqliteDatabase::migrated());
    let collector = NativeCollector::new(&database);
    assert_eq!(
        run("collector.md", &collector),
        [
            "PUT v1/sites/shop",
            "PUT v1/keys/crm",
            "PUT v1/destinations/google",
            "POST v1/access",
            "POST v1/erasures",
        ]
    );
    assert_eq!(
        run("deliveries.md", &collector),
        [
            "PUT v1/destinations/bing",
            "HEAD feeds/bing/conversions.csv",
            "GET feeds/bing/conversions.csv",
            "GET feeds/bing/adjustments.csv",
            "POST v1/outcomes",
            "GET v1/outcomes/deal-2001",
            "GET v1/deliveries",
            "GET v1/diagnostics",
        ]
    );
    assert_eq!(
        run("platforms.md", &collector),
        [
            "PUT v1/destinations/google-api",
            "PUT v1/destinations/microsoft-api",
            "PUT v1/destinations/meta-api",
        ]
    );
}

#[test]
fn every_secret_and_variable_of_the_platforms_is_explained() {
    let page = include_str!("../docs/platforms.md");
    for platform in ["google", "microsoft", "meta"] {
        for name in names_of(platform) {
            // Meta gives out no tokens.
            assert!(
                page.contains(&format!("`{name}`")) || name == "META_TOKEN_URL",
                "{name}"
            );
        }
    }
}

/// Every state and every status that the page explains is one that there is, and none is left out.
#[test]
fn the_page_of_deliveries_names_every_state_and_every_status() {
    let page = include_str!("../docs/deliveries.md");
    let explained = |heading: &str| -> Vec<String> {
        let (_, table) = page.split_once(heading).expect("the table");
        let rows = table.lines().skip(2).take_while(|line| line.starts_with("| `"));
        rows.filter_map(|row| row.split('`').nth(1))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(explained("| state | meaning |"), Delivery::STATES);
    let statuses = [
        UploadStatus::NoRecentUpload,
        UploadStatus::NeedsAttention,
        UploadStatus::Good,
        UploadStatus::Excellent,
    ];
    assert_eq!(explained("| status | when |"), statuses.map(UploadStatus::name));
}

/// The text of every file of the browser's shells that may read the tag.
fn sources_of_the_tag() -> String {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut folders: Vec<PathBuf> = ["capture", "on_demand", "user_data"]
        .iter()
        .map(|name| crates.join(name))
        .collect();
    let mut text = String::new();
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
    let beginnings = ["dataset.", "script.getAttribute(\"data-"];
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
    let mut read = attributes_read(&sources);
    read.extend(ATTRIBUTES.map(|name| format!("data-{name}")));
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

/// The paths that a page names in backticks, paragraph by paragraph and row by row, without its fenced blocks.
fn paths_named(page: &str) -> Vec<Vec<String>> {
    let prose: String = page.split("```").step_by(2).collect();
    let rows = prose.replace("\n|", "\n\n|");
    let is_path = |text: &&str| {
        let endings = [
            ".rs", ".js", ".mjs", ".sql", ".csv", ".txt", ".md", ".toml", ".css", "/",
        ];
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
        !text.starts_with(['/', '.'])
            && text.chars().all(is_plain)
            && endings.iter().any(|ending| text.ends_with(ending))
    };
    let of = |paragraph: &str| {
        let named = paragraph.split('`').skip(1).step_by(2).filter(is_path);
        named.map(str::to_owned).collect()
    };
    rows.split("\n\n").map(of).collect()
}

/// Where a path leads: from the checkout or from `folder`, into a crate or its sources, or else from the folder of the path
/// before it and those above.
fn place_of(path: &str, folder: &str, before: Option<&Path>) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (of_crate, in_crate) = path.split_once('/').unwrap_or((path, ""));
    let crates = root.join("crates").join(of_crate);
    let mut places = vec![
        root.join(path),
        root.join(folder).join(path),
        crates.join(in_crate),
    ];
    places.push(crates.join("src").join(in_crate));
    places.extend(
        before
            .into_iter()
            .flat_map(Path::ancestors)
            .map(|above| above.join(path)),
    );
    places.into_iter().find(|place| place.exists())
}

#[test]
fn every_path_that_leads_a_newcomer_is_there() {
    for (page, folder, at_least) in [
        (include_str!("../ARCHITECTURE.md"), "", 100),
        (include_str!("README.md"), "tests", 40),
    ] {
        let mut lost = Vec::new();
        let mut found = 0;
        for paragraph in paths_named(page) {
            let mut before = None;
            for path in paragraph {
                match place_of(&path, folder, before.as_deref()) {
                    Some(place) => before = Some(place),
                    None => lost.push(path),
                }
                found += 1;
            }
        }
        assert!(lost.is_empty(), "not there: {lost:?}");
        assert!(found >= at_least, "{found} paths");
    }
}

#[test]
fn every_test_program_is_in_the_readme_of_the_tests() {
    let readme = include_str!("README.md");
    let manifest = include_str!("Cargo.toml");
    let programs = manifest.split("[[test]]").skip(1);
    let names: Vec<&str> = programs.filter_map(|program| program.split('"').nth(1)).collect();
    assert!(names.len() > 40, "{names:?}");
    for name in names {
        let is_named = [format!("`{name}.rs`"), format!("`{name}/")]
            .iter()
            .any(|path| readme.contains(path));
        assert!(is_named, "{name} answers no question there");
    }
}
