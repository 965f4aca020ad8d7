//! What is understood, told again, ignored and refused.

use attribution::timestamp::MINUTE_MS;
use collector::request::{Body, Request};
use serde_json::json;
use support::native_collector::{ADMIN_TOKEN, json_of, post_outcomes};

use crate::providers::{by_hubspot, by_standard_webhooks, by_stripe, deal, refund, session, told};
use crate::stage::{LEAD_ID, Stage, now, settings};

#[test]
fn a_refund_changes_the_payment_and_a_copy_of_an_older_one_does_not_change_it_back() {
    let stage = Stage::new(&settings("stripe", "WEBHOOK_ONE", &json!({})));
    let send = |body: &str| json_of(&stage.answer(&by_stripe(body, "first secret", now()), now()));
    let half = refund("evt_2", 62_500);
    assert_eq!(send(&half)["rows"][0]["match"], "waiting", "before the payment");
    assert_eq!(send(&session("evt_1", 125_000))["accepted"], 1);
    assert_eq!(send(&refund("evt_3", 100_000))["accepted"], 1);
    assert_eq!(send(&half)["repeated"], 1);
    let values = stage.texts("SELECT change, value FROM outcome_changes");
    assert_eq!(values, [["restate", "250.00"]], "the last word on that moment");
    assert_eq!(send(&refund("evt_4", 125_000))["accepted"], 1);
    assert_eq!(send(&refund("evt_4", 125_000))["repeated"], 1);
    assert_eq!(
        stage.texts("SELECT change FROM outcome_changes"),
        [["restate"], ["retract"]]
    );
}

#[test]
fn a_record_that_comes_again_restates_its_value_and_nothing_else() {
    let stage = Stage::new(&settings("hubspot", "WEBHOOK_ONE", &json!({})));
    let send = |body: &str, minutes: i64| {
        let at = now().plus_ms(minutes * MINUTE_MS);
        json_of(&stage.answer(&by_hubspot(body, "first secret", at), at))
    };
    assert_eq!(send(&deal("1250.00"), 0)["accepted"], 1);
    let moved = deal("1250.0").replace("1795179900000", "1795179960000");
    assert_eq!(send(&moved, 2)["repeated"], 1, "the same value");
    assert_eq!(stage.rows_in("outcome_changes"), 0);
    assert_eq!(send(&deal("900.00"), 4)["accepted"], 1);
    assert_eq!(send(&deal("900.00"), 6)["repeated"], 1);
    assert_eq!(
        stage.texts("SELECT change, value FROM outcome_changes"),
        [["restate", "900.00"]]
    );
    assert_eq!(stage.texts("SELECT value FROM outcomes"), [["1250.00"]]);
}

#[test]
fn several_records_of_one_deal_in_one_delivery_are_its_outcome_and_its_newest_value() {
    for (amounts, accepted, repeated, changes) in [
        (["1250.00", "900.00", "900.0"], 2, 1, vec!["900.00"]),
        (["1250.00", "1250", "1250.0"], 1, 2, vec![]),
        (["1250.00", "900.00", "800.00"], 3, 0, vec!["800.00"]),
    ] {
        let stage = Stage::new(&settings("hubspot", "WEBHOOK_ONE", &json!({})));
        let body = format!("[{}]", amounts.map(deal).join(","));
        let told = json_of(&stage.answer(&by_hubspot(&body, "first secret", now()), now()));
        assert_eq!(
            [&told["accepted"], &told["repeated"], &told["refused"]],
            [&json!(accepted), &json!(repeated), &json!(0)],
            "{told}"
        );
        let newest =
            "SELECT value FROM outcome_changes ORDER BY changed_at_ms DESC, received_at_ms DESC LIMIT 1";
        assert_eq!(stage.texts(newest).concat(), changes, "{amounts:?}");
        assert_eq!(stage.texts("SELECT value FROM outcomes"), [["1250.00"]]);
    }
}

#[test]
fn what_was_refused_is_taken_once_it_is_mended_under_the_same_id() {
    let stage = Stage::new(&settings("standard_webhooks", "WEBHOOK_STANDARD", &json!({})));
    let send = |second: &str| {
        let body = format!("[{},{}]", told("1", LEAD_ID), told("2", second));
        let told = json_of(&stage.answer(&by_standard_webhooks(&body, "msg_1", now()), now()));
        ["accepted", "repeated", "refused"].map(|result| told[result].clone())
    };
    assert_eq!(send("x"), [json!(1), json!(0), json!(1)]);
    assert_eq!(send(LEAD_ID), [json!(1), json!(1), json!(0)]);
    assert_eq!(send(LEAD_ID), [json!(0), json!(2), json!(0)]);
    assert_eq!(stage.rows_in("webhook_events"), 1);
}

