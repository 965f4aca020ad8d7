//! Secrets, and the tokens that they are good for.

use attribution::timestamp::HOUR_MS;
use support::platform_double::{refresh_secret, service_account};

use crate::stage::{CLICK, OUTCOME, Stage, seen};

#[test]
fn without_credentials_everything_waits_and_goes_once_they_are_there() {
    let mut stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    let secret = stage.access.google.secret.take();
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("waiting", "no_access", ""));
    stage.access.google.secret = secret;
    stage.platform.refuses_secrets.set(true);
    stage.later(HOUR_MS);
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("waiting", "no_access", ""));
    assert_eq!(stage.platform.requests.get(), 0);
    stage.platform.refuses_secrets.set(false);
    stage.later(HOUR_MS);
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("sent", "", ""));
}

#[test]
fn a_token_that_is_not_known_any_more_is_renewed_once() {
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    stage.platform.oldest_token.set(2);
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("sent", "", ""));
    assert_eq!(stage.platform.tokens.get(), 2);
    // Where no token is good, a person has to look, and nobody knocks for ever.
    let stage = Stage::new("google", 1);
    stage.lead(0, CLICK);
    stage.outcomes(0..1, OUTCOME);
    stage.platform.oldest_token.set(99);
    assert!(stage.sweep());
    assert_eq!(stage.state(0), seen("held", "", "UNAUTHENTICATED"));
    assert_eq!(
        (stage.platform.tokens.get(), stage.platform.requests.get()),
        (2, 2)
    );
}

#[test]
fn a_refresh_token_opens_google_as_a_service_account_does() {
    for secret in [service_account(None), refresh_secret()] {
        let mut stage = Stage::new("google", 1);
        stage.access.google.secret = Some(format!("\n{secret}\n"));
        stage.lead(0, CLICK);
        stage.outcomes(0..1, OUTCOME);
        assert!(stage.sweep());
        assert_eq!(stage.state(0), seen("sent", "", ""), "{secret}");
        stage.assert_strict();
    }
}

/// A secret that was stored by mistake waits for a person, and is no error of the network's.
#[test]
fn a_secret_that_is_none_asks_nobody() {
    for (platform, secret) in [
        ("google", ""),
        ("google", " "),
        ("google", "{"),
        ("google", r#"{"client_email":"a","private_key":"no key"}"#),
        ("microsoft", r#"{"client_id":"c","refresh_token":"r"}"#),
        (
            "microsoft",
            r#"{"client_id":"c","refresh_token":"r","developer_token":"a\nb"}"#,
        ),
        ("meta", ""),
        ("meta", "two words"),
        ("meta", "žeton"),
    ] {
        let mut stage = Stage::new(platform, 1);
        let access = match platform {
            "google" => &mut stage.access.google,
            "microsoft" => &mut stage.access.microsoft,
            _ => &mut stage.access.meta,
        };
        access.secret = Some(secret.to_owned());
        stage.lead(0, CLICK);
        stage.outcomes(0..1, OUTCOME);
        assert!(stage.sweep());
        assert_eq!(
            stage.state(0),
            seen("waiting", "no_access", ""),
            "{platform} {secret}"
        );
        assert_eq!(stage.platform.requests.get(), 0, "{platform} {secret}");
    }
}
