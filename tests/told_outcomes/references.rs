//! Whose outcome it is: by every reference, in every order of arrival.

use attribution::user_data::{Email, Phone, PlatformHashes};
use serde_json::{Value, json};

use crate::stage::{FIRST, SECOND, Stage, clicked, lead, orders, outcome};

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
        // The one before it has it, though the other was sent sooner after.
        (
            "2026-11-02T09:00:00Z",
            "2026-11-06T09:00:00Z",
            &click,
            "2026-11-05T00:00:00Z",
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
        // Sent at the very moment of the outcome is before it.
        (
            "2026-11-02T09:00:00Z",
            "2026-11-10T09:00:00Z",
            &click,
            "2026-11-10T09:00:00Z",
            SECOND,
        ),
        // A click at the very moment of the outcome has not led to it.
        (
            "2026-11-20T09:00:00Z",
            "2026-11-16T09:00:00Z",
            &late_click,
            "2026-11-15T09:00:00Z",
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
