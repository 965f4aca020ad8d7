//! Reading what the Data Manager answers: at once, and later about a request
//! (<https://developers.google.com/data-manager/api/devguides/diagnostics>).

use serde::Deserialize;
use serde_json::Value;

use super::words::{AT_ONCE, LATER_ON};
use crate::platform_answer::{BatchAnswer, Class, HttpAnswer, Mend, RowAnswer, Word, find_word, plain_code};

/// Reads the answer to a request with so many events.
///
/// One bad field refuses the whole request; the answer names the event, so the others are sent again without it.
#[must_use]
pub fn read_ingest(answer: HttpAnswer<'_>, rows: usize) -> BatchAnswer {
    let HttpAnswer::Came { status, body, .. } = answer else {
        return BatchAnswer::for_all(&RowAnswer::Lost, rows);
    };
    if status == 200 {
        return BatchAnswer::for_all(&read_request_id(body), rows);
    }
    let error = ErrorBody::read(body);
    if status != 400 {
        return BatchAnswer::for_all(&refusal(answer, status, &error), rows);
    }
    let mut answers = vec![RowAnswer::NotRead; rows];
    let mut names_a_row = false;
    for violation in &error.violations {
        match violation.place {
            Place::Event(row) => {
                if let Some(answer) = answers.get_mut(row) {
                    *answer = said(AT_ONCE, &violation.reason, Mend::Row);
                    names_a_row = true;
                }
            }
            Place::Destination => return BatchAnswer::for_all(&of_destination(&violation.reason), rows),
            // What names no event is about all of them.
            Place::Elsewhere => {
                if let Some(word) = find_word(AT_ONCE, &violation.reason) {
                    return BatchAnswer::for_all(&RowAnswer::Said(word), rows);
                }
            }
        }
    }
    if names_a_row {
        return BatchAnswer::Rows(answers);
    }
    match find_word(AT_ONCE, &error.reason) {
        Some(word) => BatchAnswer::for_all(&RowAnswer::Said(word), rows),
        None if rows > 1 => BatchAnswer::Halve,
        None => BatchAnswer::for_all(&said(AT_ONCE, &error.name(status), Mend::Row), rows),
    }
}

/// Reads what became of a request with so many events, for the one destination that it had.
#[must_use]
pub fn read_status(answer: HttpAnswer<'_>, request_id: &str, rows: usize) -> BatchAnswer {
    let HttpAnswer::Came { status, body, .. } = answer else {
        return BatchAnswer::for_all(&RowAnswer::Lost, rows);
    };
    if status != 200 {
        let error = ErrorBody::read(body);
        return BatchAnswer::for_all(&refusal(answer, status, &error), rows);
    }
    let Ok(report) = serde_json::from_slice::<Report>(body) else {
        return BatchAnswer::for_all(&RowAnswer::Lost, rows);
    };
    let Some(report) = report.request_status_per_destination.into_iter().next() else {
        return BatchAnswer::for_all(&RowAnswer::Lost, rows);
    };
    let counts = report.error_info.error_counts;
    match report.request_status.as_str() {
        "SUCCESS" => BatchAnswer::for_all(&RowAnswer::Taken, rows),
        "FAILED" | "PARTIAL_SUCCESS" => of_counts(&counts, report.request_status == "FAILED", rows),
        _ => {
            let request_id = request_id.to_owned();
            BatchAnswer::for_all(&RowAnswer::Processing { request_id }, rows)
        }
    }
}

/// Since v1.9 each count names its events. Without that, one reason for all is still plain; else the request is sent
/// again in halves, which is harmless: what is there already is answered as a repetition.
fn of_counts(counts: &[ErrorCount], has_failed: bool, rows: usize) -> BatchAnswer {
    let mut answers = vec![RowAnswer::Taken; rows];
    let mut named = 0;
    for count in counts {
        let said = said(LATER_ON, without_prefix(&count.reason), Mend::Row);
        for index in &count.record_indices {
            let index = number(index).and_then(|index| usize::try_from(index).ok());
            if let Some(answer) = index.and_then(|index| answers.get_mut(index)) {
                *answer = said.clone();
                named += 1;
            }
        }
    }
    if named > 0 && (!has_failed || named == rows) {
        return BatchAnswer::Rows(answers);
    }
    match counts {
        [only] if has_failed => {
            let said = said(LATER_ON, without_prefix(&only.reason), Mend::Row);
            BatchAnswer::for_all(&said, rows)
        }
        _ if rows > 1 => BatchAnswer::Halve,
        _ => BatchAnswer::for_all(&said(LATER_ON, "FAILED", Mend::Row), rows),
    }
}

