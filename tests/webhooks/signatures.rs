//! Who is believed.

use attribution::timestamp::MINUTE_MS;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use collector::request::{Body, Request};
use serde_json::json;
use support::native_collector::json_of;

use crate::providers::{
    by_hmac, by_hubspot, by_standard_webhooks, by_stripe, deal, session, told, with_authorization,
};
use crate::stage::{LEAD_ID, Stage, now, settings};

/// A webhook of each provider: its settings, a delivery of it, and the outcome that it tells.
fn of_each_provider() -> Vec<(serde_json::Value, Request, &'static str)> {
    let signature = json!({"signature": {"header": "X-Signature", "prefix": "sha256=", "timestamp_header": "X-Timestamp"}});
    let in_our_words = told("d1", LEAD_ID);
    let of_pipedrive = json!({"meta": {"action": "change", "entity": "deal"}, "previous": {"status": "open"},
        "data": {"id": 17, "status": "won", "value": 1250, "currency": "EUR", "won_time": "2026-11-20T13:05:00Z",
            "custom_fields": {"key": {"value": LEAD_ID}}}})
    .to_string();
    let of_salesforce =
        json!({"Id": "0065e0", "StageName": "Closed Won", "Amount": 1250.0, "CurrencyIsoCode": "EUR",
        "LastModifiedDate": "2026-11-20T13:05:00.000+0000", "Lead_Id__c": LEAD_ID})
        .to_string();
    let basic = STANDARD.encode("throughline:first secret");
    let lead_of_pipedrive = json!({"fields": {"lead_id": "/data/custom_fields/key"}});
    vec![
        (
            settings("stripe", "WEBHOOK_ONE", &json!({})),
            by_stripe(&session("evt_1", 125_000), "first secret", now()),
            "pi_1",
        ),
        (
            settings("hubspot", "WEBHOOK_ONE", &json!({})),
            by_hubspot(&deal("1250.00"), "first secret", now()),
            "123-won",
        ),
        (
            settings("standard_webhooks", "WEBHOOK_STANDARD", &json!({})),
            by_standard_webhooks(&in_our_words, "msg_1", now()),
            "d1",
        ),
        (
            settings("hmac", "WEBHOOK_ONE", &signature),
            by_hmac(&in_our_words, "first secret", now()),
            "d1",
        ),
        (
            settings("pipedrive", "WEBHOOK_BASIC", &lead_of_pipedrive),
            with_authorization(&of_pipedrive, &format!("Basic {basic}")),
            "17-won",
        ),
        (
            settings("salesforce", "WEBHOOK_ONE", &json!({})),
            with_authorization(&of_salesforce, "Bearer first secret"),
            "0065e0-won",
        ),
    ]
}

#[test]
fn each_provider_tells_an_outcome_once_however_often_it_sends_it() {
    for (settings, request, outcome_id) in of_each_provider() {
        let stage = Stage::new(&settings);
        let first = stage.answer(&request, now());
        let told = json_of(&first);
        assert_eq!(
            (first.status, &told["accepted"]),
            (200, &json!(1)),
            "{settings} {told}"
        );
        assert_eq!(
            told["rows"][0],
            json!({"outcome_id": outcome_id, "result": "accepted", "match": "matched", "matched_by": "lead_id"}),
            "{settings}"
        );
        // A second later, and after the window in which a signature is good.
        for ms in [1_000, 4 * MINUTE_MS] {
            let again = stage.answer(&request, now().plus_ms(ms));
            assert_eq!(
                (again.status, &json_of(&again)["accepted"]),
                (200, &json!(0)),
                "{settings}"
            );
        }
        assert_eq!(stage.rows_in("outcomes"), 1, "{settings}");
        assert_eq!(stage.rows_in("outcome_changes"), 0, "{settings}");
        let kept = stage
            .texts("SELECT outcome_id, lead_id, kind, CAST(occurred_at_ms AS TEXT), currency FROM outcomes");
        assert_eq!(kept[0][0..2], [outcome_id, LEAD_ID], "{settings}");
        assert_eq!(kept[0][3..5], ["1795179900000", "EUR"], "{settings}");
    }
}

