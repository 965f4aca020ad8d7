//! Reading with a key: lists page by page, the story of one lead, and the file for a spreadsheet.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::HashSet;
use std::path::PathBuf;

use attribution::lead_id::LeadId;
use attribution::timestamp::{HOUR_MS, Timestamp};
use collector::reply::Reply;
use serde_json::{Value, json};
use support::failing_database::FailingDatabase;
use support::native_collector::{ADMIN_TOKEN, NativeCollector, ask, json_of, post_lead, post_outcomes};
use support::sqlite_database::SqliteDatabase;

/// 2026-11-23T12:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
}

fn lead_id(number: u64) -> String {
    LeadId::from_random([number, number]).as_str().to_owned()
}

fn lead(lead_id: &str) -> Value {
    json!({"v": 1, "site": "default", "lead_id": lead_id, "submitted_at": "2026-11-18T09:10:00Z",
        "page": "https://www.example.com/pricing", "form": {"id": "contact"},
        "touches": [
            {"at": "2026-11-10T09:00:00Z", "landing": "https://www.example.com/old", "ids": {"gclid": "old", "msclkid": "msclkid"}},
            {"at": "2026-11-18T09:00:00Z", "landing": "https://www.example.com/lp", "referrer": "https://www.google.com/",
                "ids": {"gclid": "Cj0KCQ-_"}, "utm": {"utm_source": "google", "utm_campaign": "spring sale"}}],
        "consent": {"ad_storage": "granted", "ad_user_data": "granted", "ad_personalization": "denied", "source": "onetrust"}})
}

fn development() -> FailingDatabase {
    FailingDatabase::new(SqliteDatabase::of_development())
}

fn send(database: &FailingDatabase, lead: &Value, now: Timestamp) {
    let request = post_lead("http://localhost:8787", lead.to_string().as_bytes());
    assert_eq!(NativeCollector::new(database).answer(&request, now).status, 201);
}

fn get(database: &FailingDatabase, path: &str) -> Reply {
    NativeCollector::new(database).answer(&ask("GET", path, ADMIN_TOKEN, ""), now())
}

/// Every row of a file by the header's names.
fn rows_of(reply: &Reply) -> Vec<Vec<(String, String)>> {
    let mut reader = csv::Reader::from_reader(reply.body.as_slice());
    let header = reader.headers().expect("a header").clone();
    let named = |row: csv::StringRecord| {
        let cells = header.iter().zip(row.iter());
        cells
            .map(|(name, cell)| (name.to_owned(), cell.to_owned()))
            .collect()
    };
    reader.records().map(|row| named(row.expect("a row"))).collect()
}

fn cell<'a>(row: &'a [(String, String)], name: &str) -> &'a str {
    let mut cells = row.iter();
    &cells.find(|(other, _)| other == name).expect("the column").1
}

#[test]
fn every_lead_stands_on_exactly_one_page_newest_first() {
    let database = development();
    // Several in one millisecond, so that the place in the list is more than a moment.
    for number in 0..23 {
        let at = now().plus_ms((number as i64 / 5) * HOUR_MS);
        send(&database, &lead(&lead_id(number)), at);
    }
    for limit in [1, 5, 7, 23, 200] {
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = json_of(&get(&database, &format!("v1/leads?limit={limit}{cursor}")));
            let leads = page["leads"].as_array().expect("leads").clone();
            assert!(leads.len() <= limit);
            seen.extend(leads);
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let ids: HashSet<&str> = seen.iter().filter_map(|lead| lead["lead_id"].as_str()).collect();
        assert_eq!((seen.len(), ids.len()), (23, 23), "{limit}");
        let times: Vec<&str> = seen
            .iter()
            .filter_map(|lead| lead["received_at"].as_str())
            .collect();
        assert!(times.is_sorted_by(|newer, older| newer >= older), "{times:?}");
    }
}

