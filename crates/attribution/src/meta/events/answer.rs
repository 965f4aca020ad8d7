//! Reading what Meta answers. It takes a request whole or refuses it whole, and does not say for which event.

use serde::Deserialize;

use super::words::WORDS;
use crate::platform_answer::{BatchAnswer, HttpAnswer, Mend, RowAnswer, find_word};

/// Bad parameters: something in the request is wrong.
const BAD_PARAMETER: i64 = 100;

#[derive(Deserialize)]
struct Accepted {
    events_received: usize,
}

#[derive(Deserialize)]
struct Refused {
    error: GraphError,
}

#[derive(Deserialize)]
struct GraphError {
    code: i64,
    error_subcode: Option<i64>,
}

/// Reads the answer to a request with so many events.
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
    if (200..300).contains(&status) {
        return match serde_json::from_slice(body) {
            Ok(Accepted { events_received }) if events_received == rows => {
                BatchAnswer::for_all(&RowAnswer::Taken, rows)
            }
            // Some were dropped. Sent again by halves, those that arrived are repetitions.
            Ok(_) if rows > 1 => BatchAnswer::Halve,
            Ok(_) => BatchAnswer::for_all(&unknown("NOT_RECEIVED".to_owned(), Mend::Row), rows),
            Err(_) => BatchAnswer::for_all(&RowAnswer::Lost, rows),
        };
    }
    let error = serde_json::from_slice::<Refused>(body)
        .ok()
        .map(|body| body.error);
    let word = error
        .as_ref()
        .and_then(|error| find_word(WORDS, &error.code.to_string()));
    let code = error
        .as_ref()
        .map_or_else(|| format!("HTTP_{status}"), GraphError::name);
    let answer = match (word, status) {
        (Some(word), _) => match word.class {
            // Where Meta names a moment, that counts.
            crate::platform_answer::Class::Later { hours: 0 } if not_before.is_some() => {
                RowAnswer::Busy { code, not_before }
            }
            _ => RowAnswer::Said(word),
        },
        (None, 408 | 429 | 500..) => RowAnswer::Busy { code, not_before },
        (None, 400) if error.as_ref().is_none_or(|error| error.code == BAD_PARAMETER) => {
            if rows > 1 {
                return BatchAnswer::Halve;
            }
            unknown(code, Mend::Row)
        }
        (None, _) => unknown(code, Mend::Settings),
    };
    BatchAnswer::for_all(&answer, rows)
}

fn unknown(code: String, mend: Mend) -> RowAnswer {
    RowAnswer::SaidUnknown { code, mend }
}

impl GraphError {
    /// `100.2804003`: the code, and the sub-code where there is one.
    fn name(&self) -> String {
        match self.error_subcode {
            Some(subcode) => format!("{}.{subcode}", self.code),
            None => self.code.to_string(),
        }
    }
}
