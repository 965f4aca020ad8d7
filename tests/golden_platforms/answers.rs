//! What the platforms answer, and what becomes of each row: every word of their tables, and the answers that are none.

use attribution::delivery::{Delivery, Stop};
use attribution::google::data_manager::{AT_ONCE, LATER_ON, read_ingest, read_status};
use attribution::google::upload_words;
use attribution::judgement::Judgement;
use attribution::meta::events;
use attribution::microsoft::offline_conversions;
use attribution::platform_answer::{BatchAnswer, Class, HttpAnswer, Mend, RowAnswer, Word};
use attribution::timestamp::{DAY_MS, HOUR_MS, Timestamp};
use serde_json::{Value, json};
use support::golden_file::assert_golden;

use crate::cases::moment;

const ROWS: usize = 3;

fn now() -> Timestamp {
    moment("2026-11-23T12:00:00Z")
}

fn came(status: u16, body: &Value, read: impl Fn(HttpAnswer<'_>, usize) -> BatchAnswer) -> BatchAnswer {
    read(
        HttpAnswer::Came {
            status,
            retry_after: None,
            body: body.to_string().as_bytes(),
        },
        ROWS,
    )
}

/// Where a row stands after its first answer.
pub(crate) fn after(answer: &RowAnswer) -> Delivery {
    let due = Delivery::planned(&Judgement::Deliverable(()), now());
    due.lease(now()).expect("it is due").answered(answer, now(), 0)
}

/// Where a row stands after the next answer, if it is sent again at all.
pub(crate) fn after_waiting(first: Delivery, answer: &RowAnswer) -> Delivery {
    let later = now().plus_ms(3 * DAY_MS);
    match first.lease(later) {
        Some(leased) => leased.answered(answer, later, 0),
        None => first,
    }
}

pub(crate) fn class(class: Class) -> String {
    match class {
        Class::Never(Mend::Row) => "never".to_owned(),
        Class::Never(Mend::Settings) => "never, settings".to_owned(),
        Class::Later { hours: 0 } => "later".to_owned(),
        Class::Later { hours } => format!("later, {hours} h"),
        Class::LaterOnce {
            hours,
            mend: Mend::Row,
        } => format!("later once, {hours} h"),
        Class::LaterOnce {
            hours,
            mend: Mend::Settings,
        } => format!("later once, {hours} h, settings"),
        Class::Done => "done".to_owned(),
        Class::Info => "info".to_owned(),
    }
}

/// A line of the golden table: the word, its class, the state that a row is in afterwards, the advice.
fn line(place: &str, word: &Word, answer: &RowAnswer) -> Vec<String> {
    assert_eq!(answer, &RowAnswer::Said(by_value(word)), "{}", word.name);
    let delivery = after(answer);
    let advice = match &delivery {
        Delivery::Due {
            waits_for: Some(stop),
            ..
        }
        | Delivery::Held { stop, .. }
        | Delivery::Refused { stop, .. } => stop.advice(),
        _ => word.advice,
    };
    [place, word.name, &class(word.class), delivery.state(), advice]
        .map(str::to_owned)
        .to_vec()
}

/// The word as one that lives long enough to be compared.
fn by_value(word: &Word) -> &'static Word {
    let tables = [
        AT_ONCE,
        LATER_ON,
        upload_words::WORDS,
        events::WORDS,
        offline_conversions::WORDS,
    ];
    let mut all = tables.iter().flat_map(|table| table.iter());
    all.find(|other| std::ptr::eq(*other, word))
        .expect("a known word")
}

fn table(lines: Vec<Vec<String>>) -> String {
    let mut table = csv::Writer::from_writer(Vec::new());
    let header = ["answer", "name", "class", "state", "advice"];
    table.write_record(header).expect("a header");
    for line in lines {
        table.write_record(&line).expect("a row");
    }
    String::from_utf8(table.into_inner().expect("a table")).expect("UTF-8")
}

fn of_rows(answer: BatchAnswer) -> Vec<RowAnswer> {
    match answer {
        BatchAnswer::Rows(rows) => rows,
        BatchAnswer::Halve => panic!("the answer says nothing of its rows"),
    }
}

/// As Google refuses a request for its second event.
fn refusal(reason: &str) -> Value {
    json!({"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "There was a problem with the request.",
        "details": [
            {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "INVALID_ARGUMENT",
                "domain": "datamanager.googleapis.com"},
            {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [
                {"field": "events.events[1].currency", "description": "…", "reason": reason}]}]}})
}

