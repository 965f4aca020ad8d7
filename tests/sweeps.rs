//! What is done when nobody waits: the outbox is worked off, and what is kept too long goes.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use attribution::lead_id::LeadId;
use attribution::timestamp::{DAY_MS, HOUR_MS, SECOND_MS, Timestamp};
use collector::store::{StorageError, Store};
use collector::sweep::{self, Swept};
use futures_util::FutureExt;
use serde_json::{Value, json};
use support::failing_database::{FailingDatabase, Fault};
use support::native_collector::{ADMIN_TOKEN, NativeCollector, ask, json_of, post_lead, post_outcomes};
use support::sqlite_database::SqliteDatabase;

/// 2026-11-23T12:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
}

fn development() -> FailingDatabase {
    FailingDatabase::new(SqliteDatabase::of_development())
}

fn lead_id(number: u64) -> String {
    LeadId::from_random([number, number]).as_str().to_owned()
}

fn send(database: &FailingDatabase, lead_id: &str, at: Timestamp) {
    let lead = json!({"v": 1, "site": "default", "lead_id": lead_id, "submitted_at": "2026-11-18T09:10:00Z",
        "touches": [{"at": "2026-11-18T09:00:00Z", "ids": {"gclid": lead_id}}], "consent": {"ad_storage": "granted"}});
    let request = post_lead("http://localhost:8787", lead.to_string().as_bytes());
    assert_eq!(NativeCollector::new(database).answer(&request, at).status, 201);
}

fn tell(database: &FailingDatabase, outcome_id: &str, lead_id: &str, at: Timestamp) {
    let deal = json!({"outcome_id": outcome_id, "lead_id": lead_id, "kind": "won", "occurred_at": "2026-11-20T14:05:00Z"});
    let reply = NativeCollector::new(database).answer(&post_outcomes(&deal.to_string()), at);
    assert_eq!(reply.status, 200);
}

fn sweep(database: &FailingDatabase, at: Timestamp) -> Result<Swept, StorageError> {
    sweep::run(&Store::new(database), at)
        .now_or_never()
        .expect("SQLite answers at once")
}

fn health(database: &FailingDatabase, at: Timestamp) -> Value {
    json_of(&NativeCollector::new(database).answer(&ask("GET", "health", "", ""), at))
}

#[test]
fn health_tells_how_long_the_oldest_lead_has_waited_for_a_sweep() {
    let database = development();
    let before = health(&database, now());
    assert_eq!(
        (
            &before["outbox_age_s"],
            &before["oldest_in_outbox"],
            &before["swept_at"]
        ),
        (&json!(0), &Value::Null, &Value::Null)
    );
    send(&database, &lead_id(1), now());
    send(&database, &lead_id(2), now().plus_ms(HOUR_MS));
    let waiting = health(&database, now().plus_ms(2 * HOUR_MS));
    assert_eq!(
        (&waiting["outbox_age_s"], &waiting["oldest_in_outbox"]),
        (&json!(7_200), &json!("2026-11-23T12:00:00.000Z"))
    );
    let swept = sweep(&database, now().plus_ms(2 * HOUR_MS)).expect("a store");
    assert_eq!(swept.arrivals, 2);
    let after = health(&database, now().plus_ms(2 * HOUR_MS));
    assert_eq!(
        (&after["outbox_age_s"], &after["swept_at"], &after["purged_at"]),
        (
            &json!(0),
            &json!("2026-11-23T14:00:00.000Z"),
            &json!("2026-11-23T14:00:00.000Z")
        )
    );
    // A lead is swept once, unless it came in the last minute.
    assert_eq!(
        sweep(&database, now().plus_ms(3 * HOUR_MS))
            .expect("a store")
            .arrivals,
        0
    );
}

#[test]
fn a_lead_that_is_committed_late_is_not_passed_over() {
    let database = development();
    send(&database, &lead_id(1), now());
    let swept_at = now().plus_ms(10 * SECOND_MS);
    assert_eq!(sweep(&database, swept_at).expect("a store").arrivals, 1);
    // Its write was tried again for some seconds, so it carries an earlier moment than the sweep.
    send(&database, &lead_id(2), now().plus_ms(SECOND_MS));
    let swept = sweep(&database, swept_at.plus_ms(HOUR_MS)).expect("a store");
    assert_eq!(swept.arrivals, 2, "the first is looked at once more");
}