#[test]
fn a_deal_without_an_amount_is_an_outcome_without_a_value() {
    let of_account = json!({"constants": {"currency": "EUR"}});
    let by_hand = json!({"fields": {"value": "/amuont"}});
    let bare = deal("").replace("deal_currency_code", "other");
    for (more, body, status) in [
        (json!({}), deal(""), 200),
        (of_account, bare, 200),
        // The site's own place for the value may be mistyped, and then nobody would know.
        (by_hand, deal("").replace("amount", "amuont"), 422),
    ] {
        let stage = Stage::new(&settings("hubspot", "WEBHOOK_ONE", &more));
        let reply = stage.answer(&by_hubspot(&body, "first secret", now()), now());
        assert_eq!(reply.status, status, "{}", json_of(&reply));
        let values = stage.texts("SELECT coalesce(value, '-'), coalesce(currency, '-') FROM outcomes");
        assert_eq!(values.len(), usize::from(status == 200));
        assert!(values.iter().all(|row| *row == ["-", "-"]), "{values:?}");
    }
}

#[test]
fn what_the_site_does_not_want_to_know_is_ignored_and_counted() {
    let stage = Stage::new(&settings("stripe", "WEBHOOK_ONE", &json!({})));
    let body =
        json!({"id": "evt_1", "type": "customer.created", "created": 1, "data": {"object": {}}}).to_string();
    let reply = stage.answer(&by_stripe(&body, "first secret", now()), now());
    assert_eq!((reply.status, &json_of(&reply)["ignored"]), (200, &json!(1)));
    assert_eq!(stage.counted("webhook_event_ignored"), 1);
    assert_eq!(
        (stage.rows_in("outcomes"), stage.rows_in("webhook_events")),
        (0, 0)
    );
}

#[test]
fn err_what_is_not_understood_says_what_to_do_and_is_taken_once_it_is_mended() {
    let stage = Stage::new(&settings("hubspot", "WEBHOOK_ONE", &json!({})));
    let app_event = json!([{"subscriptionType": "deal.propertyChange", "objectId": 1}]).to_string();
    let bad_lead = deal("1250.00").replace(LEAD_ID, "7K3M9QXA2F4HJK5NS");
    let table = [
        ("{", 400, "malformed_json"),
        ("7", 422, "webhook_not_understood"),
        (app_event.as_str(), 422, "hubspot_app_event"),
        (bad_lead.as_str(), 422, "lead_id_check_failed"),
    ];
    for (body, status, code) in table {
        for times in 1..=2 {
            let reply = stage.answer(&by_hubspot(body, "first secret", now()), now());
            let problem = json_of(&reply);
            assert_eq!(
                (reply.status, &problem["code"]),
                (status, &json!(code)),
                "{problem}"
            );
            assert!(
                problem["detail"].as_str().is_some_and(|detail| detail.len() > 20),
                "{problem}"
            );
            assert_eq!(stage.counted(code), times, "{code}");
        }
    }
    let many = format!("[{}]", vec!["{}"; 101].join(","));
    let reply = stage.answer(&by_hubspot(&many, "first secret", now()), now());
    assert_eq!(
        (reply.status, json_of(&reply)["code"].as_str()),
        (413, Some("too_many_events"))
    );
    let xml = Request {
        content_type: Some("text/xml".to_owned()),
        ..by_hubspot("<a/>", "first secret", now())
    };
    assert_eq!(stage.answer(&xml, now()).status, 415);
    let too_large = Request {
        body: Body::TooLarge,
        ..by_hubspot("", "first secret", now())
    };
    assert_eq!(stage.answer(&too_large, now()).status, 413);
    assert_eq!(
        (stage.rows_in("outcomes"), stage.rows_in("webhook_events")),
        (0, 0)
    );
    // Nothing of a refused delivery was remembered.
    let mended = stage.answer(&by_hubspot(&deal("1250.00"), "first secret", now()), now());
    assert_eq!(json_of(&mended)["accepted"], 1);
}

#[test]
fn the_good_events_of_a_delivery_are_kept_whatever_the_others_are() {
    let stage = Stage::new(&settings("hubspot", "WEBHOOK_ONE", &json!({})));
    let body = format!(
        "[{},{},{}]",
        deal("1"),
        deal("2").replace("123", "124").replace(LEAD_ID, "x"),
        r#"{"dealstage":"lost"}"#
    );
    let reply = stage.answer(&by_hubspot(&body, "first secret", now()), now());
    let told = json_of(&reply);
    assert_eq!(reply.status, 200);
    assert_eq!(
        [&told["accepted"], &told["refused"], &told["ignored"]],
        [&json!(1), &json!(1), &json!(1)]
    );
    assert_eq!(
        (
            stage.counted("lead_id_invalid"),
            stage.counted("webhook_event_ignored")
        ),
        (1, 1)
    );
}