#[test]
fn err_copied_altered_and_late_deliveries_change_nothing() {
    let good = by_stripe(&session("evt_1", 125_000), "first secret", now());
    let altered = Request {
        body: Body::Whole(session("evt_1", 999_999).into_bytes()),
        ..good.clone()
    };
    let of_other = Request {
        path: "/throughline/v1/webhooks/nobody".to_owned(),
        ..good.clone()
    };
    let unsigned = Request {
        headers: Vec::new(),
        ..good.clone()
    };
    let by_another = by_stripe(&session("evt_1", 125_000), "another secret", now());
    let late = now().plus_ms(5 * MINUTE_MS + 1_000);
    let early = now().plus_ms(-5 * MINUTE_MS - 1_000);
    let table = [
        ("altered", &altered, now(), 401, "signature_invalid"),
        (
            "of a webhook that is not there",
            &of_other,
            now(),
            404,
            "not_found",
        ),
        ("unsigned", &unsigned, now(), 401, "signature_invalid"),
        ("by another", &by_another, now(), 401, "signature_invalid"),
        ("late", &good, late, 401, "signature_stale"),
        ("from the future", &good, early, 401, "signature_stale"),
    ];
    for (what, request, at, status, code) in table {
        let stage = Stage::new(&settings("stripe", "WEBHOOK_ONE", &json!({})));
        let reply = stage.answer(request, at);
        let problem = json_of(&reply);
        assert_eq!(
            (reply.status, &problem["code"]),
            (status, &json!(code)),
            "{what}: {problem}"
        );
        assert_eq!(
            (stage.rows_in("outcomes"), stage.rows_in("webhook_events")),
            (0, 0),
            "{what}"
        );
        assert_eq!(stage.counted(code), 1, "{what}");
    }
}

/// Signed or shown, whatever differs from what the provider sent by one character is not the provider's.
#[test]
fn err_what_no_provider_sent_changes_nothing() {
    for (settings, good, _) in of_each_provider() {
        let Body::Whole(body) = &good.body else {
            panic!("a whole body")
        };
        let mut forged = vec![Request {
            headers: Vec::new(),
            ..good.clone()
        }];
        let is_signed = good.headers.iter().all(|(name, _)| name != "Authorization");
        if is_signed {
            let longer = Body::Whole([body.as_slice(), b" "].concat());
            forged.push(Request {
                body: longer,
                ..good.clone()
            });
        }
        // Of each header another last character but one, because the last of base64 may carry nothing.
        for place in 0..good.headers.len() {
            let mut request = good.clone();
            let value = &mut request.headers[place].1;
            let at = value.trim_end_matches('=').len() - 2;
            let other = if value.as_bytes()[at] == b'5' { "6" } else { "5" };
            value.replace_range(at..=at, other);
            forged.push(request);
        }
        for request in forged {
            let stage = Stage::new(&settings);
            let reply = stage.answer(&request, now());
            let problem = json_of(&reply);
            assert_eq!(reply.status, 401, "{settings} {:?} {problem}", request.headers);
            assert_eq!(
                (stage.rows_in("outcomes"), stage.rows_in("webhook_events")),
                (0, 0),
                "{settings}"
            );
        }
        if is_signed {
            let stage = Stage::new(&settings);
            let late = stage.answer(&good, now().plus_ms(5 * MINUTE_MS + 1_000));
            assert_eq!(json_of(&late)["code"], "signature_stale", "{settings}");
            assert_eq!(stage.rows_in("outcomes"), 0, "{settings}");
        }
    }
}

#[test]
fn while_a_secret_is_replaced_both_are_good_and_afterwards_one() {
    let both = settings(
        "stripe",
        "WEBHOOK_TWO",
        &json!({"previous_secret": "WEBHOOK_ONE"}),
    );
    let stage = Stage::new(&both);
    let answer = |event: &str, secret: &str| {
        let request = by_stripe(&session(event, 125_000), secret, now());
        stage.answer(&request, now()).status
    };
    assert_eq!(
        (answer("evt_1", "first secret"), answer("evt_2", "second secret")),
        (200, 200)
    );
    assert_eq!(
        stage
            .set("crm", &settings("stripe", "WEBHOOK_TWO", &json!({})))
            .status,
        200
    );
    assert_eq!(
        (answer("evt_3", "first secret"), answer("evt_4", "second secret")),
        (401, 200)
    );
}

#[test]
fn err_a_webhook_without_a_secret_believes_nobody() {
    for name in ["WEBHOOK_EMPTY", "WEBHOOK_NEVER_SET"] {
        let stage = Stage::new(&settings("stripe", name, &json!({})));
        let reply = stage.answer(&by_stripe(&session("evt_1", 1), "", now()), now());
        assert_eq!(
            (reply.status, json_of(&reply)["code"].as_str()),
            (503, Some("webhook_secret_unset"))
        );
        assert_eq!(reply.header("Retry-After"), Some("60"));
        assert_eq!(stage.rows_in("outcomes"), 0);
    }
}
