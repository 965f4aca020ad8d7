//! What CRMs tell, and which lead it belongs to: by every reference, in every order of arrival, changed and told again.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use attribution::timestamp::Timestamp;
use attribution::user_data::{Email, Phone, PlatformHashes};
use collector::request::Request;
use serde_json::{Value, json};
use support::failing_database::FailingDatabase;
use support::native_collector::{NativeCollector, get_feed, post_lead, post_outcomes, post_table};
use support::sqlite_database::SqliteDatabase;

const FIRST: &str = "00000000000000012";
const SECOND: &str = "7K3M9QXA2F4HJK5NR";

/// 2026-11-23T12:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
}

struct Stage {
    database: FailingDatabase,
}

impl Stage {
    fn new() -> Self {
        Self {
            database: FailingDatabase::new(SqliteDatabase::of_development()),
        }
    }

    fn send_lead(&self, lead: &Value) {
        self.send_lead_by("", lead);
    }

    fn send_lead_by(&self, user_agent: &str, lead: &Value) {
        let request = Request {
            user_agent: Some(user_agent.to_owned()),
            ..post_lead("http://localhost:8787", lead.to_string().as_bytes())
        };
        let reply = NativeCollector::new(&self.database).answer(&request, now());
        assert_eq!(reply.status, 201, "{}", String::from_utf8_lossy(&reply.body));
    }

    /// The answers to the rows of a batch.
    fn tell(&self, rows: &Value) -> Vec<Value> {
        self.tell_at(rows, now())
    }

    fn tell_at(&self, rows: &Value, at: Timestamp) -> Vec<Value> {
        let reply = NativeCollector::new(&self.database).answer(&post_outcomes(&rows.to_string()), at);
        let answer: Value = serde_json::from_slice(&reply.body).expect("JSON");
        assert_eq!(reply.status, 200, "{answer}");
        answer["rows"].as_array().expect("rows").clone()
    }

    fn texts(&self, sql: &str) -> Vec<Vec<String>> {
        self.database.database().texts(sql)
    }

    fn lead_of(&self, outcome_id: &str) -> String {
        let rows = self.texts("SELECT outcome_id, coalesce(lead_id, '') FROM outcomes");
        let row = rows
            .into_iter()
            .find(|row| row[0] == outcome_id)
            .expect("the outcome");
        row[1].clone()
    }

    /// The lines of Google's file, without its two lines of head.
    fn feed(&self) -> (Vec<String>, String) {
        let reply = NativeCollector::new(&self.database).answer(&get_feed(), now());
        let left_out = reply
            .header("Throughline-Left-Out")
            .unwrap_or_default()
            .to_owned();
        let file = String::from_utf8(reply.body).expect("UTF-8");
        (file.lines().skip(2).map(str::to_owned).collect(), left_out)
    }
}

fn lead(lead_id: &str, submitted_at: &str, touches: &Value) -> Value {
    json!({"v": 1, "site": "default", "lead_id": lead_id, "submitted_at": submitted_at, "touches": touches,
        "consent": {"ad_storage": "granted", "ad_user_data": "granted"}})
}

fn clicked(at: &str, ids: &Value) -> Value {
    json!([{"at": at, "ids": ids}])
}

fn outcome(outcome_id: &str, name: &str, value: &str, occurred_at: &str) -> Value {
    json!({"outcome_id": outcome_id, name: value, "kind": "won", "occurred_at": occurred_at,
        "value": "1250.00", "currency": "EUR"})
}

