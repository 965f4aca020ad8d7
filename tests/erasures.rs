//! Forgetting a person, and telling what is kept of one: by lead_id, e-mail address and phone number.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use attribution::lead_id::LeadId;
use attribution::limits::PERSON_LEADS_MAX;
use attribution::timestamp::{DAY_MS, Timestamp};
use attribution::user_data::{Country, Email, Phone, PlatformHashes};
use collector::reply::Reply;
use serde_json::{Map, Value, json};
use support::failing_database::{FailingDatabase, Fault};
use support::native_collector::{
    ADMIN_TOKEN, NativeCollector, ask, get_feed, json_of, post_lead, post_outcomes,
};
use support::sqlite_database::SqliteDatabase;

/// 2026-11-23T12:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
}

fn lead_id(number: u64) -> String {
    LeadId::from_random([number, number]).as_str().to_owned()
}

fn written(hashes: &PlatformHashes) -> Value {
    let named = hashes
        .named()
        .map(|(platform, hash)| (platform.to_owned(), json!(hash.as_str())));
    Value::Object(named.collect::<Map<_, _>>())
}

/// A lead of a person, who may have given an e-mail address and a phone number.
fn lead(lead_id: &str, email: Option<&str>, phone: Option<&str>) -> Value {
    let email = email.map(|email| Email::parse(email).expect("an address").hashes());
    let phone = phone.map(|phone| Phone::parse(phone, None).expect("a number").hashes());
    json!({"v": 1, "site": "default", "lead_id": lead_id, "submitted_at": "2026-11-18T09:10:00Z",
        "touches": [{"at": "2026-11-18T09:00:00Z", "ids": {"gclid": format!("Cj0KCQ-{lead_id}")}}],
        "consent": {"ad_storage": "granted", "ad_user_data": "granted"},
        "user": {"email": email.as_ref().map(written).unwrap_or(json!({})),
            "phone": phone.as_ref().map(written).unwrap_or(json!({}))}})
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

    fn sqlite(&self) -> &SqliteDatabase {
        self.database.database()
    }

    fn send(&self, lead: &Value) -> Reply {
        let request = post_lead("http://localhost:8787", lead.to_string().as_bytes());
        NativeCollector::new(&self.database).answer(&request, now())
    }

    fn tell(&self, outcome: &Value) -> Value {
        let reply = NativeCollector::new(&self.database).answer(&post_outcomes(&outcome.to_string()), now());
        json_of(&reply)
    }

    fn post(&self, path: &str, body: &Value) -> Reply {
        let request = ask("POST", path, ADMIN_TOKEN, &body.to_string());
        NativeCollector::new(&self.database).answer(&request, now())
    }

    /// Everything that is stored, as one text.
    fn everything(&self) -> String {
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table'";
        let tables = self.sqlite().texts(tables).concat();
        let rows = |table: &String| self.sqlite().texts(&format!("SELECT * FROM {table}")).concat();
        tables.iter().flat_map(rows).collect::<Vec<_>>().join("\n")
    }
}

fn won(outcome_id: &str, whose: (&str, &str)) -> Value {
    json!({"outcome_id": outcome_id, whose.0: whose.1, "kind": "won", "occurred_at": "2026-11-20T14:05:00Z",
        "value": "1250.00", "currency": "EUR"})
}