/// As Google reports on a request of which the second event failed.
fn report(reason: &str) -> Value {
    json!({"requestStatusPerDestination": [{"requestStatus": "PARTIAL_SUCCESS",
        "errorInfo": {"errorCounts": [{"recordCount": "1", "reason": reason, "recordIndices": ["1"]}]},
        "eventsIngestionStatus": {"recordCount": "3"}}]})
}

#[test]
fn every_word_of_google_leads_to_its_state() {
    let mut lines = Vec::new();
    for word in AT_ONCE {
        let rows = of_rows(came(400, &refusal(word.name), read_ingest));
        assert_eq!(rows[0], RowAnswer::NotRead, "{}", word.name);
        assert_eq!(rows[2], RowAnswer::NotRead, "{}", word.name);
        lines.push(line("400", word, &rows[1]));
    }
    for word in LATER_ON {
        let prefix = match word.name {
            "OPERATING_ACCOUNT_MISMATCH_FOR_AD_IDENTIFIER" => "PROCESSING_ERROR_",
            _ => "PROCESSING_ERROR_REASON_",
        };
        let report = report(&format!("{prefix}{}", word.name));
        let rows = of_rows(came(200, &report, |answer, rows| read_status(answer, "r1", rows)));
        assert_eq!(rows[0], RowAnswer::Taken, "{}", word.name);
        assert_eq!(rows[2], RowAnswer::Taken, "{}", word.name);
        lines.push(line("status", word, &rows[1]));
    }
    for word in upload_words::WORDS {
        lines.push(line("upload", word, &RowAnswer::Said(word)));
    }
    assert_golden("google/answers.csv", &table(lines));
}

#[test]
fn every_word_of_microsoft_leads_to_its_state() {
    let mut lines = Vec::new();
    for word in offline_conversions::WORDS {
        let body = json!({"PartialErrors": [null, {"Index": 1, "Code": 1, "ErrorCode": word.name, "FieldPath": null}]});
        let rows = of_rows(came(200, &body, offline_conversions::read));
        assert_eq!(rows[0], RowAnswer::Taken, "{}", word.name);
        assert_eq!(rows[2], RowAnswer::Taken, "{}", word.name);
        lines.push(line("PartialErrors", word, &rows[1]));
    }
    assert_golden("microsoft/answers.csv", &table(lines));
}

#[test]
fn every_code_of_meta_leads_to_its_state() {
    let mut lines = Vec::new();
    for word in events::WORDS {
        let code: i64 = word.name.parse().expect("a number");
        let body =
            json!({"error": {"message": "…", "type": "OAuthException", "code": code, "fbtrace_id": "A"}});
        let rows = of_rows(came(400, &body, events::read));
        assert!(rows.iter().all(|row| row == &rows[0]), "{}", word.name);
        lines.push(line("error", word, &rows[0]));
    }
    assert_golden("meta/answers.csv", &table(lines));
}

/// What a whole request's answer means for all of its rows: the state, its code, and the hours until the next step.
fn means(answer: BatchAnswer) -> (&'static str, String, i64) {
    let rows = match answer {
        BatchAnswer::Rows(rows) => rows,
        BatchAnswer::Halve => return ("halves", String::new(), 0),
    };
    assert_eq!(rows.len(), ROWS);
    assert!(rows.iter().all(|row| row == &rows[0]), "{rows:?}");
    let delivery = after(&rows[0]);
    let (code, next) = match &delivery {
        Delivery::Due {
            waits_for,
            not_before,
            ..
        } => (waits_for.as_ref().map(Stop::code), *not_before),
        Delivery::Sent {
            request_id, ask_at, ..
        } => (Some(request_id.as_str()), *ask_at),
        Delivery::Held { stop, .. } | Delivery::Refused { stop, .. } => (Some(stop.code()), now()),
        _ => (None, now()),
    };
    let code = code.unwrap_or_default().to_owned();
    (delivery.state(), code, next.ms_since(now()) / HOUR_MS)
}