#[test]
fn leads_that_are_older_than_the_outbox_are_mended_and_found() {
    let database = development();
    for number in 0..250 {
        send(&database, &lead_id(number), now().plus_ms(number as i64 / 7));
    }
    let sqlite = database.database();
    let finders = "SELECT lead_id, finders FROM lead_arrivals ORDER BY lead_id";
    let right = sqlite.texts(finders);
    sqlite.execute("UPDATE lead_arrivals SET finders = '[]'");
    let swept = sweep(&database, now().plus_ms(HOUR_MS)).expect("a store");
    assert_eq!((swept.arrivals, swept.mended), (250, 250));
    assert_eq!(sqlite.texts(finders), right);
    assert!(
        right
            .iter()
            .all(|row| row[1].len() == "[\"0123456789abcdef\"]".len())
    );

    // An outcome that waited for one of them has found it.
    let deal = json!({"outcome_id": "by-click", "gclid": lead_id(7), "kind": "won", "occurred_at": "2026-11-20T14:05:00Z"});
    sqlite.execute("DELETE FROM sweeps; UPDATE lead_arrivals SET finders = '[]'");
    let _ = NativeCollector::new(&database).answer(&post_outcomes(&deal.to_string()), now());
    let whose = "SELECT lead_id FROM outcomes WHERE outcome_id = 'by-click'";
    assert_eq!(sqlite.texts(whose), [[""]]);
    assert!(sweep(&database, now().plus_ms(HOUR_MS)).is_ok());
    assert_eq!(sqlite.texts(whose), [[lead_id(7)]]);

    // One that this version cannot read keeps what it has, and stops nobody.
    sqlite.execute("DELETE FROM sweeps; UPDATE lead_arrivals SET finders = '[]'");
    sqlite.execute(&format!(
        "UPDATE leads SET lead = '{{}}' WHERE lead_id = '{}'",
        lead_id(3)
    ));
    let swept = sweep(&database, now().plus_ms(HOUR_MS)).expect("a store");
    assert_eq!((swept.arrivals, swept.mended), (250, 249));
}

#[test]
fn a_sweep_that_is_cut_off_is_made_up_for_by_the_next() {
    let database = development();
    send(&database, &lead_id(1), now());
    database
        .database()
        .execute("UPDATE lead_arrivals SET finders = '[]'");
    for fault in [Fault::BeforeCommit, Fault::AfterCommit] {
        database.fault.set(fault);
        assert_eq!(
            sweep(&database, now().plus_ms(HOUR_MS)),
            Err(StorageError::Unavailable)
        );
    }
    database.fault.set(Fault::None);
    let swept = sweep(&database, now().plus_ms(HOUR_MS)).expect("a store");
    assert_eq!(swept.arrivals, 1);
    assert_eq!(health(&database, now().plus_ms(HOUR_MS))["outbox_age_s"], 0);
}

#[test]
fn each_site_keeps_its_leads_and_their_outcomes_as_long_as_it_says() {
    let database = development();
    let site = json!({"origins": ["http://localhost:*"], "retention_days": 30}).to_string();
    let put = ask("PUT", "v1/sites/default", ADMIN_TOKEN, &site);
    assert_eq!(NativeCollector::new(&database).answer(&put, now()).status, 200);
    send(&database, &lead_id(1), now());
    send(&database, &lead_id(2), now().plus_ms(DAY_MS));
    tell(&database, "of-the-old", &lead_id(1), now().plus_ms(20 * DAY_MS));
    tell(&database, "of-the-new", &lead_id(2), now().plus_ms(20 * DAY_MS));
    tell(&database, "in-vain", &lead_id(9), now());
    let sqlite = database.database();
    // Another site's lead of the same age stays by the default of 400 days.
    sqlite.execute(
        "INSERT INTO sites (site, origins) VALUES ('other', '[]');
         INSERT INTO leads (site, lead_id, received_at_ms, lead, content_sha256)
         SELECT 'other', lead_id, received_at_ms, lead, '' FROM leads;
         INSERT INTO lead_arrivals SELECT site, received_at_ms, lead_id, '[]' FROM leads WHERE site = 'other'",
    );
    let left = || {
        let leads = sqlite
            .texts("SELECT lead_id FROM leads WHERE site = 'default'")
            .concat();
        let outcomes = sqlite
            .texts("SELECT outcome_id FROM outcomes ORDER BY outcome_id")
            .concat();
        (leads, outcomes, sqlite.rows_in("lead_arrivals"))
    };
    let exactly = now().plus_ms(30 * DAY_MS);
    assert_eq!(sweep(&database, exactly).expect("a store").purged_leads, 0);
    let a_night_later = now().plus_ms(31 * DAY_MS);
    let swept = sweep(&database, a_night_later).expect("a store");
    assert_eq!((swept.purged_leads, swept.purged_outcomes), (1, 2));
    assert_eq!(left(), (vec![lead_id(2)], vec!["of-the-new".to_owned()], 3));
}