#[test]
fn the_story_of_a_lead_tells_what_was_sent_and_what_happened_in_order() {
    let database = development();
    let id = lead_id(1);
    send(&database, &lead(&id), now());
    send(&database, &lead(&lead_id(2)), now());
    let deals = json!([
        {"outcome_id": "b-won", "lead_id": id, "kind": "won", "occurred_at": "2026-11-22T10:00:00Z", "value": "1250.00", "currency": "EUR"},
        {"outcome_id": "a-call", "lead_id": id, "kind": "call", "occurred_at": "2026-11-21T10:00:00+01:00"},
        {"outcome_id": "other", "lead_id": lead_id(2), "kind": "won", "occurred_at": "2026-11-20T10:00:00Z"}]);
    let collector = NativeCollector::new(&database);
    assert_eq!(
        collector.answer(&post_outcomes(&deals.to_string()), now()).status,
        200
    );

    let story = json_of(&get(&database, &format!("v1/leads/{}", id.to_lowercase())));
    assert_eq!(
        (&story["lead_id"], &story["received_at"], &story["channel"]),
        (
            &json!(id),
            &json!("2026-11-23T12:00:00.000Z"),
            &json!("Paid (Google, unspecified)")
        )
    );
    assert_eq!(story["lead"]["touches"][1]["ids"]["gclid"], "Cj0KCQ-_");
    assert_eq!(story["lead"]["consent"]["source"], "onetrust");
    let warned: Vec<&str> = story["warnings"]
        .as_array()
        .expect("warnings")
        .iter()
        .filter_map(|warning| warning["parameter"].as_str())
        .collect();
    assert!(
        warned.contains(&"gclid") && warned.contains(&"msclkid"),
        "{warned:?}"
    );
    let outcomes = story["outcomes"].as_array().expect("outcomes");
    let told: Vec<&Value> = outcomes.iter().map(|outcome| &outcome["outcome_id"]).collect();
    assert_eq!(told, ["a-call", "b-won"]);
    assert_eq!(
        (&outcomes[1]["value"], &outcomes[1]["currency"]),
        (&json!("1250.00"), &json!("EUR"))
    );
}