type Reader = fn(HttpAnswer<'_>, usize) -> BatchAnswer;

fn read_report(answer: HttpAnswer<'_>, rows: usize) -> BatchAnswer {
    read_status(answer, "r1", rows)
}

#[test]
fn answers_about_a_whole_request() {
    let retry_after = Some(now().plus_ms(2 * HOUR_MS));
    let google: Reader = read_ingest;
    let (report, microsoft, meta): (Reader, Reader, Reader) =
        (read_report, offline_conversions::read, events::read);
    let status_only = |status: &str| format!(r#"{{"error":{{"code":0,"status":"{status}"}}}}"#);
    let (unauthenticated, denied, exhausted) = (
        status_only("UNAUTHENTICATED"),
        status_only("PERMISSION_DENIED"),
        status_only("RESOURCE_EXHAUSTED"),
    );
    let not_found =
        r#"{"error":{"status":"NOT_FOUND","details":[{"reason":"INVALID_CONVERSION_ACTION_ID"}]}}"#;
    let new_action = r#"{"error":{"status":"INVALID_ARGUMENT","details":[{"fieldViolations":[
        {"field":"destinations[0].product_destination_id","reason":"CONVERSION_ACTION_TOO_RECENTLY_CREATED"}]}]}}"#;
    let of_destination = |reason: &str| {
        let violation = json!({"field": "destinations[0].operating_account.account_id", "reason": reason});
        json!({"error": {"status": "INVALID_ARGUMENT", "details": [{"fieldViolations": [violation]}]}})
            .to_string()
    };
    let (no_such_account, no_number) = (of_destination("SOMETHING_NEW"), of_destination("INVALID_FORMAT"));
    let failed = r#"{"requestStatusPerDestination":[{"requestStatus":"FAILED","errorInfo":{"errorCounts":[
        {"recordCount":"3","reason":"PROCESSING_ERROR_REASON_TOO_RECENT_CLICK"}]}}]}"#;
    let part = r#"{"requestStatusPerDestination":[{"requestStatus":"PARTIAL_SUCCESS","errorInfo":{"errorCounts":[
        {"recordCount":"1","reason":"PROCESSING_ERROR_REASON_INVALID_GCLID"}]}}]}"#;
    let processing = r#"{"requestStatusPerDestination":[{"requestStatus":"PROCESSING"}]}"#;
    let success = r#"{"requestStatusPerDestination":[{"requestStatus":"SUCCESS"}]}"#;
    let microsoft_token =
        r#"{"OperationErrors":[],"Errors":[{"Code":109,"ErrorCode":"AuthenticationTokenExpired"}]}"#;
    let microsoft_new = r#"{"OperationErrors":[{"Code":9,"ErrorCode":"SomethingNew"}]}"#;
    let html = "<html>Bad gateway</html>";
    for (read, status, body, expected) in [
        (google, 200, r#"{"requestId":"r1"}"#, ("sent", "r1", 0)),
        (google, 200, "{}", ("due", "", 0)),
        (google, 200, html, ("due", "", 0)),
        (google, 400, html, ("halves", "", 0)),
        (
            google,
            400,
            new_action,
            ("waiting", "CONVERSION_ACTION_TOO_RECENTLY_CREATED", 6),
        ),
        // A setting that is wrong holds the rows and refuses none, also where nobody knows the word.
        (
            google,
            400,
            no_such_account.as_str(),
            ("held", "SOMETHING_NEW", 0),
        ),
        (google, 400, no_number.as_str(), ("held", "INVALID_FORMAT", 0)),
        (
            google,
            401,
            unauthenticated.as_str(),
            ("held", "UNAUTHENTICATED", 0),
        ),
        (google, 403, denied.as_str(), ("held", "PERMISSION_DENIED", 0)),
        (
            google,
            404,
            not_found,
            ("held", "INVALID_CONVERSION_ACTION_ID", 0),
        ),
        (
            google,
            429,
            exhausted.as_str(),
            ("waiting", "RESOURCE_EXHAUSTED", 2),
        ),
        (google, 500, html, ("waiting", "HTTP_500", 2)),
        (google, 418, html, ("held", "HTTP_418", 0)),
        (report, 200, success, ("confirmed", "", 0)),
        (report, 200, processing, ("sent", "r1", 0)),
        (report, 200, failed, ("waiting", "TOO_RECENT_CLICK", 6)),
        (report, 200, part, ("halves", "", 0)),
        (report, 200, html, ("due", "", 0)),
        (report, 503, html, ("waiting", "HTTP_503", 2)),
        (microsoft, 200, "{}", ("confirmed", "", 0)),
        (microsoft, 200, r#"{"PartialErrors":[]}"#, ("confirmed", "", 0)),
        (microsoft, 200, html, ("due", "", 0)),
        (microsoft, 400, "{}", ("halves", "", 0)),
        (microsoft, 401, html, ("held", "HTTP_401", 0)),
        (
            microsoft,
            401,
            microsoft_token,
            ("held", "AuthenticationTokenExpired", 0),
        ),
        (microsoft, 400, microsoft_new, ("refused", "SomethingNew", 0)),
        (microsoft, 429, html, ("waiting", "HTTP_429", 2)),
        (microsoft, 500, "{}", ("waiting", "HTTP_500", 2)),
        (
            meta,
            200,
            r#"{"events_received":3,"messages":[],"fbtrace_id":"A"}"#,
            ("confirmed", "", 0),
        ),
        (meta, 200, r#"{"events_received":2}"#, ("halves", "", 0)),
        (meta, 200, html, ("due", "", 0)),
        (
            meta,
            400,
            r#"{"error":{"code":100,"error_subcode":2804003}}"#,
            ("halves", "", 0),
        ),
        (meta, 400, html, ("halves", "", 0)),
        (meta, 403, r#"{"error":{"code":273}}"#, ("held", "273", 0)),
        (meta, 429, r#"{"error":{"code":4}}"#, ("waiting", "4", 2)),
        (meta, 500, r#"{"error":{"code":2}}"#, ("waiting", "2", 2)),
        (meta, 503, html, ("waiting", "HTTP_503", 2)),
    ] {
        let (state, code, hours) = expected;
        let answer = HttpAnswer::Came {
            status,
            retry_after: (status == 429 || status >= 500).then_some(retry_after).flatten(),
            body: body.as_bytes(),
        };
        assert_eq!(
            means(read(answer, ROWS)),
            (state, code.to_owned(), hours),
            "{status} {body}"
        );
    }
    for read in [google, report, microsoft, meta] {
        assert_eq!(means(read(HttpAnswer::Lost, ROWS)), ("due", String::new(), 0));
    }
}

/// A single row is never halved: what is wrong is wrong with it.
#[test]
fn one_row_alone_is_refused_by_its_code() {
    let (google, microsoft, meta): (Reader, Reader, Reader) =
        (read_ingest, offline_conversions::read, events::read);
    for (read, status, body, code) in [
        (google, 400, "<html>", "HTTP_400"),
        (
            google,
            400,
            r#"{"error":{"status":"INVALID_ARGUMENT"}}"#,
            "INVALID_ARGUMENT",
        ),
        (microsoft, 400, "{}", "HTTP_400"),
        (
            meta,
            400,
            r#"{"error":{"code":100,"error_subcode":2804003}}"#,
            "100.2804003",
        ),
        (meta, 200, r#"{"events_received":0}"#, "NOT_RECEIVED"),
    ] {
        let answer = HttpAnswer::Came {
            status,
            retry_after: None,
            body: body.as_bytes(),
        };
        let rows = of_rows(read(answer, 1));
        let code = code.to_owned();
        assert_eq!(
            rows,
            [RowAnswer::SaidUnknown {
                code,
                mend: Mend::Row
            }],
            "{status} {body}"
        );
    }
}

/// A new word of the platform's refuses its row, and is shown as it is.
#[test]
fn a_word_that_nobody_knows_concerns_its_row_alone() {
    let unknown = |code: &str| RowAnswer::SaidUnknown {
        code: code.to_owned(),
        mend: Mend::Row,
    };
    let rows = of_rows(came(400, &refusal("SOMETHING_NEW"), read_ingest));
    assert_eq!(
        rows,
        [RowAnswer::NotRead, unknown("SOMETHING_NEW"), RowAnswer::NotRead]
    );
    let body = json!({"PartialErrors": [{"Index": 2, "ErrorCode": "SomethingNew"}, {"Index": 99, "ErrorCode": "Elsewhere"}]});
    let rows = of_rows(came(200, &body, offline_conversions::read));
    assert_eq!(
        rows,
        [RowAnswer::Taken, RowAnswer::Taken, unknown("SomethingNew")]
    );
    assert_eq!(after(&rows[2]).state(), "refused");
}
