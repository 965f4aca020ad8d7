//! A trial: a made-up event by which a platform says whether a destination's settings are right, and of which it keeps
//! nothing. No visitor is in it, so the platform's own sentence about it may be shown.

use serde_json::Value;

use crate::delivery::UNKNOWN_ANSWER;
use crate::platform_answer::{BatchAnswer, Class, Mend, RowAnswer};

/// The longest sentence of a platform's that is shown, in characters.
const SENTENCE_CHARACTERS_MAX: usize = 400;

/// What became of a trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trial {
    /// The platform takes the settings.
    Passed,
    /// The platform refuses them, and every delivery would be held for it.
    Refused {
        /// The platform's code.
        code: String,
        /// What a person can do.
        advice: &'static str,
    },
    /// The platform refused the made-up event itself, which says nothing of the settings.
    Unclear {
        /// The platform's code.
        code: String,
    },
    /// The platform did not answer, or has no time.
    NoAnswer,
}

impl Trial {
    /// What the answer to a request with the one event means.
    #[must_use]
    pub fn of_batch(answer: &BatchAnswer) -> Self {
        let BatchAnswer::Rows(rows) = answer else {
            return Self::NoAnswer;
        };
        match rows.first() {
            Some(RowAnswer::Taken | RowAnswer::Processing { .. }) => Self::Passed,
            Some(RowAnswer::Said(word)) => match word.class {
                Class::Never(Mend::Settings) => Self::Refused {
                    code: word.name.to_owned(),
                    advice: word.advice,
                },
                // The settings are right, and the platform is not ready for them yet.
                Class::Later { hours: 1.. } | Class::Done => Self::Passed,
                Class::Later { .. } => Self::NoAnswer,
                Class::Never(Mend::Row) | Class::LaterOnce { .. } | Class::Info => Self::Unclear {
                    code: word.name.to_owned(),
                },
            },
            Some(RowAnswer::SaidUnknown { code, mend }) => match mend {
                Mend::Settings => Self::Refused {
                    code: code.clone(),
                    advice: UNKNOWN_ANSWER,
                },
                Mend::Row => Self::Unclear { code: code.clone() },
            },
            Some(RowAnswer::Busy { .. } | RowAnswer::NotRead | RowAnswer::Lost) | None => Self::NoAnswer,
        }
    }
}

/// The sentence in which a platform says why it refuses: that of `error` in Google's and Meta's answers, and that of an
/// end that gives out tokens (<https://www.rfc-editor.org/rfc/rfc6749#section-5.2>). Only for requests without a visitor.
#[must_use]
pub fn sentence_of(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let found = ["/error/message", "/error_description", "/error"];
    let sentence = found.iter().find_map(|place| body.pointer(place)?.as_str())?;
    let plain = |character: char| if character.is_control() { ' ' } else { character };
    let sentence: String = sentence
        .chars()
        .take(SENTENCE_CHARACTERS_MAX)
        .map(plain)
        .collect();
    Some(sentence.trim().to_owned()).filter(|sentence| !sentence.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_sentence_of_each_platform() {
        for (body, sentence) in [
            (
                r#"{"error":{"code":403,"message":"The caller has no permission.\n"}}"#,
                Some("The caller has no permission."),
            ),
            (
                r#"{"error":"invalid_grant","error_description":"Invalid JWT Signature."}"#,
                Some("Invalid JWT Signature."),
            ),
            (r#"{"error":"invalid_grant"}"#, Some("invalid_grant")),
            (r#"{"error":{"code":1}}"#, None),
            (r#"{"error":""}"#, None),
            ("<html>", None),
        ] {
            assert_eq!(sentence_of(body.as_bytes()).as_deref(), sentence, "{body}");
        }
        let long = format!(r#"{{"error":"{}"}}"#, "x".repeat(10_000));
        assert_eq!(
            sentence_of(long.as_bytes()).map(|sentence| sentence.len()),
            Some(400)
        );
    }
}
