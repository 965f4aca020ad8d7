//! The file that Google fetches, and the paths beside it.

use serde_json::{Value, json};
use support::runtime::Runtime;

use crate::sender::{FROM_CRM, check_problem, deal, lead, lead_id, send_lead, send_outcomes};

const FEED: &str = "feeds/google-demo/conversions.csv";

const CHANGES: &str = "feeds/google-demo/adjustments.csv";

/// `google-demo:dev-feed-password`.
const FROM_GOOGLE: (&str, &str) = ("Authorization", "Basic Z29vZ2xlLWRlbW86ZGV2LWZlZWQtcGFzc3dvcmQ=");

pub(crate) fn a_click_id_goes_from_the_lead_to_the_file_byte_for_byte(runtime: &Runtime) {
    let id = lead_id("feed");
    let gclid =
        "Cj0KCQiA_P_XBhDVARIs-FFYLcHGXw8lM9mLOBuQr-6nFx_LGfF4ZPQ6pNHPvdbJGIaemUAcqMr9cYkaAgfYEALw_wcB";
    let mut from_an_ad = lead(&id);
    from_an_ad["touches"][0]["ids"]["gclid"] = json!(gclid);
    assert_eq!(send_lead(runtime, &from_an_ad).status, 201);
    let refusing = lead_id("refusing");
    let mut without_upload = lead(&refusing);
    without_upload["consent"]["ad_user_data"] = json!("denied");
    assert_eq!(send_lead(runtime, &without_upload).status, 201);
    let mut lost = deal("feed-lost", &id);
    lost["kind"] = json!("lost");
    let batch: Value = json!([deal("feed-won", &id), lost, deal("feed-refusing", &refusing)]);
    assert_eq!(send_outcomes(runtime, &batch).json()["accepted"], 3);

    let feed = runtime.ask("GET", FEED, &[FROM_GOOGLE], &[]);
    assert_eq!(feed.status, 200);
    assert_eq!(feed.header("Content-Type"), "text/csv; charset=utf-8");
    assert_eq!(feed.header("Cache-Control"), "no-store");
    let text = feed.text();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("Parameters:TimeZone=+0000"));
    let header = "Google Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency,Order ID,\
                  Ad User Data,Ad Personalization";
    assert_eq!(lines.next(), Some(header));
    let row = format!("{gclid},Closed deal,2026-11-20 13:05:00+0000,1250.00,EUR,feed-won,Granted,Denied");
    assert!(lines.any(|line| line == row), "{text}");
    for absent in ["feed-lost", "feed-refusing"] {
        assert!(!text.contains(absent), "{absent} in {text}");
    }
    assert!(
        feed.header("Throughline-Left-Out")
            .contains("ad_user_data_denied=1"),
        "{:?}",
        feed.headers
    );
    let head = runtime.ask("HEAD", FEED, &[FROM_GOOGLE], &[]);
    assert_eq!((head.status, head.body.len()), (200, 0));
    let rows: usize = feed.header("Throughline-Rows").parse().expect("a number");
    assert_eq!(text.lines().count(), rows + 2);
}

pub(crate) fn a_change_of_what_was_fetched_goes_to_the_file_of_changes(runtime: &Runtime) {
    let id = lead_id("changed");
    assert_eq!(send_lead(runtime, &lead(&id)).status, 201);
    let deals = json!([deal("changed-before", &id), deal("changed-after", &id)]);
    assert_eq!(send_outcomes(runtime, &deals).json()["accepted"], 2);
    let restate = |outcome_id: &str| json!({"outcome_id": outcome_id, "change": "restate", "value": "900.00", "currency": "EUR"});
    assert_eq!(send_outcomes(runtime, &restate("changed-before")).status, 200);
    let conversions = runtime.ask("GET", FEED, &[FROM_GOOGLE], &[]).text();
    for row in ["900.00,EUR,changed-before,", "1250.00,EUR,changed-after,"] {
        assert!(conversions.contains(row), "{conversions}");
    }
    assert_eq!(send_outcomes(runtime, &restate("changed-after")).status, 200);
    let changes = runtime.ask("GET", CHANGES, &[FROM_GOOGLE], &[]);
    assert_eq!(changes.status, 200);
    let text = changes.text();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("Parameters:TimeZone=+0000"));
    let header =
        "Order ID,Conversion Name,Adjustment Time,Adjustment Type,Adjusted Value,Adjusted Value Currency";
    assert_eq!(lines.next(), Some(header));
    let is_row =
        |line: &str| line.starts_with("changed-after,Closed deal,") && line.ends_with(",RESTATE,900.00,EUR");
    assert_eq!(lines.filter(|line| is_row(line)).count(), 1, "{text}");
    assert!(!text.contains("changed-before"), "{text}");
}