#[test]
fn an_outcome_finds_its_lead_by_each_click_id_of_each_touch_whichever_came_first() {
    let touches = json!([
        {"at": "2026-11-10T09:00:00Z", "ids": {"gclid": "Old-1", "gbraid": "0AAAA"}},
        {"at": "2026-11-12T09:00:00Z", "ids": {"msclkid": "0123456789abcdef0123456789abcdef"}},
    ]);
    let lead = lead(SECOND, "2026-11-12T09:10:00Z", &touches);
    let table = [
        ("lead_id", "7k3m-9qxa-2f4h-jk5n-r", "matched"),
        ("gclid", "Old-1", "matched"),
        ("gbraid", "0AAAA", "matched"),
        ("msclkid", "0123456789abcdef0123456789abcdef", "matched"),
        ("gclid", "old-1", "waiting"),
        ("wbraid", "Old-1", "waiting"),
    ];
    for (name, value, expected) in table {
        let row = outcome("d1", name, value, "2026-11-20T14:05:00Z");
        let by = if expected == "matched" {
            json!(name)
        } else {
            Value::Null
        };

        let stage = Stage::new();
        stage.send_lead(&lead);
        let told = stage.tell(&row).remove(0);
        assert_eq!(
            (&told["result"], &told["match"], &told["matched_by"]),
            (&json!("accepted"), &json!(expected), &by),
            "{name} after the lead"
        );

        let stage = Stage::new();
        assert_eq!(stage.tell(&row)[0]["match"], "waiting", "{name}");
        stage.send_lead(&lead);
        let told = stage.tell(&row).remove(0);
        assert_eq!(
            (&told["result"], &told["match"], &told["matched_by"]),
            (&json!("repeated"), &json!(expected), &by),
            "{name} before the lead"
        );
    }
}

/// Every order of so many things.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for order in orders(count - 1) {
        for place in 0..count {
            let mut longer = order.clone();
            longer.insert(place, count - 1);
            all.push(longer);
        }
    }
    all
}

#[test]
fn the_newest_lead_before_the_outcome_has_it_in_every_order_of_arrival() {
    let click = clicked("2026-11-01T09:00:00Z", &json!({"gclid": "Shared-1"}));
    let late_click = clicked("2026-11-15T09:00:00Z", &json!({"gclid": "Shared-1"}));
    // When the two leads were sent, when the outcome happened, and whose it is.
    let table = [
        (
            "2026-11-02T09:00:00Z",
            "2026-11-10T09:00:00Z",
            &click,
            "2026-11-12T00:00:00Z",
            SECOND,
        ),
        (
            "2026-11-02T09:00:00Z",
            "2026-11-10T09:00:00Z",
            &click,
            "2026-11-05T00:00:00Z",
            FIRST,
        ),
        (
            "2026-11-10T09:00:00Z",
            "2026-11-02T09:00:00Z",
            &click,
            "2026-11-12T00:00:00Z",
            FIRST,
        ),
        // Both were sent after it: the first of them.
        (
            "2026-11-10T09:00:00Z",
            "2026-11-14T09:00:00Z",
            &click,
            "2026-11-05T00:00:00Z",
            FIRST,
        ),
        // The second one's click came after the outcome, so it has not led to it.
        (
            "2026-11-20T09:00:00Z",
            "2026-11-16T09:00:00Z",
            &late_click,
            "2026-11-12T00:00:00Z",
            FIRST,
        ),
    ];
    for (first_sent, second_sent, second_click, occurred_at, expected) in table {
        for order in orders(3) {
            let stage = Stage::new();
            for step in &order {
                match step {
                    0 => stage.send_lead(&lead(FIRST, first_sent, &click)),
                    1 => stage.send_lead(&lead(SECOND, second_sent, second_click)),
                    _ => drop(stage.tell(&outcome("d1", "gclid", "Shared-1", occurred_at))),
                }
            }
            // Told while the only lead is one whose click came later, the outcome was refused; told again, it is taken.
            stage.tell(&outcome("d1", "gclid", "Shared-1", occurred_at));
            let lead_id = stage.lead_of("d1");
            assert_eq!(
                lead_id, expected,
                "{order:?} {first_sent} {second_sent} {occurred_at}"
            );
        }
    }
}

#[test]
fn a_robots_lead_never_takes_the_outcome_of_a_person() {
    let click = clicked("2026-11-01T09:00:00Z", &json!({"gclid": "Shared-1"}));
    let of_person = lead(FIRST, "2026-11-02T09:00:00Z", &click);
    let of_robot = lead(SECOND, "2026-11-10T09:00:00Z", &click);
    let told = outcome("d1", "gclid", "Shared-1", "2026-11-12T00:00:00Z");
    for order in orders(3) {
        let stage = Stage::new();
        for step in &order {
            match step {
                0 => stage.send_lead(&of_person),
                1 => stage.send_lead_by("curl/8.5.0", &of_robot),
                _ => drop(stage.tell(&told)),
            }
        }
        assert_eq!(stage.lead_of("d1"), FIRST, "{order:?}");
    }
}

