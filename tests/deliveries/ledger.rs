//! What became of each delivery.

use attribution::timestamp::DAY_MS;
use serde_json::{Value, json};

use crate::stage::{CLICK, OUTCOME, Stage, destination, lead_id, outcome_id, seen};

#[test]
fn the_ledger_tells_what_became_of_each_and_what_to_do() {
    let stage = Stage::new("google", 1);
    for number in 0..5 {
        stage.lead(number, CLICK);
    }
    stage.platform.poisoned.borrow_mut().push(outcome_id(2));
    stage.outcomes(0..5, OUTCOME);
    stage.outcomes(9..10, OUTCOME);
    assert!(stage.sweep());
    let (status, outcome) = stage.ask("GET", "v1/outcomes/deal-2", &Value::Null);
    assert_eq!(status, 200);
    let mut deliveries = outcome["deliveries"].as_array().expect("deliveries").iter();
    let delivery = deliveries.find(|delivery| delivery["destination"] == "sales");
    let delivery = delivery.expect("the delivery");
    assert_eq!(delivery["state"], "refused");
    assert_eq!(
        (&delivery["code"], &delivery["code_of"]),
        (&json!("EVENT_TIME_INVALID"), &json!("answer"))
    );
    let advice = delivery["advice"].as_str().expect("advice");
    assert!(advice.contains("Check its date and time zone"), "{advice}");

    let (_, page) = stage.ask("GET", "v1/deliveries?limit=2", &Value::Null);
    let counts: Vec<(&Value, &Value, &Value)> = page["counts"]
        .as_array()
        .expect("counts")
        .iter()
        .map(|count| (&count["state"], &count["code"], &count["count"]))
        .collect();
    let (none, waits) = (Value::Null, json!("lead_waiting"));
    assert_eq!(
        counts,
        [
            (&json!("sent"), &none, &json!(4)),
            (&json!("refused"), &json!("EVENT_TIME_INVALID"), &json!(1)),
            (&json!("waiting"), &waits, &json!(1)),
        ]
    );
    // All pages together hold every delivery once.
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let (status, page) = stage.ask("GET", &format!("v1/deliveries?limit=2{cursor}"), &Value::Null);
        assert_eq!(status, 200);
        let deliveries = page["deliveries"].as_array().expect("deliveries");
        ids.extend(
            deliveries
                .iter()
                .map(|delivery| delivery["outcome_id"].to_string()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(ids.len(), 6);
    let of_state = |query: &str| {
        let (status, page) = stage.ask("GET", &format!("v1/deliveries?{query}"), &Value::Null);
        (status, page["deliveries"].as_array().map(Vec::len))
    };
    assert_eq!(of_state("state=sent"), (200, Some(4)));
    assert_eq!(of_state("state=waiting&destination=sales"), (200, Some(1)));
    assert_eq!(of_state("destination=other"), (200, Some(0)));
    for query in ["state=lost", "cursor=x", "limit=0", "limit=201", "destination="] {
        assert_eq!(of_state(query).0, 422, "{query}");
    }
}

#[test]
fn what_is_held_goes_once_the_settings_are_mended() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    stage.platform.oldest_token.set(99);
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("held", "", "UNAUTHENTICATED"));
    assert_eq!(stage.texts("SELECT attempts FROM deliveries"), [["1"]]);
    // Nothing moves it but a person.
    stage.later(DAY_MS);
    assert!(stage.sweep());
    assert_eq!(stage.state(0)[0], "held");
    stage.platform.oldest_token.set(0);
    assert_eq!(
        stage
            .ask("PUT", "v1/destinations/sales", &destination("google"))
            .0,
        200
    );
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("sent", "", ""));
}

#[test]
fn an_erased_person_leaves_nothing_in_the_ledger() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    assert!(stage.sweep());
    let erasure = json!({"lead_id": lead_id(0)});
    let (status, _) = stage.ask("POST", "v1/erasures", &erasure);
    assert!((200..300).contains(&status), "{status}");
    assert_eq!(stage.texts("SELECT * FROM deliveries"), Vec::<Vec<String>>::new());
}
