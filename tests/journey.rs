//! The whole line in one process: from the landing URL to the bytes that Google fetches. Read it top to bottom.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use attribution::consent::{Answer, Statement};
use attribution::form_fields::{Field, FieldValue, Moment};
use attribution::lead::{FormName, Submission};
use attribution::lead_id::LeadId;
use attribution::page_address::PageAddress;
use attribution::tag_settings::TagSettings;
use attribution::timestamp::{DAY_MS, HOUR_MS, SECOND_MS, Timestamp};
use attribution::visit::{Step, Visit};
use serde_json::{Value, json};
use support::native_collector::{NativeCollector, get_feed, post_lead, post_outcomes};
use support::sqlite_database::SqliteDatabase;

const ORIGIN: &str = "http://localhost:8787";

const GCLID: &str =
    "Cj0KCQiA_P_XBhDVARIs-FFYLcHGXw8lM9mLOBuQr-6nFx_LGfF4ZPQ6pNHPvdbJGIaemUAcqMr9cYkaAgfYEALw_wcB";

/// 2026-11-18T09:00:00Z.
const LANDED: i64 = 1_794_992_400_000;

fn landing_url() -> String {
    format!(
        "{ORIGIN}/throughline/demo/?utm_source=google&utm_medium=cpc&utm_campaign=spring%20sale&gad_source=1\
         &gad_campaignid=21890163799&gbraid=0AAAAADcdDU8NxuHbP0cnjgnaxxW8mVMPq&gclid={GCLID}"
    )
}

fn settings() -> TagSettings {
    TagSettings::read(|name| (name == "consent").then_some("manual"))
}

fn visit() -> (Visit, Timestamp) {
    let landed_at = Timestamp::from_ms(LANDED);
    (
        Visit::begin(
            settings(),
            &landing_url(),
            "",
            "https://www.google.com/",
            landed_at,
        ),
        landed_at,
    )
}

fn answered(answer: Answer) -> Statement {
    let answer = answer.name();
    Statement::parse(&format!("site,explicit,{answer},{answer},{answer}")).expect("a statement")
}

fn submission(lead_id: &LeadId, submitted_at: Timestamp) -> Submission {
    Submission {
        site: "default".to_owned(),
        lead_id: lead_id.clone(),
        submitted_at,
        page: PageAddress::of(&landing_url()),
        form: FormName {
            id: "contact".to_owned(),
            ..FormName::default()
        },
        script: "0.1.0".to_owned(),
    }
}

fn json_of(body: &[u8]) -> Value {
    serde_json::from_slice(body).expect("JSON")
}