#[test]
fn a_lead_is_forgotten_with_its_outcomes_and_does_not_come_back() {
    let stage = Stage::new();
    let (id, other) = (lead_id(1), lead_id(2));
    for id in [&id, &other] {
        assert_eq!(stage.send(&lead(id, None, None)).status, 201);
        assert_eq!(
            stage.tell(&won(&format!("deal-{id}"), ("lead_id", id)))["accepted"],
            1
        );
    }
    let restated =
        json!({"outcome_id": format!("deal-{id}"), "change": "restate", "value": "99.00", "currency": "EUR"});
    assert_eq!(stage.tell(&restated)["accepted"], 1, "{restated}");
    let feed = || {
        let feed = NativeCollector::new(&stage.database).answer(&get_feed(), now());
        String::from_utf8(feed.body).expect("text")
    };
    assert!(feed().contains(&format!("Cj0KCQ-{id}")));

    // By a person's way of writing it.
    let written = id.to_lowercase();
    let reply = stage.post("v1/erasures", &json!({"lead_id": written}));
    let receipt = json_of(&reply);
    assert_eq!(
        (
            reply.status,
            &receipt["leads"],
            &receipt["outcomes"],
            &receipt["asked_by"]
        ),
        (200, &json!(1), &json!(1), &json!("lead_id"))
    );
    assert_eq!(receipt["erased_at"], "2026-11-23T12:00:00.000Z");
    assert!(receipt["erasure_id"].as_str().is_some_and(|id| id.len() == 48));
    assert!(!stage.everything().contains(&id), "{}", stage.everything());
    assert!(stage.everything().contains(&other));

    // What waited for delivery waits no longer.
    assert!(!feed().contains(&format!("Cj0KCQ-{id}")) && feed().contains(&format!("Cj0KCQ-{other}")));

    // The browser's queue sends it again, and is told to let go.
    let again = stage.send(&lead(&id, None, None));
    assert_eq!(
        (again.status, &json_of(&again)["code"]),
        (410, &json!("lead_erased"))
    );
    assert_eq!(json_of(&again)["retryable"], false);
    assert!(!stage.everything().contains(&id));

    // So does the CRM with the outcome.
    let told = stage.tell(&json!([
        won(&format!("deal-{id}"), ("lead_id", &id)),
        won("another", ("lead_id", &other))
    ]));
    assert_eq!(
        (&told["rows"][0]["code"], &told["rows"][1]["result"]),
        (&json!("lead_erased"), &json!("accepted")),
        "{told}"
    );
    assert!(!stage.everything().contains(&id));

    // Asking again is harmless, and has its own receipt.
    let repeated = stage.post("v1/erasures", &json!({"lead_id": id}));
    let second = json_of(&repeated);
    assert_eq!(
        (repeated.status, &second["leads"], &second["outcomes"]),
        (200, &json!(0), &json!(0))
    );
    assert_ne!(second["erasure_id"], receipt["erasure_id"]);
}

#[test]
fn a_lead_that_still_waits_in_a_browser_is_kept_away_too() {
    let stage = Stage::new();
    let reply = stage.post("v1/erasures", &json!({"lead_id": lead_id(1)}));
    assert_eq!(
        (reply.status, &json_of(&reply)["code"]),
        (404, &json!("not_found"))
    );
    assert_eq!(stage.send(&lead(&lead_id(1), None, None)).status, 410);
    assert_eq!(stage.send(&lead(&lead_id(2), None, None)).status, 201);
}

#[test]
fn an_outcome_that_came_before_its_lead_is_forgotten_with_it() {
    let stage = Stage::new();
    stage.tell(&won("early", ("lead_id", &lead_id(1))));
    let receipt = json_of(&stage.post("v1/erasures", &json!({"lead_id": lead_id(1)})));
    assert_eq!((&receipt["leads"], &receipt["outcomes"]), (&json!(0), &json!(1)));
    assert_eq!(stage.sqlite().rows_in("outcomes"), 0);
}

#[test]
fn a_person_is_found_by_any_way_of_writing_the_address_and_nobody_else_is() {
    let table = [
        ("email", "Ann.Example@gmail.com"),
        ("email", " annexample@GMAIL.com "),
        ("email", "ann.example+shop@gmail.com"),
        ("phone", "+44 113 496 0987"),
        ("phone", "0044 (113) 4960987"),
        ("phone", "01134960987"),
    ];
    for (name, address) in table {
        let stage = Stage::new();
        let (first, second, other) = (lead_id(1), lead_id(2), lead_id(3));
        assert_eq!(
            stage
                .send(&lead(
                    &first,
                    Some("ann.example@gmail.com"),
                    Some("+441134960987")
                ))
                .status,
            201
        );
        assert_eq!(
            stage
                .send(&lead(
                    &second,
                    Some("ann.example@gmail.com"),
                    Some("+441134960987")
                ))
                .status,
            201
        );
        assert_eq!(
            stage
                .send(&lead(&other, Some("bob@example.com"), Some("+441134960988")))
                .status,
            201
        );
        stage.tell(&won("of-lead", ("lead_id", &second)));
        stage.tell(&won("of-bob", ("email", "bob@example.com")));
        let mut body = json!({name: address});
        if address.starts_with("01") {
            body["country"] = json!("gb");
        }
        let shown = json_of(&stage.post("v1/access", &body));
        let ids: Vec<&Value> = shown["leads"]
            .as_array()
            .unwrap_or_else(|| panic!("{body}: {shown}"))
            .iter()
            .map(|lead| &lead["lead_id"])
            .collect();
        assert_eq!((ids.len(), &shown["is_complete"]), (2, &json!(true)), "{body}");
        assert_eq!(shown["outcomes"][0]["outcome_id"], "of-lead");
        assert!(shown["leads"][0]["lead"]["consent"].is_object());

        let receipt = json_of(&stage.post("v1/erasures", &body));
        assert_eq!(
            (&receipt["leads"], &receipt["outcomes"], &receipt["asked_by"]),
            (&json!(2), &json!(1), &json!(name)),
            "{body} {receipt}"
        );
        let left = stage.everything();
        let email = Email::parse("ann.example@gmail.com")
            .expect("an address")
            .hashes();
        let phone = Phone::parse("+441134960987", Country::named("GB"))
            .expect("a number")
            .hashes();
        let hashes = email
            .named()
            .chain(phone.named())
            .map(|(_, hash)| hash.as_str().to_owned());
        for trace in hashes.chain([first.clone(), second.clone(), address.trim().to_owned()]) {
            assert!(!left.contains(&trace), "{trace} is left of {body}");
        }
        assert!(left.contains(&other) && left.contains("of-bob"));
        // Nothing is left to be shown, and that is no error.
        let shown = json_of(&stage.post("v1/access", &body));
        assert_eq!((&shown["leads"], &shown["outcomes"]), (&json!([]), &json!([])));
        for id in [&first, &second] {
            assert_eq!(stage.send(&lead(id, None, None)).status, 410);
        }
    }
}