#[test]
fn a_delivery_is_refused_only_where_nothing_of_it_was_understood() {
    let refused = deal("2").replace(LEAD_ID, "x");
    let ignored = r#"{"dealstage":"lost"}"#.to_owned();
    let table = [
        (vec![&refused], 422),
        (vec![&refused, &refused], 422),
        (vec![&refused, &ignored], 200),
        (vec![&ignored], 200),
    ];
    for (events, status) in table {
        let stage = Stage::new(&settings("hubspot", "WEBHOOK_ONE", &json!({})));
        let events: Vec<&str> = events.into_iter().map(String::as_str).collect();
        let body = format!("[{}]", events.join(","));
        let reply = stage.answer(&by_hubspot(&body, "first secret", now()), now());
        assert_eq!(reply.status, status, "{body}");
    }
    // Its provider would send a delivery again, or switch the webhook off, though a part of it was taken.
    let stage = Stage::new(&settings("hubspot", "WEBHOOK_ONE", &json!({})));
    let body = format!("[{},{}]", deal("1"), refused.replace("123", "124"));
    let reply = stage.answer(&by_hubspot(&body, "first secret", now()), now());
    assert_eq!((reply.status, stage.rows_in("outcomes")), (200, 1));
}

#[test]
fn settings_are_of_a_site_and_never_hold_a_secret() {
    let stage = Stage::new(&settings(
        "stripe",
        "WEBHOOK_ONE",
        &json!({"previous_secret": "WEBHOOK_EMPTY"}),
    ));
    let ask = |method: &str, authorization: &str| {
        let request = Request {
            method: method.to_owned(),
            path: "/throughline/v1/webhooks/crm".to_owned(),
            authorization: Some(authorization.to_owned()),
            ..Request::default()
        };
        stage.answer(&request, now())
    };
    let admin = format!("Bearer {ADMIN_TOKEN}");
    let shown = ask("GET", &admin);
    assert_eq!(
        json_of(&shown),
        json!({"source": "crm", "site": "default", "provider": "stripe", "secret": "WEBHOOK_ONE",
            "previous_secret": "WEBHOOK_EMPTY", "secrets_set": ["WEBHOOK_ONE"]})
    );
    assert_eq!(ask("GET", "Bearer x").status, 401);
    assert_eq!(ask("DELETE", "Bearer x").status, 401);
    // No name reaches a secret of another purpose, and none is written into the settings.
    for (secret, pointer) in [("ADMIN_TOKEN", "/secret"), ("first secret", "/secret")] {
        let reply = stage.set("crm", &settings("stripe", secret, &json!({})));
        assert_eq!(
            (reply.status, json_of(&reply)["pointer"].as_str()),
            (422, Some(pointer))
        );
    }
    let unknown = stage.set(
        "crm",
        &settings("stripe", "WEBHOOK_ONE", &json!({"colour": "blue"})),
    );
    assert_eq!(unknown.status, 422);
    let no_site = settings("stripe", "WEBHOOK_ONE", &json!({"site": "nobody"}));
    assert_eq!(stage.set("crm", &no_site).status, 404);
    stage
        .database
        .database()
        .execute("INSERT INTO sites (site, origins) VALUES ('other', '[]')");
    let taken = settings("stripe", "WEBHOOK_ONE", &json!({"site": "other"}));
    assert_eq!(stage.set("crm", &taken).status, 409);
    assert_eq!(ask("DELETE", &admin).status, 204);
    assert_eq!(ask("GET", &admin).status, 404);
    let gone = stage.answer(&by_stripe(&session("evt_1", 1), "first secret", now()), now());
    assert_eq!(gone.status, 404);
}

#[test]
fn a_webhook_and_a_crm_speak_of_the_same_outcome() {
    let stage = Stage::new(&settings("stripe", "WEBHOOK_ONE", &json!({})));
    assert_eq!(
        stage
            .answer(
                &by_stripe(&session("evt_1", 125_000), "first secret", now()),
                now()
            )
            .status,
        200
    );
    let retract = post_outcomes(r#"{"outcome_id":"pi_1","change":"retract"}"#);
    assert_eq!(
        json_of(&stage.answer(&retract, now()))["rows"][0]["match"],
        "matched"
    );
}