pub(crate) fn the_story_and_the_diagnostics_tell_what_was_fetched(runtime: &Runtime) {
    let id = lead_id("story");
    assert_eq!(send_lead(runtime, &lead(&id)).status, 201);
    assert_eq!(
        send_outcomes(runtime, &deal("story-won", &id)).json()["accepted"],
        1
    );
    assert_eq!(runtime.ask("GET", FEED, &[FROM_GOOGLE], &[]).status, 200);
    let story = runtime
        .ask("GET", &format!("v1/leads/{id}"), &FROM_CRM, &[])
        .json();
    let events: Vec<&str> = story["story"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|event| event["event"].as_str())
        .collect();
    assert_eq!(events.first(), Some(&"touch"), "{story}");
    assert_eq!(story["deliveries"][0]["state"], "fetched", "{story}");
    let report = runtime.ask("GET", "v1/diagnostics", &FROM_CRM, &[]).json();
    let total = &report["total"];
    let at = &total["destinations"]["google-demo"];
    assert!(total["leads"]["count"].as_u64() >= Some(1), "{report}");
    assert!(at["delivered"].as_u64() >= Some(1), "{report}");
    assert_eq!(report["destinations"][0]["destination"], "google-demo");
    assert_eq!(report["days"].as_array().map(Vec::len), Some(28));
}

pub(crate) fn err_without_the_password_there_is_no_file(runtime: &Runtime) {
    let table = [
        (FEED, None),
        (FEED, Some("Basic Z29vZ2xlLWRlbW86d3Jvbmc=")),
        (FEED, Some("Basic OmRldi1mZWVkLXBhc3N3b3Jk")),
        (CHANGES, None),
        (CHANGES, Some("Basic Z29vZ2xlLWRlbW86d3Jvbmc=")),
        (FEED, Some("Basic !")),
        (FEED, Some("Bearer dev-feed-password")),
        ("feeds/nobody/conversions.csv", Some(FROM_GOOGLE.1)),
        ("feeds/nobody/conversions.csv", Some("Basic Og==")),
        ("feeds/google-demo/other.csv", None),
    ];
    for (path, authorization) in table {
        let headers: Vec<(&str, &str)> = authorization
            .map(|value| ("Authorization", value))
            .into_iter()
            .collect();
        let answer = runtime.ask("GET", path, &headers, &[]);
        check_problem(&answer, 401, "feed_password_invalid");
        assert!(
            answer.header("WWW-Authenticate").starts_with("Basic "),
            "{path} {authorization:?}"
        );
        assert!(!answer.text().contains("Google Click ID"));
    }
    check_problem(
        &runtime.ask("GET", "feeds/google-demo/other.csv", &[FROM_GOOGLE], &[]),
        404,
        "not_found",
    );
}

pub(crate) fn health_and_unknown_paths(runtime: &Runtime) {
    let health = runtime.ask("GET", "health", &[], &[]);
    assert_eq!((health.status, &health.json()["status"]), (200, &json!("ok")));
    for path in [
        "v1/",
        "v1/leads/",
        "v1/nothing",
        "feeds/google-demo",
        "feeds/a/b/c.csv",
    ] {
        check_problem(&runtime.ask("GET", path, &[], &[]), 404, "not_found");
    }
    check_problem(
        &runtime.ask("PATCH", "health", &[], &[]),
        405,
        "method_not_allowed",
    );
    check_problem(
        &runtime.ask("DELETE", FEED, &[FROM_GOOGLE], &[]),
        405,
        "method_not_allowed",
    );
}
