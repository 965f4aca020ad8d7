//! `POST v1/outcomes` over HTTP.

use serde_json::{Value, json};
use support::runtime::Runtime;

use crate::sender::{FROM_CRM, Tally, check_problem, deal, lead, lead_id, send_lead, send_outcomes, tally};

/// A deal with one field changed.
fn deal_with(outcome_id: &str, name: &str, value: Value) -> Value {
    let mut deal = deal(outcome_id, &lead_id("batch"));
    deal[name] = value;
    deal
}

pub(crate) fn the_good_rows_of_a_batch_are_stored_and_the_others_refused_with_advice(runtime: &Runtime) {
    let id = lead_id("batch");
    assert_eq!(send_lead(runtime, &lead(&id)).status, 201);
    let bad = [
        (
            deal_with("bad-1", "occurred_at", json!("2026-11-20T14:05:00")),
            "time_without_offset",
        ),
        (
            deal_with("bad-2", "occurred_at", json!("yesterday")),
            "time_invalid",
        ),
        (deal_with("bad-3", "value", json!("12.5.0")), "value_invalid"),
        (deal_with("bad-4", "value", json!("1e3")), "value_invalid"),
        (deal_with("bad-5", "value", json!("NaN")), "value_invalid"),
        (deal_with("bad-6", "currency", json!("EURO")), "currency_unknown"),
        (deal_with("bad-7", "currency", Value::Null), "currency_missing"),
        (
            deal_with("bad-8", "occurred_at", json!("2026-11-18T08:59:59Z")),
            "outcome_before_click",
        ),
        (
            deal_with("bad-9", "lead_id", json!("7K3M9QXA2F4HJK5NS")),
            "lead_id_check_failed",
        ),
        (deal_with("bad-10", "change", json!("refund")), "change_unknown"),
        (json!("no object"), "row_invalid"),
    ];
    let mut batch: Vec<Value> = bad.iter().map(|(row, _)| row.clone()).collect();
    batch.insert(0, deal("good-1", &id));
    batch.push(deal_with("good-2", "value", json!(80.5)));
    let before = tally(runtime, "value_invalid");

    let answer = send_outcomes(runtime, &json!(batch));
    let report = answer.json();
    assert_eq!(answer.status, 200, "{report}");
    assert_eq!(
        (&report["accepted"], &report["repeated"], &report["refused"]),
        (&json!(2), &json!(0), &json!(11))
    );
    let rows = report["rows"].as_array().expect("rows");
    let good =
        json!({"outcome_id": "good-1", "result": "accepted", "match": "matched", "matched_by": "lead_id"});
    assert_eq!((rows.len(), &rows[0]), (13, &good));
    for ((row, code), told) in bad.iter().zip(&rows[1..]) {
        assert_eq!(
            (&told["result"], &told["code"]),
            (&json!("refused"), &json!(code)),
            "{row}"
        );
        assert_eq!(
            told["outcome_id"],
            row.get("outcome_id").cloned().unwrap_or_default()
        );
        assert!(
            told["advice"].as_str().is_some_and(|advice| advice.len() > 10),
            "{told}"
        );
        assert_eq!(told.get("match"), None);
    }
    let after = tally(runtime, "value_invalid");
    assert_eq!(
        after,
        Tally {
            outcomes: before.outcomes + 2,
            refused: before.refused + 3,
            ..before
        }
    );
}

pub(crate) fn an_outcome_before_its_click_is_refused(runtime: &Runtime) {
    let id = lead_id("before");
    assert_eq!(send_lead(runtime, &lead(&id)).status, 201);
    let mut at_the_click = deal("at-the-click", &id);
    at_the_click["occurred_at"] = json!("2026-11-18T10:00:00+01:00");
    let report = send_outcomes(runtime, &at_the_click).json();
    assert_eq!(report["rows"][0]["code"], "outcome_before_click");
    let mut a_second_later = deal("a-second-later", &id);
    a_second_later["occurred_at"] = json!("2026-11-18T10:00:01+01:00");
    assert_eq!(send_outcomes(runtime, &a_second_later).json()["accepted"], 1);
}

