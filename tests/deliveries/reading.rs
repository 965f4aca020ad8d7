//! What a person reads of a delivery before any sweep has looked at it.

use serde_json::{Value, json};
use support::failing_database::Fault;
use support::native_collector::{NativeCollector, post_lead};

use crate::stage::{CLICK, ORIGIN, OUTCOME, Stage, lead_body, outcome_id};

/// A lead of whoever it is, with what the visitor answered.
fn lead(stage: &Stage, number: usize, user_agent: &str, ad_user_data: &str) {
    let mut lead = lead_body(number, CLICK);
    lead["consent"]["ad_user_data"] = json!(ad_user_data);
    let mut request = post_lead(ORIGIN, lead.to_string().as_bytes());
    request.user_agent = Some(user_agent.to_owned());
    let reply = NativeCollector::new(&stage.database).answer(&request, stage.platform.now.get());
    assert_eq!(reply.status, 201, "{}", String::from_utf8_lossy(&reply.body));
}

/// State and code.
fn stands(delivery: &Value) -> [String; 2] {
    ["state", "code"].map(|name| delivery[name].as_str().unwrap_or_default().to_owned())
}

fn of_sales(answer: &Value) -> Vec<[String; 2]> {
    let deliveries = answer["deliveries"].as_array().expect("deliveries").iter();
    let of_sales = deliveries.filter(|delivery| delivery["destination"] == "sales");
    of_sales.map(stands).collect()
}

/// Outcomes of a robot, of somebody who said no, of somebody who never answered, and one that goes.
fn mixed() -> Stage {
    let stage = Stage::new("google", 1);
    let browser = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";
    lead(&stage, 0, "Googlebot/2.1", "granted");
    lead(&stage, 1, browser, "denied");
    lead(&stage, 2, browser, "");
    lead(&stage, 3, browser, "granted");
    stage.outcomes(0..4, OUTCOME);
    stage
}

const EXPECTED: [[&str; 2]; 4] = [
    ["refused", "lead_suspected"],
    ["refused", "ad_user_data_denied"],
    ["held", "ad_user_data_unanswered"],
    ["due", ""],
];

#[test]
fn an_outcome_and_its_lead_say_at_once_what_will_not_go() {
    for (number, expected) in EXPECTED.iter().enumerate() {
        for path in [
            format!("v1/outcomes/{}", outcome_id(number)),
            format!("v1/leads/{}", crate::stage::lead_id(number)),
        ] {
            let stage = mixed();
            let (status, answer) = stage.ask("GET", &path, &Value::Null);
            assert_eq!(status, 200, "{answer}");
            assert_eq!(of_sales(&answer), [expected.map(str::to_owned)], "{path}");
        }
    }
}

#[test]
fn the_list_its_counts_and_diagnostics_say_at_once_what_will_not_go() {
    let stage = mixed();
    let (_, list) = stage.ask("GET", "v1/deliveries?destination=sales", &Value::Null);
    assert_eq!(of_sales(&list), EXPECTED.map(|stands| stands.map(str::to_owned)));
    let counts = list["counts"].as_array().expect("counts");
    let mut counts: Vec<[String; 2]> = counts.iter().map(stands).collect();
    counts.sort();
    let mut expected = EXPECTED.map(|stands| stands.map(str::to_owned)).to_vec();
    expected.sort();
    assert_eq!(counts, expected);
    for (state, count) in [("refused", 2), ("held", 1), ("due", 1)] {
        let (_, list) = mixed().ask("GET", &format!("v1/deliveries?state={state}"), &Value::Null);
        assert_eq!(of_sales(&list).len(), count, "{state}");
    }
    let (_, diagnostics) = mixed().ask("GET", "v1/diagnostics", &Value::Null);
    let sales = &diagnostics["total"]["destinations"]["sales"];
    assert_eq!(
        (&sales["outcomes"], &sales["deliverable"]),
        (&json!(4), &json!(1)),
        "{sales}"
    );
    // Looking sends nothing, and keeps nothing from being sent.
    assert_eq!(stage.platform.requests.get(), 0);
    stage.sweep_for_days(1);
    assert_eq!(stage.state(3)[0], "confirmed");
    assert_eq!(stage.platform.times_taken(), [1]);
}

#[test]
fn a_store_that_cannot_write_shows_what_it_has() {
    let stage = mixed();
    stage.database.fault.set(Fault::BeforeCommit);
    for path in ["v1/deliveries", "v1/outcomes/deal-0", "v1/diagnostics"] {
        assert_eq!(stage.ask("GET", path, &Value::Null).0, 200, "{path}");
    }
}