#[test]
fn a_large_purge_goes_on_in_the_next_runs_and_rests_until_the_next_night() {
    let database = development();
    send(&database, &lead_id(1), now());
    database.database().execute(
        "WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 2000)
         INSERT INTO leads (site, lead_id, received_at_ms, lead, content_sha256)
         SELECT site, 'COPY' || number, received_at_ms + number, lead, '' FROM leads, numbers;
         INSERT INTO lead_arrivals
         SELECT site, received_at_ms, lead_id, '[]' FROM leads WHERE lead_id LIKE 'COPY%'",
    );
    let late = now().plus_ms(401 * DAY_MS);
    let mut purged = Vec::new();
    for run in 0..3 {
        purged.push(
            sweep(&database, late.plus_ms(run * 300 * SECOND_MS))
                .expect("a store")
                .purged_leads,
        );
    }
    assert_eq!(purged, [1_500, 501, 0]);
    assert_eq!(
        (
            database.database().rows_in("leads"),
            database.database().rows_in("lead_arrivals")
        ),
        (0, 0)
    );
    let before = database.database().rows_written();
    let swept = sweep(&database, late.plus_ms(HOUR_MS)).expect("a store");
    assert_eq!(swept.purged_leads, 0);
    let written = database.database().rows_written() - before;
    assert!(
        written <= 1,
        "the same night only the mark moves, but {written} rows were written"
    );
}

#[test]
fn tombstones_and_counts_of_refusals_do_not_stay_for_ever() {
    let database = development();
    let sqlite = database.database();
    sqlite.execute(&format!(
        "INSERT INTO tombstones VALUES ('default', 'old', {}), ('default', 'new', {});
         INSERT INTO refused_counts VALUES ('', '2025-10-18', 'v1/leads', 'x', 1), ('', '2025-10-19', 'v1/leads', 'x', 1)",
        now().plus_ms(-401 * DAY_MS).ms(),
        now().plus_ms(-399 * DAY_MS).ms()
    ));
    assert!(sweep(&database, now()).is_ok());
    assert_eq!(sqlite.texts("SELECT lead_sha256 FROM tombstones"), [["new"]]);
    assert_eq!(sqlite.texts("SELECT day FROM refused_counts"), [["2025-10-19"]]);
}

#[test]
fn what_belonged_to_something_that_is_gone_goes_within_the_night_however_much_it_is() {
    let database = development();
    let sqlite = database.database();
    let long_ago = now().plus_ms(-500 * DAY_MS).ms();
    sqlite.execute(&format!(
        "WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 2000)
         INSERT INTO deliveries (destination, site, outcome_id, change, state, payload)
         SELECT 'gone', 'default', 'd' || number, '', 'confirmed', '{{\"gclid\": \"Cj0K\"}}' FROM numbers;
         INSERT INTO webhook_events
         SELECT 'default', 'stripe', outcome_id, {long_ago} FROM deliveries;
         INSERT INTO outcome_changes
         SELECT 'default', outcome_id, 'retract', {long_ago}, NULL, NULL, {long_ago}, '' FROM deliveries"
    ));
    for run in 0..3 {
        assert!(sweep(&database, now().plus_ms(run * 300 * SECOND_MS)).is_ok());
    }
    for table in ["deliveries", "webhook_events", "outcome_changes"] {
        assert_eq!(sqlite.rows_in(table), 0, "{table}");
    }
    let purged_at = health(&database, now())["purged_at"].clone();
    assert_eq!(
        purged_at, "2026-11-23T12:05:00.000Z",
        "not before all of it was gone"
    );
}