#[test]
fn an_outcome_that_was_told_by_an_address_is_found_and_forgotten_without_a_lead() {
    for (name, address) in [("email", "ann@example.com"), ("phone", "+441134960987")] {
        let stage = Stage::new();
        stage.tell(&won("waits", (name, address)));
        let body = json!({name: address});
        let shown = json_of(&stage.post("v1/access", &body));
        assert_eq!(shown["outcomes"][0]["outcome_id"], "waits", "{shown}");
        let receipt = json_of(&stage.post("v1/erasures", &body));
        assert_eq!((&receipt["leads"], &receipt["outcomes"]), (&json!(0), &json!(1)));
        assert_eq!(stage.sqlite().rows_in("outcomes"), 0);
    }
}

#[test]
fn a_person_is_told_what_was_said_of_their_outcomes_and_who_was_given_them() {
    let stage = Stage::new();
    assert_eq!(
        stage
            .send(&lead(&lead_id(1), Some("ann@example.com"), None))
            .status,
        201
    );
    assert_eq!(stage.send(&lead(&lead_id(2), None, None)).status, 201);
    stage.tell(&won("of-ann", ("lead_id", &lead_id(1))));
    stage.tell(&won("of-bob", ("lead_id", &lead_id(2))));
    let feed = NativeCollector::new(&stage.database).answer(&get_feed(), now());
    assert_eq!(feed.header("Throughline-Rows"), Some("2"));
    for outcome_id in ["of-ann", "of-bob"] {
        stage.tell(&json!({"outcome_id": outcome_id, "change": "retract"}));
    }

    let shown = json_of(&stage.post("v1/access", &json!({"email": "ann@example.com"})));
    let of_ann = |list: &str, name: &str| -> Vec<(Value, Value)> {
        let rows = shown[list].as_array().unwrap_or_else(|| panic!("{shown}")).iter();
        rows.map(|row| (row["outcome_id"].clone(), row[name].clone()))
            .collect()
    };
    assert_eq!(of_ann("changes", "change"), [(json!("of-ann"), json!("retract"))]);
    assert_eq!(
        of_ann("deliveries", "state"),
        [(json!("of-ann"), json!("fetched"))]
    );
    assert_eq!(shown["deliveries"][0]["destination"], "google-demo");
}

#[test]
fn a_hash_names_a_person_as_well_as_the_address() {
    let stage = Stage::new();
    stage.send(&lead(&lead_id(1), Some("ann@example.com"), None));
    let hashes = Email::parse("ann@example.com").expect("an address").hashes();
    let hash = hashes.meta.expect("a hash").as_str().to_uppercase();
    let receipt = json_of(&stage.post("v1/erasures", &json!({"email": hash})));
    assert_eq!(receipt["leads"], 1, "{receipt}");
}

