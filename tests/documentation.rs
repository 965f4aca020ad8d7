//! The requests of docs/collector.md, sent as they stand there.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::path::Path;

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
