//! `cargo xtask dev --limits`: the platform's rate limiter and a site's budget, as in a deployment.

use std::process::Stdio;

use attribution::limits::REQUESTS_OF_ADDRESS_MAX;
use support::runtime::{Client, Runtime};

use crate::sender::{FROM_SCRIPT, ORIGIN, check_problem, lead, lead_id};

pub(crate) fn a_flood_is_stopped_before_the_store_and_a_budget_at_its_end() {
    let state = tempfile::tempdir().expect("a folder for the store");
    let runtime = Runtime::start_with(state.path(), &["--limits"], Stdio::inherit());
    let client = Client::of_port(runtime.port());
    runtime.execute("UPDATE sites SET daily_budget = 3");
    let send = |number: u32| {
        let body = lead(&lead_id(&format!("limit{number}"))).to_string();
        let answer = client.ask("POST", "v1/leads", &FROM_SCRIPT, body.as_bytes());
        answer.expect("an answer")
    };
    for number in 0..3 {
        assert_eq!(send(number).status, 201);
    }
    let over_budget = send(3);
    check_problem(&over_budget, 429, "budget_spent");
    let left = over_budget.header("Retry-After").parse::<u32>().expect("seconds");
    assert!((1..=86_400).contains(&left), "{left}");
    assert_eq!(over_budget.header("Access-Control-Allow-Origin"), ORIGIN);
    assert_eq!(runtime.rows_in("leads"), 3);

    runtime.execute("UPDATE sites SET daily_budget = NULL");
    let limited = (4..=REQUESTS_OF_ADDRESS_MAX * 2)
        .map(send)
        .find(|answer| answer.status != 201);
    let limited = limited.expect("the limiter says no at last");
    check_problem(&limited, 429, "rate_limited");
    assert_eq!(limited.header("Retry-After"), "60");
    assert_eq!(limited.header("Access-Control-Allow-Origin"), ORIGIN);
    let refused = runtime.ask("GET", "health", &[], &[]).json();
    assert_eq!(
        refused["refused"]["rate_limited"],
        serde_json::Value::Null,
        "a flood writes nothing"
    );
    // Whoever shows a key, or only looks, is served.
    let key = [
        ("Authorization", "Bearer dev-admin-token"),
        ("Content-Type", "application/json"),
    ];
    let outcomes = client.ask("POST", "v1/outcomes", &key, b"[]").expect("an answer");
    assert_ne!(outcomes.status, 429);
}