#[test]
fn an_address_that_very_many_leads_share_takes_several_requests() {
    let stage = Stage::new();
    // Each is found by the hashes of two platforms, and counts once.
    let most = PERSON_LEADS_MAX as u64;
    for number in 1..=most + 1 {
        assert_eq!(
            stage
                .send(&lead(&lead_id(number), Some("a.nn@gmail.com"), None))
                .status,
            201
        );
    }
    let ask = json!({"email": "a.nn@gmail.com"});
    let shown = json_of(&stage.post("v1/access", &ask));
    let leads = shown["leads"].as_array().expect("leads").len();
    assert_eq!((leads, &shown["is_complete"]), (PERSON_LEADS_MAX, &json!(false)));
    for (erased, is_complete) in [(most, false), (1, true), (0, true)] {
        let receipt = json_of(&stage.post("v1/erasures", &ask));
        assert_eq!(
            (&receipt["leads"], &receipt["is_complete"]),
            (&json!(erased), &json!(is_complete))
        );
    }
    assert_eq!(stage.sqlite().rows_in("leads"), 0);
}

#[test]
fn err_a_person_is_named_by_exactly_one_thing_and_no_answer_repeats_it() {
    let stage = Stage::new();
    stage.send(&lead(&lead_id(1), Some("ann@example.com"), None));
    let before = stage.sqlite().rows_in("leads");
    let table = [
        (json!({}), "setting_refused"),
        (json!([]), "setting_refused"),
        (
            json!({"email": "ann@example.com", "lead_id": lead_id(1)}),
            "setting_refused",
        ),
        (json!({"email": "canary"}), "setting_refused"),
        (json!({"email": "canary canary@example.com"}), "setting_refused"),
        (json!({"email": ["canary@example.com"]}), "setting_refused"),
        (json!({"phone": "canary"}), "setting_refused"),
        (json!({"phone": "0113 4960987"}), "setting_refused"),
        (
            json!({"phone": "0113 4960987", "country": "canary"}),
            "setting_refused",
        ),
        (
            json!({"email": "canary@example.com", "country": "GB"}),
            "setting_refused",
        ),
        (json!({"lead_id": "canary"}), "lead_id_invalid"),
        (json!({"e-mail": "canary@example.com"}), "setting_refused"),
    ];
    for (body, code) in table {
        for path in ["v1/erasures", "v1/access"] {
            let reply = stage.post(path, &body);
            let problem = json_of(&reply);
            assert_eq!((reply.status, &problem["code"]), (422, &json!(code)), "{body}");
            assert!(!problem.to_string().contains("canary"), "{problem}");
        }
    }
    assert_eq!(stage.sqlite().rows_in("leads"), before);
    assert_eq!(stage.sqlite().rows_in("erasures"), 0);
}

#[test]
fn an_erasure_whose_answer_was_lost_is_whole_and_may_be_asked_for_again() {
    let stage = Stage::new();
    stage.send(&lead(&lead_id(1), None, None));
    let ask = json!({"lead_id": lead_id(1)});
    stage.database.fault.set(Fault::BeforeCommit);
    assert_eq!(stage.post("v1/erasures", &ask).status, 503);
    assert_eq!(
        (
            stage.sqlite().rows_in("leads"),
            stage.sqlite().rows_in("tombstones")
        ),
        (1, 0)
    );
    stage.database.fault.set(Fault::AfterCommit);
    assert_eq!(stage.post("v1/erasures", &ask).status, 503);
    for table in ["leads", "lead_arrivals"] {
        assert_eq!(stage.sqlite().rows_in(table), 0, "{table}");
    }
    stage.database.fault.set(Fault::None);
    assert_eq!(stage.post("v1/erasures", &ask).status, 200);
}

#[test]
fn a_tombstone_goes_when_no_browser_can_hold_the_lead_any_more() {
    let stage = Stage::new();
    stage.send(&lead(&lead_id(1), None, None));
    stage.post("v1/erasures", &json!({"lead_id": lead_id(1)}));
    let store = collector::store::Store::new(&stage.database);
    let sweep =
        |at| futures_util::FutureExt::now_or_never(collector::sweep::run(&store, at)).expect("at once");
    assert!(sweep(now().plus_ms(399 * DAY_MS)).is_ok());
    assert_eq!(stage.sqlite().rows_in("tombstones"), 1);
    assert!(sweep(now().plus_ms(401 * DAY_MS)).is_ok());
    assert_eq!(stage.sqlite().rows_in("tombstones"), 0);
    assert_eq!(stage.sqlite().rows_in("erasures"), 1, "the proof stays");
}