#[test]
fn an_outcome_before_its_click_is_refused_by_lead_id_and_by_click_id() {
    let stage = Stage::new();
    stage.send_lead(&lead(
        SECOND,
        "2026-11-18T09:10:00Z",
        &clicked("2026-11-18T09:00:00Z", &json!({"gclid": "G-1"})),
    ));
    for (name, value) in [("lead_id", SECOND), ("gclid", "G-1")] {
        let told = stage.tell(&outcome("d1", name, value, "2026-11-18T09:00:00Z"));
        assert_eq!(told[0]["code"], "outcome_before_click", "{name}");
        let told = stage.tell(&outcome(name, name, value, "2026-11-18T09:00:01Z"));
        assert_eq!(told[0]["match"], "matched", "{name}");
    }
}

#[test]
fn leads_of_another_site_are_never_found() {
    let stage = Stage::new();
    stage
        .database
        .database()
        .execute("INSERT INTO sites (site, origins) VALUES ('other', '[\"http://localhost:8787\"]')");
    let mut foreign = lead(
        SECOND,
        "2026-11-18T09:10:00Z",
        &clicked("2026-11-18T09:00:00Z", &json!({"gclid": "G-1"})),
    );
    foreign["site"] = json!("other");
    assert_eq!(
        stage.tell(&outcome("d1", "gclid", "G-1", "2026-11-20T00:00:00Z"))[0]["match"],
        "waiting"
    );
    stage.send_lead(&foreign);
    let told = stage.tell(&json!([
        outcome("d1", "gclid", "G-1", "2026-11-20T00:00:00Z"),
        outcome("d2", "gclid", "G-1", "2026-11-20T00:00:00Z"),
        outcome("d3", "lead_id", SECOND, "2026-11-20T00:00:00Z"),
    ]));
    for row in told {
        assert_eq!(row["match"], "waiting", "{row}");
    }
}

#[test]
fn an_outcome_finds_its_lead_by_a_hashed_address_whichever_came_first() {
    let email = "Jane.Doe+ads@GMail.com";
    let hashes = |of: &PlatformHashes| -> Value {
        of.named()
            .map(|(platform, hash)| (platform.to_owned(), json!(hash.as_str())))
            .collect()
    };
    let email_hashes = Email::parse(email).expect("an address").hashes();
    let phone_hashes = Phone::parse("+49 30 90182000", None).expect("a number").hashes();
    let mut sent = lead(SECOND, "2026-11-18T09:10:00Z", &json!([]));
    sent["user"] = json!({"email": hashes(&email_hashes), "phone": hashes(&phone_hashes)});
    let google = email_hashes.google.as_ref().expect("a hash").as_str().to_owned();
    let meta = email_hashes.meta.as_ref().expect("a hash").as_str().to_owned();
    let table = [
        ("email", "janedoe@gmail.com", "matched"),
        ("email", " JANE.DOE@gmail.com", "matched"),
        ("email", &google, "matched"),
        ("email", &meta, "matched"),
        ("email", "jane.doe@example.com", "waiting"),
        ("phone", "0049 30 90182000", "matched"),
        ("phone", "+49 (30) 9018-2000", "matched"),
        ("phone", "+49 30 90182001", "waiting"),
    ];
    for (name, value, expected) in table {
        let row = outcome("d1", name, value, "2026-11-20T14:05:00Z");
        for lead_is_first in [true, false] {
            let stage = Stage::new();
            if lead_is_first {
                stage.send_lead(&sent);
                assert_eq!(stage.tell(&row)[0]["match"], expected, "{value}");
            } else {
                assert_eq!(stage.tell(&row)[0]["match"], "waiting", "{value}");
                stage.send_lead(&sent);
            }
            let told = stage.tell(&row).remove(0);
            assert_eq!(
                (&told["result"], &told["match"]),
                (&json!("repeated"), &json!(expected)),
                "{value}"
            );
        }
    }
}

