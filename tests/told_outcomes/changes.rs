//! Later words on outcomes: in every order of arrival, told again, and what they cost.

use serde_json::{Value, json};
use support::sqlite_database::SqliteDatabase;

use crate::stage::{FIRST, SECOND, Stage, clicked, lead, now, orders, outcome};

fn change(outcome_id: &str, change: &str, more: &Value) -> Value {
    let mut row = json!({"outcome_id": outcome_id, "change": change});
    for (name, value) in more.as_object().expect("an object") {
        row[name] = value.clone();
    }
    row
}

fn restate(value: &str, changed_at: Option<&str>) -> Value {
    change(
        "d1",
        "restate",
        &json!({"value": value, "currency": "EUR", "changed_at": changed_at}),
    )
}

#[test]
fn the_newest_value_counts_and_a_retract_is_final_in_every_order_of_arrival() {
    let told = outcome("d1", "lead_id", SECOND, "2026-11-20T14:05:00Z");
    let early = restate("900.00", Some("2026-11-21T08:00:00Z"));
    let late = restate("700.00", Some("2026-11-22T08:00:00Z"));
    let retract = change("d1", "retract", &json!({}));
    let row = |value: &str| {
        vec![format!(
            "Cj0K-1,Closed deal,2026-11-20 14:05:00+0000,{value},EUR,d1,Granted,"
        )]
    };
    let table = [
        (vec![&told], row("1250.00"), ""),
        (vec![&told, &early], row("900.00"), ""),
        (vec![&told, &early, &late], row("700.00"), ""),
        (vec![&told, &early, &late, &retract], Vec::new(), "retracted=1"),
        (vec![&told, &retract], Vec::new(), "retracted=1"),
    ];
    for (rows, expected, left_out) in table {
        for order in orders(rows.len()) {
            let stage = Stage::new();
            stage.send_lead(&lead(
                SECOND,
                "2026-11-18T09:10:00Z",
                &clicked("2026-11-18T09:00:00Z", &json!({"gclid": "Cj0K-1"})),
            ));
            for step in &order {
                let answer = stage.tell(rows[*step]).remove(0);
                assert_eq!(answer["result"], "accepted", "{order:?} {answer}");
                // Told again, it is known.
                assert_eq!(
                    stage.tell(rows[*step])[0]["result"],
                    "repeated",
                    "{order:?} {answer}"
                );
            }
            assert_eq!(stage.feed(), (expected.clone(), left_out.to_owned()), "{order:?}");
        }
        // And all at once.
        let stage = Stage::new();
        stage.send_lead(&lead(
            SECOND,
            "2026-11-18T09:10:00Z",
            &clicked("2026-11-18T09:00:00Z", &json!({"gclid": "Cj0K-1"})),
        ));
        stage.tell(&json!(rows));
        assert_eq!(stage.feed(), (expected, left_out.to_owned()));
    }
}

#[test]
fn an_outcome_told_again_is_known_and_another_one_under_its_id_is_refused() {
    let told = outcome("d1", "lead_id", SECOND, "2026-11-20T14:05:00Z");
    let with = |name: &str, value: &str| {
        let mut told = told.clone();
        told[name] = json!(value);
        told
    };
    let table = [
        (told.clone(), "repeated"),
        // The same, written differently.
        (with("value", "1250.0"), "repeated"),
        (with("occurred_at", "2026-11-20T15:05:00+01:00"), "repeated"),
        (with("lead_id", "7k3m 9qxa-2f4h jk5nr"), "repeated"),
        (with("value", "1250.01"), "outcome_id_reused"),
        (with("currency", "USD"), "outcome_id_reused"),
        (with("kind", "lost"), "outcome_id_reused"),
        (with("occurred_at", "2026-11-20T14:05:01Z"), "outcome_id_reused"),
        (with("lead_id", FIRST), "outcome_id_reused"),
    ];
    let said = |row: &Value| {
        let text = row["code"].as_str().or(row["result"].as_str());
        text.unwrap_or_default().to_owned()
    };
    for (again, expected) in table {
        let stage = Stage::new();
        let contents = || stage.texts("SELECT content_sha256, value, lead_id FROM outcomes");
        assert_eq!(said(&stage.tell(&told)[0]), "accepted");
        let first = contents();
        assert_eq!(said(&stage.tell(&again)[0]), expected, "{again}");
        assert_eq!(contents(), first, "the first stays: {again}");
        // In one batch as well.
        let stage = Stage::new();
        let answers = stage.tell(&json!([told, again]));
        assert_eq!([said(&answers[0]), said(&answers[1])], ["accepted", expected]);
    }
}

#[test]
fn what_a_change_answers() {
    let stage = Stage::new();
    let results = |told: Vec<Value>| -> Vec<String> {
        told.iter()
            .map(|row| {
                let said =
                    [&row["result"], &row["match"]].map(|text| text.as_str().unwrap_or_default().to_owned());
                said.join(" ")
            })
            .collect()
    };
    // Before the outcome, and twice in one batch, however the zeros are written.
    let batch = json!([
        restate("900", None),
        restate("900.00", None),
        change("d1", "retract", &json!({})),
        change("d1", "retract", &json!({"changed_at": "2026-11-22T08:00:00Z"}))
    ]);
    assert_eq!(
        results(stage.tell(&batch)),
        [
            "accepted waiting",
            "repeated waiting",
            "accepted waiting",
            "repeated waiting"
        ]
    );
    assert_eq!(
        stage.texts("SELECT change FROM outcome_changes"),
        [["restate"], ["retract"]]
    );
    // With the outcome and its lead there.
    stage.send_lead(&lead(SECOND, "2026-11-18T09:10:00Z", &json!([])));
    let batch = json!([
        outcome("d1", "lead_id", SECOND, "2026-11-20T14:05:00Z"),
        restate("900", None)
    ]);
    assert_eq!(
        results(stage.tell(&batch)),
        ["accepted matched", "repeated matched"]
    );
}