#[test]
fn an_outcome_tells_whether_its_lead_is_known_and_what_was_said_of_it_later() {
    let database = development();
    let id = lead_id(1);
    send(&database, &lead(&id), now());
    let deals = json!([
        {"outcome_id": "a/b ü?", "gclid": "Cj0KCQ-_", "kind": "won", "occurred_at": "2026-11-22T10:00:00Z", "value": "1250.00", "currency": "EUR"},
        {"outcome_id": "waits", "email": "ann@example.com", "kind": "won", "occurred_at": "2026-11-22T10:00:00Z"},
        {"outcome_id": "a/b ü?", "change": "restate", "value": "99.00", "currency": "EUR"},
        {"outcome_id": "a/b ü?", "change": "retract"}]);
    let collector = NativeCollector::new(&database);
    let told = json_of(&collector.answer(&post_outcomes(&deals.to_string()), now()));
    assert_eq!(told["accepted"], 4, "{told}");
    let outcome = json_of(&get(&database, "v1/outcomes/a%2Fb%20%C3%BC%3F"));
    assert_eq!(
        (
            &outcome["outcome_id"],
            &outcome["match"],
            &outcome["lead_id"],
            &outcome["named_by"],
            &outcome["value"]
        ),
        (
            &json!("a/b ü?"),
            &json!("matched"),
            &json!(id),
            &json!("gclid"),
            &json!("1250.00")
        )
    );
    let changes: Vec<(&Value, &Value)> = outcome["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|change| (&change["change"], &change["value"]))
        .collect();
    assert_eq!(changes.len(), 2, "{outcome}");
    assert!(changes.contains(&(&json!("restate"), &json!("99.00"))));
    let waiting = get(&database, "v1/outcomes/waits");
    let text = String::from_utf8_lossy(&waiting.body).into_owned();
    let waiting = json_of(&waiting);
    assert_eq!(
        (&waiting["match"], &waiting["lead_id"], &waiting["named_by"]),
        (&json!("waiting"), &Value::Null, &json!("email"))
    );
    assert!(!text.contains("ann@") && !text.contains("email:"), "{text}");
    for path in [
        "v1/outcomes/nothing",
        "v1/outcomes/%FF",
        &format!("v1/outcomes/{}", "a".repeat(300)),
    ] {
        assert_eq!(get(&database, path).status, 404, "{path}");
    }
}

#[test]
fn err_a_lead_that_is_not_there_and_an_id_that_cannot_be_one_are_told_apart() {
    let database = development();
    send(&database, &lead(&lead_id(1)), now());
    let wrong_check = {
        let mut id = lead_id(1);
        let last = id.pop().expect("a check character");
        id.push(if last == 'A' { 'B' } else { 'A' });
        id
    };
    let table = [
        (lead_id(9), 404, "not_found"),
        (wrong_check, 422, "lead_id_check_failed"),
        ("7K3M".to_owned(), 422, "lead_id_invalid"),
        ("%00".to_owned(), 422, "lead_id_invalid"),
    ];
    for (id, status, code) in table {
        let reply = get(&database, &format!("v1/leads/{id}"));
        assert_eq!(
            (reply.status, &json_of(&reply)["code"]),
            (status, &json!(code)),
            "{id}"
        );
    }
}

#[test]
fn a_lead_id_is_read_in_a_path_as_people_write_it() {
    let database = development();
    let id = lead_id(1);
    send(&database, &lead(&id), now());
    let (front, back) = id.split_at(8);
    for written in [
        id.to_lowercase(),
        format!("{front}-{back}"),
        format!("{front}%20{back}"),
        format!("%20{front}%2D{back}%0A"),
    ] {
        let story = get(&database, &format!("v1/leads/{written}"));
        assert_eq!(
            (story.status, &json_of(&story)["lead_id"]),
            (200, &json!(id)),
            "{written}"
        );
    }
}

#[test]
fn err_a_query_that_cannot_be_used_says_what_would_be_right() {
    let database = development();
    for query in [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=",
        "limit=1.5",
        "limit=1e2",
        "cursor=",
        "cursor=1",
        "cursor=1795435200000-%27%20OR%201=1",
        "cursor=99999999999999999999-A",
    ] {
        let reply = get(&database, &format!("v1/leads?{query}"));
        let problem = json_of(&reply);
        assert_eq!(
            (reply.status, &problem["code"]),
            (422, &json!("query_invalid")),
            "{query}"
        );
        assert!(
            !problem.to_string().contains("OR 1"),
            "nothing of the query is repeated"
        );
    }
    for query in ["limit=0", "limit=10001", "cursor=x"] {
        assert_eq!(
            get(&database, &format!("v1/leads.csv?{query}")).status,
            422,
            "{query}"
        );
    }
    assert_eq!(get(&database, "v1/leads.csv?limit=10000").status, 200);
}

#[test]
fn the_file_has_one_row_for_each_lead_and_the_newest_value_of_each_id() {
    let database = development();
    send(&database, &lead(&lead_id(1)), now());
    let reply = get(&database, "v1/leads.csv");
    assert_eq!(reply.header("Content-Type"), Some("text/csv; charset=utf-8"));
    assert_eq!(
        reply.header("Content-Disposition"),
        Some("attachment; filename=\"leads.csv\"")
    );
    assert_eq!(reply.header("X-Content-Type-Options"), Some("nosniff"));
    let rows = rows_of(&reply);
    assert_eq!(rows.len(), 1);
    let id = lead_id(1);
    for (name, expected) in [
        ("lead_id", id.as_str()),
        ("received_at", "2026-11-23T12:00:00.000Z"),
        ("submitted_at", "2026-11-18T09:10:00.000Z"),
        ("page", "https://www.example.com/pricing"),
        ("form_id", "contact"),
        ("channel", "Paid (Google, unspecified)"),
        ("landing_page", "https://www.example.com/lp"),
        ("referrer", "https://www.google.com/"),
        ("ad_user_data", "granted"),
        ("ad_personalization", "denied"),
        ("gclid", "Cj0KCQ-_"),
        ("msclkid", "msclkid"),
        ("utm_campaign", "spring sale"),
        ("utm_term", ""),
    ] {
        assert_eq!(cell(&rows[0], name), expected, "{name}");
    }

    // A lead of another version keeps its row.
    database.database().execute("UPDATE leads SET lead = '{\"v\":9}'");
    let rows = rows_of(&get(&database, "v1/leads.csv"));
    assert_eq!(
        (cell(&rows[0], "lead_id"), cell(&rows[0], "gclid")),
        (id.as_str(), "")
    );
    assert_eq!(
        json_of(&get(&database, "v1/leads"))["leads"][0]["lead"],
        json!({"v": 9})
    );
}

#[test]
fn a_file_longer_than_a_page_of_the_store_is_whole_and_a_bounded_one_goes_on() {
    let database = development();
    send(&database, &lead(&lead_id(1)), now());
    // A thousand leads take a while to send; copies of one serve as well.
    database.database().execute(
        "WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 1202)
         INSERT INTO leads (site, lead_id, received_at_ms, lead, content_sha256)
         SELECT site, 'COPY' || number, received_at_ms + number / 3, lead, '' FROM leads, numbers;
         INSERT INTO lead_arrivals
         SELECT site, received_at_ms, lead_id, '[]' FROM leads WHERE lead_id LIKE 'COPY%'",
    );
    let whole = get(&database, "v1/leads.csv");
    assert_eq!(whole.header("Throughline-Rows"), Some("1203"));
    assert_eq!(whole.header("Throughline-Next-Cursor"), None);
    let mut ids: Vec<String> = Vec::new();
    let mut cursor = String::new();
    loop {
        let part = get(&database, &format!("v1/leads.csv?limit=600{cursor}"));
        ids.extend(rows_of(&part).iter().map(|row| cell(row, "lead_id").to_owned()));
        match part.header("Throughline-Next-Cursor") {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let all: Vec<String> = rows_of(&whole)
        .iter()
        .map(|row| cell(row, "lead_id").to_owned())
        .collect();
    assert_eq!((ids.len(), &ids), (1_203, &all));
}

/// What a spreadsheet would compute, after the blanks that it trims.
fn is_formula(cell: &str) -> bool {
    cell.lines().any(|line| {
        let line = line.trim_start_matches(|character: char| {
            character.is_whitespace() || matches!(character, '\u{feff}' | '\u{200b}')
        });
        line.starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
    })
}

#[test]
fn no_cell_of_the_file_is_a_formula_and_the_list_still_has_the_bytes() {
    let Some(folder) = std::env::var_os("THROUGHLINE_CORPORA").map(PathBuf::from) else {
        println!("THROUGHLINE_CORPORA is not set, so no corpus of formulas is read");
        return;
    };
    let text = std::fs::read_to_string(folder.join("csv/formula-injection.json")).expect("the corpus");
    let corpus: Value = serde_json::from_str(&text).expect("JSON");
    let mut payloads = Vec::new();
    texts_in(&corpus, &mut payloads);
    let formulas = payloads.iter().filter(|payload| is_formula(payload)).count();
    assert!(formulas > 20, "the corpus holds only {formulas} formulas");
    let database = development();
    for (number, payload) in payloads.iter().enumerate() {
        let mut lead = lead(&lead_id(number as u64));
        lead["touches"][1]["utm"]["utm_campaign"] = json!(payload);
        lead["form"] = json!({"id": payload, "name": payload});
        send(&database, &lead, now().plus_ms(number as i64));
    }
    for row in rows_of(&get(&database, "v1/leads.csv")) {
        for (name, cell) in row {
            assert!(
                !is_formula(&cell) && !cell.starts_with(['\t', '\r']),
                "{name}: {cell:?}"
            );
        }
    }
    let list = json_of(&get(&database, "v1/leads?limit=200"));
    let mut leads = list["leads"].as_array().expect("leads").iter();
    let is_raw = |lead: &Value| lead["lead"]["touches"][1]["utm"]["utm_campaign"] == "=1+1";
    assert!(leads.any(is_raw), "the list alters nothing");
}

/// Every text of a corpus file, whatever its shape.
fn texts_in(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| texts_in(value, texts)),
        Value::Object(fields) => fields.values().for_each(|value| texts_in(value, texts)),
        _ => {}
    }
}
