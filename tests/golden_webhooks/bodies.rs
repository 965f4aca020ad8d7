//! What is understood of each provider's bodies.

use std::path::Path;

use attribution::money::Money;
use attribution::outcome::Told;
use attribution::outcome::row::Row;
use attribution::timestamp::Timestamp;
use attribution::webhook::settings::WebhookSettings;
use attribution::webhook::{Delivery, Event};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
struct Golden<'a> {
    why: String,
    settings: WebhookSettings,
    #[serde(borrow)]
    body: &'a RawValue,
    event_key: Option<String>,
    told: Option<Vec<Value>>,
    refused: Option<String>,
}

fn told(row: &Row<'_>, is_record: bool) -> Value {
    let mut told = Map::new();
    let mut say = |name: &str, value: Value| drop(told.insert(name.to_owned(), value));
    if is_record {
        say("record", json!(true));
    }
    let say_money = |money: Option<Money>, say: &mut dyn FnMut(&str, Value)| {
        if let Some(money) = money {
            say("value", json!(money.amount().to_string()));
            say("currency", json!(money.currency()));
        }
    };
    match row.read(None).told {
        Ok(Told::Outcome(outcome)) => {
            say("outcome_id", json!(outcome.outcome_id));
            say("reference", json!(outcome.reference.to_text()));
            say("kind", json!(outcome.kind));
            say("occurred_at", json!(outcome.occurred_at.to_rfc3339()));
            say_money(outcome.value, &mut say);
        }
        Ok(Told::Change(change)) => {
            say("outcome_id", json!(change.outcome_id));
            say("change", json!(change.change.name()));
            if let Some(changed_at) = change.changed_at {
                say("changed_at", json!(changed_at.to_rfc3339()));
            }
            say_money(change.change.value(), &mut say);
        }
        Err(refusal) => say("refused", json!(refusal.code())),
    }
    Value::Object(told)
}

#[test]
fn what_is_understood_of_each_providers_bodies() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/webhooks");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        files += 1;
        let text = std::fs::read_to_string(&path).expect("a file");
        let cases: Vec<Golden<'_>> = serde_json::from_str(&text).expect("cases");
        for case in cases {
            let what = format!("{}: {}", path.display(), case.why);
            let webhook = case
                .settings
                .webhook()
                .unwrap_or_else(|refusal| panic!("{what}: {refusal:?}"));
            let delivery = Delivery {
                method: "POST",
                url: "https://collector.example/throughline/v1/webhooks/crm",
                headers: &[],
                body: case.body.get().as_bytes(),
                now: Timestamp::from_ms(1_795_435_200_000),
            };
            match webhook.hear(&delivery) {
                Ok(heard) => {
                    let said: Vec<Value> = heard
                        .events
                        .iter()
                        .map(|event| match event {
                            Event::Told(row) => told(row, false),
                            Event::Record(row) => told(row, true),
                            Event::Ignored => json!("ignored"),
                        })
                        .collect();
                    assert_eq!(Some(said), case.told, "{what}");
                    if let Some(event_key) = case.event_key {
                        assert_eq!(heard.event_key, event_key, "{what}");
                    }
                }
                Err(refusal) => assert_eq!(Some(format!("{refusal:?}")), case.refused, "{what}"),
            }
        }
    }
    assert_eq!(files, 6);
}