#[test]
fn no_address_is_stored() {
    let stage = Stage::new();
    let rows = json!([
        outcome("d1", "email", "Jane.Doe@Example.com", "2026-11-20T00:00:00Z"),
        outcome("d2", "phone", "+49 30 90182000", "2026-11-20T00:00:00Z"),
    ]);
    for row in stage.tell(&rows) {
        assert_eq!(row["result"], "accepted", "{row}");
    }
    let kept = stage.texts("SELECT reference, coalesce(finder, ''), content_sha256 FROM outcomes");
    let kept = format!("{kept:?}").to_lowercase();
    assert!(kept.contains("email:") && kept.contains("phone:"), "{kept}");
    for address in ["jane", "doe", "example.com", "9018"] {
        assert!(
            !kept.contains(&format!("{address}@")) && !kept.contains("jane"),
            "{address}: {kept}"
        );
    }
}

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
    // The last word on one moment replaces the one before.
    let stage = Stage::new();
    for value in ["900", "800"] {
        assert_eq!(
            stage.tell(&restate(value, Some("2026-11-21T08:00:00Z")))[0]["result"],
            "accepted"
        );
    }
    assert_eq!(stage.texts("SELECT value FROM outcome_changes"), [["800"]]);
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

#[test]
fn a_table_is_kept_row_by_row_and_told_again_changes_nothing() {
    let stage = Stage::new();
    let lines: String = (0..2_500)
        .map(|number| format!("d{number};gewonnen;2026-11-20 14:05;G-{number}\n"))
        .collect();
    let table = format!("Record ID;Deal Stage;Close Date;Google Click ID\n{lines}");
    stage
        .database
        .database()
        .execute("UPDATE sites SET time_zone = 'Europe/Berlin'");
    let body = format!("{table}bad;gewonnen;yesterday;G-1\n");
    for (accepted, repeated) in [(2_500, 0), (0, 2_500)] {
        let request = post_table("text/csv; charset=utf-8", body.as_bytes());
        let reply = NativeCollector::new(&stage.database).answer(&request, now());
        let answer: Value = serde_json::from_slice(&reply.body).expect("JSON");
        assert_eq!(
            (
                reply.status,
                &answer["accepted"],
                &answer["repeated"],
                &answer["refused"]
            ),
            (200, &json!(accepted), &json!(repeated), &json!(1))
        );
        assert_eq!(
            answer["columns"],
            json!({"outcome_id": 1, "kind": 2, "occurred_at": 3, "gclid": 4})
        );
        let last = &answer["rows"][2_500];
        assert_eq!(
            (&last["line"], &last["code"]),
            (&json!(2_502), &json!("time_invalid"))
        );
        assert_eq!(stage.database.database().rows_in("outcomes"), 2_500);
    }
}

#[test]
fn err_a_table_that_cannot_be_taken_stores_nothing() {
    let stage = Stage::new();
    let good = "outcome_id,gclid,kind,occurred_at\nd1,G-1,won,2026-11-20T14:05:00Z\n";
    let many = format!("outcome_id,gclid\n{}", "d,G\n".repeat(7_001));
    let table: [(&str, &[u8], u16, &str); 6] = [
        ("text/csv", b"", 422, "csv_header_unknown"),
        ("text/csv", b"gclid,kind\nG-1,won\n", 422, "csv_header_unknown"),
        (
            "text/csv",
            b"outcome_id,id,amount,deal value\n",
            422,
            "csv_header_ambiguous",
        ),
        ("text/csv", b"\xff\xfeo", 422, "csv_encoding"),
        ("text/csv", many.as_bytes(), 413, "too_many_rows"),
        ("text/plain", good.as_bytes(), 415, "media_type"),
    ];
    for (content_type, body, status, code) in table {
        let reply = NativeCollector::new(&stage.database).answer(&post_table(content_type, body), now());
        let problem: Value = serde_json::from_slice(&reply.body).expect("JSON");
        assert_eq!(
            (reply.status, &problem["code"]),
            (status, &json!(code)),
            "{problem}"
        );
        assert!(
            problem["detail"].as_str().is_some_and(|detail| detail.len() > 20),
            "{problem}"
        );
    }
    assert_eq!(stage.database.database().rows_in("outcomes"), 0);
}
