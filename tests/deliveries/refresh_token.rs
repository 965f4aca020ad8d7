//! Microsoft's refresh token: each use brings a newer one, and each ends after 90 days. The newest is kept, and nobody sees it.

use attribution::timestamp::{DAY_MS, MINUTE_MS};
use collector::store::Store;
use futures_util::FutureExt;
use serde_json::{Value, json};
use support::platform_double::refresh_secret;

use crate::stage::{Stage, destination, seen, start};

/// A destination at Microsoft, whose secret's token ends after 90 days.
fn stage() -> Stage {
    let stage = Stage::new("microsoft", 1);
    stage.platform.secret_token_ends.set(start().plus_ms(90 * DAY_MS));
    stage
}

/// A deal that was closed yesterday.
fn close_deal(stage: &Stage, number: usize) {
    let ago = |days: i64| stage.platform.now.get().plus_ms(-days * DAY_MS).to_rfc3339();
    stage.lead(number, &ago(3));
    stage.outcomes(number..number + 1, &ago(1));
}

fn sealed(stage: &Stage) -> Vec<Vec<String>> {
    stage.texts("SELECT refresh_token_sealed FROM destinations WHERE refresh_token_sealed IS NOT NULL")
}

/// The secret with another part.
fn secret(part: &str, value: &str) -> String {
    let mut secret: Value = serde_json::from_str(&refresh_secret()).expect("JSON");
    secret[part] = json!(value);
    secret.to_string()
}

#[test]
fn deliveries_go_on_long_after_the_token_of_the_secret_has_ended() {
    let stage = stage();
    for number in 0..4 {
        close_deal(&stage, number);
        assert!(stage.sweep());
        assert_eq!(stage.state(number), seen("confirmed", "", ""), "{number}");
        stage.later(80 * DAY_MS);
    }
    stage.assert_strict();
}

#[test]
fn where_nothing_is_sent_for_long_the_token_is_renewed_all_the_same() {
    let stage = stage();
    for _ in 0..200 {
        stage.later(DAY_MS);
        for _ in 0..3 {
            assert!(stage.sweep());
        }
    }
    // One for the settings, and then one a week.
    assert_eq!(stage.platform.refresh_tokens.borrow().len(), 1 + 200 / 7);
    close_deal(&stage, 0);
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("confirmed", "", ""));
}

#[test]
fn a_platform_that_gives_no_token_is_asked_twice_a_day() {
    let stage = stage();
    stage.later(100 * DAY_MS);
    stage.platform.refuses_secrets.set(true);
    let before = stage.platform.token_requests.get();
    for _ in 0..24 * 12 {
        assert!(stage.sweep());
        stage.later(5 * MINUTE_MS);
    }
    // Each time by what is kept, and by the secret.
    assert_eq!(stage.platform.token_requests.get() - before, 2 * 2);
}

#[test]
fn one_row_a_day_is_written_however_much_is_sent() {
    let stage = stage();
    let first = sealed(&stage);
    assert_eq!(first.len(), 1);
    stage.later(DAY_MS - 1);
    close_deal(&stage, 0);
    assert!(stage.sweep());
    assert_eq!(sealed(&stage), first);
    stage.later(1);
    close_deal(&stage, 1);
    assert!(stage.sweep());
    assert_ne!(sealed(&stage), first);
}

#[test]
fn a_new_secret_counts_at_once_and_a_token_that_was_taken_back_gives_way_to_it() {
    // Neither the client's secret nor the token alone opens what another one has closed.
    for (part, value) in [
        ("client_secret", "another secret"),
        ("refresh_token", "another token"),
    ] {
        let mut stage = stage();
        stage.access.microsoft.secret = Some(secret(part, value));
        close_deal(&stage, 0);
        assert!(stage.sweep());
        assert_eq!(stage.state(0), seen("waiting", "no_access", ""), "{part}");
    }
    let stage = stage();
    stage.platform.refresh_tokens.borrow_mut().clear();
    stage.later(MINUTE_MS);
    let before = sealed(&stage);
    close_deal(&stage, 0);
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("confirmed", "", ""));
    assert_ne!(sealed(&stage), before, "what opens nothing is not kept");
    stage.assert_strict();
}

#[test]
fn of_two_sweeps_the_newer_token_stays() {
    let stage = stage();
    let store = Store::new(&stage.database);
    let keep = |token: &str, ms: i64| {
        let kept = store
            .keep_refresh_token("sales", token, start().plus_ms(ms))
            .now_or_never();
        kept.expect("SQLite answers at once").expect("a row");
    };
    keep("newer", 2);
    keep("older", 1);
    assert_eq!(sealed(&stage), [["newer"]]);
}

#[test]
fn it_is_never_shown_and_goes_with_its_destination() {
    let stage = stage();
    let [row] = sealed(&stage).try_into().expect("one row");
    assert!(!row[0].contains("newer") && row[0].len() > 40, "{row:?}");
    let all = stage.texts("SELECT * FROM destinations").concat().concat();
    assert!(!all.contains("newer-microsoft"));
    for path in ["v1/destinations/sales", "v1/deliveries", "v1/diagnostics"] {
        let (status, answer) = stage.ask("GET", path, &Value::Null);
        assert_eq!(status, 200);
        let answer = answer.to_string();
        assert!(
            !answer.contains(&row[0]) && !answer.contains("refresh_token"),
            "{answer}"
        );
    }
    let set = |settings: &Value| stage.ask("PUT", "v1/destinations/sales", settings).1.to_string();
    let answer = set(&destination("microsoft"));
    assert!(
        !answer.contains(&row[0]) && !answer.contains("newer-microsoft"),
        "{answer}"
    );
    assert_eq!(sealed(&stage).len(), 1);
    set(&destination("google"));
    assert!(sealed(&stage).is_empty());
    set(&destination("microsoft"));
    assert_eq!(stage.ask("DELETE", "v1/destinations/sales", &Value::Null).0, 204);
    assert!(sealed(&stage).is_empty());
}