pub(crate) fn an_outcome_waits_for_its_lead(runtime: &Runtime) {
    let id = lead_id("waits");
    let waiting =
        |runtime: &Runtime| runtime.ask("GET", "health", &[], &[]).json()["outcomes_waiting"].clone();
    let before = waiting(runtime).as_i64().expect("a number");
    let early = deal("early", &id);
    assert_eq!(
        send_outcomes(runtime, &early).json()["rows"][0]["match"],
        "waiting"
    );
    assert_eq!(waiting(runtime), before + 1);
    assert_eq!(send_lead(runtime, &lead(&id)).status, 201);
    assert_eq!(waiting(runtime), before);
    let again = send_outcomes(runtime, &early).json();
    assert_eq!(
        (&again["rows"][0]["result"], &again["rows"][0]["match"]),
        (&json!("repeated"), &json!("matched"))
    );
}

pub(crate) fn an_outcome_is_told_once_and_stays_what_it_was(runtime: &Runtime) {
    let id = lead_id("told");
    let first = deal("told", &id);
    let mut same = first.clone();
    same["occurred_at"] = json!("2026-11-20T13:05:00Z");
    same["value"] = json!(1250);
    let mut other = first.clone();
    other["value"] = json!("9.99");
    // Three tellings in one request: the second is the first again, the third is another outcome of the same id.
    let report = send_outcomes(runtime, &json!([first, same, other])).json();
    let results: Vec<&Value> = report["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| &row["result"])
        .collect();
    assert_eq!(results, ["accepted", "repeated", "refused"]);
    assert_eq!(report["rows"][2]["code"], "outcome_id_reused");
    let report = send_outcomes(runtime, &json!([other, first])).json();
    assert_eq!(
        (&report["rows"][0]["code"], &report["rows"][1]["result"]),
        (&json!("outcome_id_reused"), &json!("repeated"))
    );
}

pub(crate) fn a_thousand_outcomes_go_in_one_request_and_not_one_more(runtime: &Runtime) {
    let batch = |count: usize| -> Value {
        (0..count)
            .map(|number| deal(&format!("thousand-{number}"), &lead_id("thousand")))
            .collect()
    };
    let before = tally(runtime, "too_many_rows");
    check_problem(&send_outcomes(runtime, &batch(1_001)), 413, "too_many_rows");
    assert_eq!(
        tally(runtime, "too_many_rows"),
        Tally {
            refused: before.refused + 1,
            ..before
        }
    );
    let answer = send_outcomes(runtime, &batch(1_000));
    assert_eq!((answer.status, &answer.json()["accepted"]), (200, &json!(1_000)));
    assert_eq!(runtime.rows_in("outcomes"), before.outcomes + 1_000);
    assert_eq!(send_outcomes(runtime, &batch(1_000)).json()["repeated"], 1_000);
}

/// What is wrong, the status and code that say so, and the request: headers, query and body.
type BadBatch<'a> = (&'a str, u16, &'a str, Vec<(&'a str, &'a str)>, &'a str, &'a str);

pub(crate) fn err_a_batch_that_cannot_be_taken_stores_nothing(runtime: &Runtime) {
    let good = deal("never", &lead_id("never")).to_string();
    let key = |value: &'static str| vec![("Authorization", value), ("Content-Type", "application/json")];
    let zipped = [FROM_CRM.to_vec(), vec![("Content-Encoding", "gzip")]].concat();
    let large = format!("[{}]", vec![" ".repeat(1_024); 1_100].concat());
    let table: Vec<BadBatch<'_>> = vec![
        (
            "no key",
            401,
            "token_invalid",
            vec![("Content-Type", "application/json")],
            "",
            &good,
        ),
        (
            "a wrong key",
            401,
            "token_invalid",
            key("Bearer dev-admin-token2"),
            "",
            &good,
        ),
        (
            "a password where a key belongs",
            401,
            "token_invalid",
            key("Basic dev-admin-token"),
            "",
            &good,
        ),
        (
            "no JSON",
            400,
            "malformed_json",
            FROM_CRM.to_vec(),
            "",
            "outcome_id=1",
        ),
        (
            "half of it",
            400,
            "malformed_json",
            FROM_CRM.to_vec(),
            "",
            &good[..30],
        ),
        ("too large", 413, "too_large", FROM_CRM.to_vec(), "", &large),
        (
            "a form",
            415,
            "media_type",
            vec![FROM_CRM[0], ("Content-Type", "text/plain")],
            "",
            &good,
        ),
        ("compressed", 415, "content_encoding", zipped, "", &good),
        (
            "an unknown site",
            404,
            "site_unknown",
            FROM_CRM.to_vec(),
            "?site=nobody",
            &good,
        ),
    ];
    for (what, status, code, headers, query, body) in table {
        let before = tally(runtime, code);
        let answer = runtime.ask("POST", &format!("v1/outcomes{query}"), &headers, body.as_bytes());
        check_problem(&answer, status, code);
        let expects_key = if status == 401 {
            "Bearer realm=\"throughline\""
        } else {
            ""
        };
        assert_eq!(answer.header("WWW-Authenticate"), expects_key, "{what}");
        assert_eq!(answer.header("Access-Control-Allow-Origin"), "", "{what}");
        assert_eq!(
            tally(runtime, code),
            Tally {
                refused: before.refused + 1,
                ..before
            },
            "{what}"
        );
    }
}