#[test]
fn without_a_moment_of_its_own_the_last_word_told_counts() {
    let stage = Stage::new();
    let values = || stage.texts("SELECT value FROM outcome_changes ORDER BY changed_at_ms");
    for (second, value, expected) in [
        (1, "900", "accepted"),
        (2, "900.0", "repeated"),
        (3, "800", "accepted"),
        (4, "900", "accepted"),
    ] {
        let told = stage.tell_at(&restate(value, None), now().plus_ms(second * 1_000));
        assert_eq!(told[0]["result"], expected, "{value}");
    }
    assert_eq!(values(), [["900"], ["800"], ["900"]]);
}

#[test]
fn the_last_word_on_one_moment_replaces_the_one_before_whole() {
    let stage = Stage::new();
    let at = Some("2026-11-21T08:00:00Z");
    let in_dollars = change(
        "d1",
        "restate",
        &json!({"value": "800", "currency": "USD", "changed_at": at}),
    );
    for (second, word) in [(1, restate("900", at)), (2, restate("800", at)), (3, in_dollars)] {
        let told = stage.tell_at(&word, now().plus_ms(second * 1_000));
        assert_eq!(told[0]["result"], "accepted", "{word}");
    }
    // When it was told is replaced too: whatever a platform got before that does not hold it.
    let told_at_ms = now().plus_ms(3_000).ms().to_string();
    assert_eq!(
        stage.texts("SELECT value, currency, received_at_ms FROM outcome_changes"),
        [["800", "USD", &told_at_ms]]
    );
}

#[test]
fn of_several_words_in_one_batch_the_last_counts_however_often_the_batch_is_sent() {
    let stage = Stage::new();
    stage.tell(&restate("900", None));
    let value = || {
        let sql = "SELECT value FROM outcome_changes ORDER BY changed_at_ms DESC LIMIT 1";
        stage.texts(sql).concat()
    };
    let mut second = 0;
    let mut tell = |words: &[&str]| -> Vec<String> {
        second += 1;
        let batch: Vec<Value> = words.iter().map(|word| restate(word, None)).collect();
        let told = stage.tell_at(&json!(batch), now().plus_ms(second * 1_000));
        let results = told.iter().map(|row| row["result"].as_str().unwrap_or_default());
        results.map(str::to_owned).collect()
    };
    // The last word is the one that is held already.
    assert_eq!(tell(&["800", "900"]), ["repeated", "repeated"]);
    assert_eq!(value(), ["900"]);
    assert_eq!(tell(&["900", "700", "800"]), ["accepted", "accepted", "accepted"]);
    assert_eq!(value(), ["800"]);
    // A batch whose answer was lost comes again.
    for _ in 0..2 {
        assert_eq!(tell(&["900", "700", "800"]), ["repeated", "repeated", "repeated"]);
        assert_eq!(value(), ["800"]);
    }
}

#[test]
fn a_word_of_today_counts_before_an_older_one_in_the_same_batch() {
    let yesterday = || restate("700", Some("2026-11-22T08:00:00Z"));
    let batches = [
        json!([yesterday(), restate("900", None)]),
        json!([restate("900", None), yesterday()]),
    ];
    let held: [(&str, &[&str]); 2] = [
        ("2026-11-20T08:00:00Z", &["900", "700", "900"]),
        // The older one of the batch replaces what is held of its own moment.
        ("2026-11-22T08:00:00Z", &["700", "900"]),
    ];
    for (held_at, values) in held {
        for batch in &batches {
            let stage = Stage::new();
            stage.tell(&restate("900", Some(held_at)));
            for times in 1..=2 {
                stage.tell_at(batch, now().plus_ms(times * 1_000));
                let sql = "SELECT value FROM outcome_changes ORDER BY changed_at_ms";
                assert_eq!(stage.texts(sql).concat(), values, "{held_at} {batch}");
            }
        }
    }
}

#[test]
fn what_an_outcome_costs() {
    let stage = Stage::new();
    let cost = |row: &Value| {
        let before = stage.database.database().rows_written();
        stage.tell(row);
        stage.database.database().rows_written() - before
    };
    let at = "2026-11-20T14:05:00Z";
    let table = [
        // Changes of rows, without those of indexes, which SQLite does not count.
        (outcome("d1", "lead_id", SECOND, at), 1),
        (outcome("d2", "gclid", "nobody", at), 1),
        (outcome("d2", "gclid", "nobody", at), 0),
        (restate("900", None), 1),
        (change("d1", "retract", &json!({})), 1),
    ];
    for (row, rows) in table {
        assert_eq!(cost(&row), rows, "{row}");
    }
}

#[test]
fn outcomes_of_the_older_schema_stay_what_they_were() {
    let database = SqliteDatabase::before_migration("0020");
    database.execute(
        "INSERT INTO outcomes (site, outcome_id, lead_id, kind, occurred_at_ms, value, currency, received_at_ms, content_sha256)
         VALUES ('default', 'd1', '7K3M9QXA2F4HJK5NR', 'won', 1795183500000, '1250.00', 'EUR', 1, 'x')",
    );
    database.migrate_from("0020");
    assert_eq!(
        database.texts("SELECT outcome_id, reference, lead_id, coalesce(finder, ''), value FROM outcomes"),
        [[
            "d1",
            "lead_id:7K3M9QXA2F4HJK5NR",
            "7K3M9QXA2F4HJK5NR",
            "",
            "1250.00"
        ]]
    );
}