fn read_request_id(body: &[u8]) -> RowAnswer {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Accepted {
        request_id: String,
    }
    match serde_json::from_slice::<Accepted>(body) {
        Ok(Accepted { request_id }) if !request_id.is_empty() => RowAnswer::Processing { request_id },
        // With `validateOnly`, or where something stands between us and Google that answers 200 to everything.
        _ => RowAnswer::Lost,
    }
}

/// An answer that is about the whole request, whatever was in it.
fn refusal(answer: HttpAnswer<'_>, status: u16, error: &ErrorBody) -> RowAnswer {
    let not_before = match answer {
        HttpAnswer::Came { retry_after, .. } => retry_after,
        HttpAnswer::Lost => None,
    };
    let code = error.name(status);
    match status {
        408 | 429 | 500.. => RowAnswer::Busy { code, not_before },
        _ => said(AT_ONCE, &code, Mend::Settings),
    }
}

fn said(table: &'static [Word], name: &str, mend: Mend) -> RowAnswer {
    find_word(table, name).map_or_else(
        || RowAnswer::SaidUnknown {
            code: plain_code(name),
            mend,
        },
        RowAnswer::Said,
    )
}

/// A setting is wrong, so no row is: each is held and goes once the setting is mended.
fn of_destination(reason: &str) -> RowAnswer {
    match find_word(AT_ONCE, reason) {
        Some(word) if word.class != Class::Never(Mend::Row) => RowAnswer::Said(word),
        _ => RowAnswer::SaidUnknown {
            code: plain_code(reason),
            mend: Mend::Settings,
        },
    }
}

/// The names in a report carry a prefix, and one of them a shorter one.
fn without_prefix(reason: &str) -> &str {
    ["PROCESSING_ERROR_REASON_", "PROCESSING_ERROR_"]
        .iter()
        .find_map(|prefix| reason.strip_prefix(prefix))
        .unwrap_or(reason)
}

/// `google.rpc.Status` (<https://cloud.google.com/apis/design/errors>).
#[derive(Default)]
struct ErrorBody {
    status: String,
    reason: String,
    violations: Vec<Violation>,
}

struct Violation {
    place: Place,
    reason: String,
}

/// What a violation is about.
#[derive(Clone, Copy)]
enum Place {
    /// The event of that place in the request.
    Event(usize),
    /// The account or the conversion action.
    Destination,
    /// The request, or something that Google does not name.
    Elsewhere,
}

impl Place {
    /// Reads `events[3].currency`, which Google also writes `events.events[3].currency`, and
    /// `destinations[0].operating_account`.
    fn of(field: &str) -> Self {
        let of_event = || {
            let (_, from_index) = field.split_once("events[")?;
            from_index.split_once(']')?.0.parse().ok()
        };
        match of_event() {
            Some(row) => Self::Event(row),
            None if field.contains("destinations") => Self::Destination,
            None => Self::Elsewhere,
        }
    }
}

impl ErrorBody {
    fn read(body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |value: &Value, pointer: &str| {
            let text = value.pointer(pointer).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let mut read = Self {
            status: text(&body, "/error/status"),
            ..Self::default()
        };
        let details = body.pointer("/error/details").and_then(Value::as_array);
        for detail in details.into_iter().flatten() {
            let reason = text(detail, "/reason");
            if !reason.is_empty() {
                read.reason = reason;
            }
            let violations = detail.pointer("/fieldViolations").and_then(Value::as_array);
            for violation in violations.into_iter().flatten() {
                read.violations.push(Violation {
                    place: Place::of(&text(violation, "/field")),
                    reason: text(violation, "/reason"),
                });
            }
        }
        read
    }

    /// The most exact name that the answer gives itself.
    fn name(&self, status: u16) -> String {
        let named = [&self.reason, &self.status]
            .into_iter()
            .find(|name| !name.is_empty());
        named.map_or_else(|| format!("HTTP_{status}"), |name| plain_code(name))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    #[serde(default)]
    request_status_per_destination: Vec<DestinationReport>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DestinationReport {
    #[serde(default)]
    request_status: String,
    #[serde(default)]
    error_info: ErrorInfo,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ErrorInfo {
    #[serde(default)]
    error_counts: Vec<ErrorCount>,
}

/// Numbers of 64 bits are texts in Google's JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ErrorCount {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    record_indices: Vec<Value>,
}

fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