const A_TABLE: [(&str, &str); 2] = [FROM_CRM[0], ("Content-Type", "text/csv")];

pub(crate) fn a_table_of_a_spreadsheet_finds_its_leads_by_click_id(runtime: &Runtime) {
    let id = lead_id("table");
    assert_eq!(send_lead(runtime, &lead(&id)).status, 201);
    let before = runtime.rows_in("outcomes");
    // As a spreadsheet of Germany saves it: semicolons, decimal commas, Windows-1252.
    let mut table = b"Record ID;Deal Stage;Close Date;Amount;Currency;Google Click ID;Ort\r\n".to_vec();
    let good =
        format!("t-1;gewonnen;2026-11-20 14:05:00+01:00;1.250,00;EUR;Cj0KCQiA-{id}_oBhCgARIsAOmxpaN;K");
    table.extend(good.bytes().chain([0xf6]).chain("ln\r\n".bytes()));
    table.extend(b"t-2;gewonnen;20.11.2026;1,00;EUR;nobody;\r\n");
    let answer = runtime.ask("POST", "v1/outcomes", &A_TABLE, &table);
    let report = answer.json();
    assert_eq!(answer.status, 200, "{report}");
    let matched = json!({"outcome_id": "t-1", "line": 2, "result": "accepted", "match": "matched", "matched_by": "gclid"});
    assert_eq!(report["rows"][0], matched);
    assert_eq!(
        (&report["rows"][1]["line"], &report["rows"][1]["code"]),
        (&json!(3), &json!("time_invalid"))
    );
    assert_eq!(runtime.rows_in("outcomes"), before + 1);
    let kept = runtime.row("SELECT value, lead_id FROM outcomes WHERE outcome_id = 't-1'");
    assert_eq!(kept, ["1250.00", id.as_str()]);
}

pub(crate) fn a_table_of_seven_thousand_rows_goes_in_one_request(runtime: &Runtime) {
    let table = |rows: usize| -> String {
        let rows =
            (0..rows).map(|row| format!("seven-{row},G-{row},won,2026-11-20T14:05:00Z,{:>700}\n", "x"));
        std::iter::once("outcome_id,gclid,kind,occurred_at,note\n".to_owned())
            .chain(rows)
            .collect()
    };
    let before = runtime.rows_in("outcomes");
    let ask = |table: String| runtime.ask("POST", "v1/outcomes", &A_TABLE, table.as_bytes());
    check_problem(&ask(table(7_001)), 413, "too_many_rows");
    assert_eq!(runtime.rows_in("outcomes"), before);
    for name in ["accepted", "repeated"] {
        let answer = ask(table(7_000));
        assert_eq!((answer.status, &answer.json()[name]), (200, &json!(7_000)));
        assert_eq!(runtime.rows_in("outcomes"), before + 7_000);
    }
    check_problem(&ask(" ".repeat(8 * 1_024 * 1_024 + 1)), 413, "too_large");
}

pub(crate) fn a_change_comes_before_or_after_its_outcome(runtime: &Runtime) {
    let id = lead_id("changes");
    assert_eq!(send_lead(runtime, &lead(&id)).status, 201);
    let restate = json!({"outcome_id": "changes", "change": "restate", "value": "900.00", "currency": "EUR"});
    let retract = json!({"outcome_id": "changes", "change": "retract"});
    let tell = |row: &Value| {
        let told = send_outcomes(runtime, row).json();
        [&told["rows"][0]["result"], &told["rows"][0]["match"]]
            .map(|text| text.as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(tell(&restate), ["accepted", "waiting"]);
    assert_eq!(tell(&deal("changes", &id)), ["accepted", "matched"]);
    assert_eq!(tell(&restate), ["repeated", "matched"]);
    assert_eq!(tell(&retract), ["accepted", "matched"]);
    assert_eq!(tell(&retract), ["repeated", "matched"]);
    let kept = runtime.row(
        "SELECT group_concat(change || coalesce(value, ''), ' ') FROM outcome_changes WHERE outcome_id = 'changes'",
    );
    assert_eq!(kept, ["restate900.00 retract"]);
}
