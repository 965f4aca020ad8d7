//! Webhooks as their providers send them: signed, copied, altered, late, told again, and set by the site.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use attribution::timestamp::{MINUTE_MS, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use collector::reply::Reply;
use collector::request::{Body, Request};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use support::failing_database::FailingDatabase;
use support::native_collector::{ADMIN_TOKEN, NativeCollector, post_lead, post_outcomes};
use support::sqlite_database::SqliteDatabase;

const LEAD_ID: &str = "7K3M9QXA2F4HJK5NR";

/// The collector as its providers know it.
const ORIGIN: &str = "https://www.example.com";

const SECRETS: &[(&str, &str)] = &[
    ("WEBHOOK_ONE", "first secret"),
    ("WEBHOOK_TWO", "second secret"),
    ("WEBHOOK_STANDARD", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"),
    ("WEBHOOK_BASIC", "throughline:first secret"),
    ("WEBHOOK_EMPTY", ""),
    ("ADMIN_TOKEN", ADMIN_TOKEN),
];

/// 2026-11-23T12:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_ms(1_795_435_200_000)
}

struct Stage {
    database: FailingDatabase,
}

impl Stage {
    /// With one lead, and this webhook at `v1/webhooks/crm`.
    fn new(settings: &Value) -> Self {
        let stage = Self {
            database: FailingDatabase::new(SqliteDatabase::of_development()),
        };
        let lead = json!({"v": 1, "site": "default", "lead_id": LEAD_ID, "submitted_at": "2026-11-18T09:10:00Z",
            "touches": [{"at": "2026-11-18T09:00:00Z", "ids": {"gclid": "Cj0K-1"}}],
            "consent": {"ad_storage": "granted"}});
        let lead = stage.answer(
            &post_lead("http://localhost:8787", lead.to_string().as_bytes()),
            now(),
        );
        assert_eq!(lead.status, 201);
        assert_eq!(stage.set("crm", settings).status, 201);
        stage
    }

    fn answer(&self, request: &Request, at: Timestamp) -> Reply {
        let mut collector = NativeCollector::new(&self.database);
        collector.secrets = SECRETS;
        collector.answer(request, at)
    }

    fn set(&self, source: &str, settings: &Value) -> Reply {
        let request = Request {
            method: "PUT".to_owned(),
            path: format!("/throughline/v1/webhooks/{source}"),
            content_type: Some("application/json".to_owned()),
            authorization: Some(format!("Bearer {ADMIN_TOKEN}")),
            body: Body::Whole(settings.to_string().into_bytes()),
            ..Request::default()
        };
        self.answer(&request, now())
    }

    fn rows_in(&self, table: &str) -> i64 {
        self.database.database().rows_in(table)
    }

    fn texts(&self, sql: &str) -> Vec<Vec<String>> {
        self.database.database().texts(sql)
    }

    fn counted(&self, code: &str) -> i64 {
        let rows =
            self.texts("SELECT code, CAST(count AS TEXT) FROM refused_counts WHERE route = 'v1/webhooks'");
        let row = rows.iter().find(|row| row[0] == code);
        row.map_or(0, |row| row[1].parse().expect("a number"))
    }
}

fn settings(provider: &str, secret: &str, more: &Value) -> Value {
    let mut settings = json!({"site": "default", "provider": provider, "secret": secret});
    for (name, value) in more.as_object().into_iter().flatten() {
        settings[name] = value.clone();
    }
    settings
}

fn delivery(body: &str, headers: &[(&str, String)]) -> Request {
    Request {
        method: "POST".to_owned(),
        path: "/throughline/v1/webhooks/crm".to_owned(),
        own_origin: ORIGIN.to_owned(),
        content_type: Some("application/json".to_owned()),
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        body: Body::Whole(body.as_bytes().to_vec()),
        ..Request::default()
    }
}

fn mac(secret: &[u8], signed: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any key");
    mac.update(signed.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn by_stripe(body: &str, secret: &str, at: Timestamp) -> Request {
    let seconds = at.ms() / 1_000;
    let signature = hex::encode(mac(secret.as_bytes(), &format!("{seconds}.{body}")));
    delivery(
        body,
        &[("stripe-signature", format!("t={seconds},v1={signature}"))],
    )
}

fn by_hubspot(body: &str, secret: &str, at: Timestamp) -> Request {
    let signed = format!("POST{ORIGIN}/throughline/v1/webhooks/crm{body}{}", at.ms());
    let signature = STANDARD.encode(mac(secret.as_bytes(), &signed));
    delivery(
        body,
        &[
            ("X-HubSpot-Signature-v3", signature),
            ("X-HubSpot-Request-Timestamp", at.ms().to_string()),
        ],
    )
}

fn by_standard_webhooks(body: &str, id: &str, at: Timestamp) -> Request {
    let key = STANDARD
        .decode("C2FVsBQIhrscChlQIMV+b5sSYspob7oD")
        .expect("base64");
    let seconds = at.ms() / 1_000;
    let signature = STANDARD.encode(mac(&key, &format!("{id}.{seconds}.{body}")));
    delivery(
        body,
        &[
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", seconds.to_string()),
            ("webhook-signature", format!("v1,{signature}")),
        ],
    )
}

fn by_hmac(body: &str, secret: &str, at: Timestamp) -> Request {
    let seconds = at.ms() / 1_000;
    let signature = hex::encode(mac(secret.as_bytes(), &format!("{seconds}.{body}")));
    delivery(
        body,
        &[
            ("X-Signature", format!("sha256={signature}")),
            ("X-Timestamp", seconds.to_string()),
        ],
    )
}

fn with_authorization(body: &str, credentials: &str) -> Request {
    delivery(body, &[("Authorization", credentials.to_owned())])
}

fn json_of(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).expect("JSON")
}

/// A paid session of Stripe Checkout.
fn session(event: &str, cents: u32) -> String {
    json!({"id": event, "type": "checkout.session.completed", "created": 1_795_179_900,
        "data": {"object": {"id": "cs_1", "payment_intent": "pi_1", "payment_status": "paid", "amount_total": cents,
            "currency": "eur", "client_reference_id": LEAD_ID}}})
    .to_string()
}

fn refund(event: &str, cents: u32) -> String {
    json!({"id": event, "type": "charge.refunded", "created": 1_795_266_300,
        "data": {"object": {"id": "ch_1", "payment_intent": "pi_1", "amount": 125_000, "amount_refunded": cents,
            "currency": "eur"}}})
    .to_string()
}

/// A won deal as a workflow of HubSpot posts it.
fn deal(amount: &str) -> String {
    json!({"hs_object_id": 123, "dealstage": "closedwon", "closedate": "1795179900000", "amount": amount,
        "deal_currency_code": "EUR", "lead_id": LEAD_ID})
    .to_string()
}

#[test]
fn each_provider_tells_an_outcome_once_however_often_it_sends_it() {
    let signature = json!({"signature": {"header": "X-Signature", "prefix": "sha256=", "timestamp_header": "X-Timestamp"}});
    let in_our_words = json!({"outcome_id": "d1", "lead_id": LEAD_ID, "kind": "won",
        "occurred_at": "2026-11-20T14:05:00+01:00", "value": "1250.00", "currency": "EUR"})
    .to_string();
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
    let table = [
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
    ];
    for (settings, request, outcome_id) in table {
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
        assert_eq!(stage.rows_in("outcomes"), 0);
    }
}

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