#[test]
fn a_click_id_walks_from_the_landing_url_to_the_file_that_google_fetches() {
    // The visitor lands. Before an answer nothing is remembered, and a hidden field stays empty.
    let (mut visit, landed_at) = visit();
    let gclid_field = Field {
        input_type: "hidden",
        name: "gclid",
        ..Field::default()
    };
    let tag = settings();
    let gclid_field = gclid_field.recognise(&tag).expect("a field of ours");
    assert_eq!(visit.field_value(&gclid_field, "", Moment::Passing), None);

    // The visitor agrees: the record is kept, and found again on the next page.
    let agreed_at = landed_at.plus_ms(5 * SECOND_MS);
    assert!(matches!(
        visit.hear(answered(Answer::Granted), agreed_at),
        Step::Remember
    ));
    let kept = visit
        .remember("", &landing_url(), agreed_at)
        .expect("a text to keep");
    let (_, kept) = kept.rsplit_once(' ').expect("seconds and days before the text");
    let next_href = format!("{ORIGIN}/throughline/demo/contact");
    let mut next_page = Visit::begin(settings(), &next_href, "", "", agreed_at);
    let _ = next_page.hear(answered(Answer::Granted), agreed_at);
    let _ = next_page.remember(kept, &next_href, agreed_at);

    // The form gets its hidden fields, the lead its id.
    let lead_id = LeadId::from_random([123_456_789; 2]);
    let filled = next_page.field_value(&gclid_field, lead_id.as_str(), Moment::Passing);
    assert_eq!(filled.map(FieldValue::into_text).as_deref(), Some(GCLID));

    // The form is sent; the lead goes to the collector, which stores it and then answers.
    let submitted_at = landed_at.plus_ms(90 * SECOND_MS);
    let lead = next_page
        .record()
        .expect("a record")
        .lead(submission(&lead_id, submitted_at));
    let body = serde_json::to_vec(&lead).expect("JSON");
    let collector = NativeCollector::new(SqliteDatabase::of_development());
    let received_at = submitted_at.plus_ms(200);
    let first = collector.answer(&post_lead(ORIGIN, &body), received_at);
    assert_eq!(first.status, 201);
    assert_eq!(
        json_of(&first.body),
        json!({"lead_id": lead_id.as_str(), "result": "accepted"})
    );
    assert_eq!(first.header("Access-Control-Allow-Origin"), Some(ORIGIN));
    let second = collector.answer(&post_lead(ORIGIN, &body), received_at.plus_ms(HOUR_MS));
    assert_eq!(
        (second.status, &json_of(&second.body)["result"]),
        (200, &json!("repeated"))
    );

    // Two days later the deal is won, and the CRM tells the outcome.
    let deal = json!({"outcome_id": "deal-1001", "lead_id": lead_id.as_str(), "kind": "won",
        "occurred_at": "2026-11-20T14:05:00+01:00", "value": "1250.00", "currency": "EUR"});
    let told_at = landed_at.plus_ms(3 * DAY_MS);
    let answer = collector.answer(&post_outcomes(&deal.to_string()), told_at);
    let expected = json!({"accepted": 1, "repeated": 0, "refused": 0,
        "rows": [{"outcome_id": "deal-1001", "result": "accepted", "match": "matched",
            "matched_by": "lead_id"}]});
    assert_eq!((answer.status, json_of(&answer.body)), (200, expected));

    // Google fetches the file.
    let feed = collector.answer(&get_feed(), told_at);
    assert_eq!(feed.header("Content-Type"), Some("text/csv; charset=utf-8"));
    assert_eq!(feed.header("Cache-Control"), Some("no-store"));
    let expected = format!(
        "Parameters:TimeZone=+0000\n\
         Google Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency,Order ID,Ad User Data,\
         Ad Personalization\n\
         {GCLID},Closed deal,2026-11-20 13:05:00+0000,1250.00,EUR,deal-1001,Granted,Granted\n"
    );
    assert_eq!(String::from_utf8(feed.body).as_deref(), Ok(expected.as_str()));
}

#[test]
fn without_consent_nothing_leaves_the_page() {
    let (mut visit, landed_at) = visit();
    let _ = visit.hear(answered(Answer::Denied), landed_at);
    assert_eq!(visit.remember("", &landing_url(), landed_at), None);
    assert!(
        visit.record().is_none(),
        "without a record there is no lead to send"
    );
}

#[test]
fn an_outcome_may_come_before_its_lead_and_is_delivered_all_the_same() {
    let collector = NativeCollector::new(SqliteDatabase::of_development());
    let (mut visit, landed_at) = visit();
    let _ = visit.hear(answered(Answer::Granted), landed_at);
    let _ = visit.remember("", &landing_url(), landed_at);
    let lead_id = LeadId::from_random([987_654_321; 2]);
    let now = landed_at.plus_ms(DAY_MS);
    let deal = json!({"outcome_id": 7, "lead_id": lead_id.as_str().to_lowercase(), "kind": "won",
        "occurred_at": "2026-11-18T20:00:00Z"});

    let early = collector.answer(&post_outcomes(&deal.to_string()), now);
    assert_eq!(json_of(&early.body)["rows"][0]["match"], "waiting");
    let feed = collector.answer(&get_feed(), now);
    assert_eq!(feed.header("Throughline-Left-Out"), Some("lead_waiting=1"));

    let lead = visit
        .record()
        .expect("a record")
        .lead(submission(&lead_id, landed_at.plus_ms(90 * SECOND_MS)));
    let body = serde_json::to_vec(&lead).expect("JSON");
    assert_eq!(collector.answer(&post_lead(ORIGIN, &body), now).status, 201);
    let feed = collector.answer(&get_feed(), now);
    assert_eq!(feed.header("Throughline-Rows"), Some("1"));
    assert!(String::from_utf8_lossy(&feed.body).contains(&format!("{GCLID},Closed deal,")));
}
