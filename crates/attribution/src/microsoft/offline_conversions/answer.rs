//! Reading what Microsoft answers.

use serde_json::Value;

use super::words::WORDS;
use crate::platform_answer::{BatchAnswer, HttpAnswer, Mend, RowAnswer, find_word, plain_code};

/// Where errors stand: of single rows in an answer of 200, of rows or of the whole request in a fault.
const OF_ROWS: [&str; 2] = ["PartialErrors", "BatchErrors"];
const OF_REQUEST: [&str; 2] = ["OperationErrors", "Errors"];

/// Reads the answer to a request with so many rows. What is in no error is taken.
#[must_use]
pub fn read(answer: HttpAnswer<'_>, rows: usize) -> BatchAnswer {
    let HttpAnswer::Came {
        status,
        retry_after: not_before,
        body,
    } = answer
    else {
        return BatchAnswer::for_all(&RowAnswer::Lost, rows);
    };
    // What is no object of JSON comes from something that stands between us and Microsoft.
    let Some(body) = serde_json::from_slice::<Value>(body)
        .ok()
        .filter(Value::is_object)
    else {
        let answer = match status {
            200..=299 => RowAnswer::Lost,
            _ => of_status(status, format!("HTTP_{status}"), not_before),
        };
        return BatchAnswer::for_all(&answer, rows);
    };
    if let Some(error) = errors(&body, &OF_REQUEST).next() {
        let code = code(error);
        let answer = match find_word(WORDS, &code) {
            Some(word) => RowAnswer::Said(word),
            None => of_status(status, code, not_before),
        };
        return BatchAnswer::for_all(&answer, rows);
    }
    let others = if status == 200 {
        RowAnswer::Taken
    } else {
        RowAnswer::NotRead
    };
    let mut answers = vec![others; rows];
    let mut names_a_row = false;
    for error in errors(&body, &OF_ROWS) {
        let index = error.get("Index").and_then(Value::as_u64);
        let index = index.and_then(|index| usize::try_from(index).ok());
        if let Some(answer) = index.and_then(|index| answers.get_mut(index)) {
            let code = code(error);
            *answer = find_word(WORDS, &code).map_or(
                RowAnswer::SaidUnknown {
                    code,
                    mend: Mend::Row,
                },
                RowAnswer::Said,
            );
            names_a_row = true;
        }
    }
    if status == 200 || names_a_row {
        return BatchAnswer::Rows(answers);
    }
    if status == 400 && rows > 1 {
        return BatchAnswer::Halve;
    }
    BatchAnswer::for_all(&of_status(status, format!("HTTP_{status}"), not_before), rows)
}

fn errors<'a>(body: &'a Value, lists: &'a [&str]) -> impl Iterator<Item = &'a Value> {
    let lists = lists.iter().filter_map(|list| body.get(*list)?.as_array());
    // A row without an error is null in the older form of the list.
    lists.flatten().filter(|error| error.is_object())
}

fn code(error: &Value) -> String {
    plain_code(error.get("ErrorCode").and_then(Value::as_str).unwrap_or_default())
}

fn of_status(status: u16, code: String, not_before: Option<crate::timestamp::Timestamp>) -> RowAnswer {
    match status {
        408 | 429 | 500.. => RowAnswer::Busy { code, not_before },
        400 => RowAnswer::SaidUnknown {
            code,
            mend: Mend::Row,
        },
        _ => RowAnswer::SaidUnknown {
            code,
            mend: Mend::Settings,
        },
    }
}
