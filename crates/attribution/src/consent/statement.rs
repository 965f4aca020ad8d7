//! What a source said about consent.

use super::answers::{Answer, Answers};
use crate::limits::CONSENT_SOURCE_BYTES_MAX;
use crate::pieces::pieces;

/// One statement of one source, such as `cookiebot,explicit,granted,granted,denied`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub(super) source: String,
    pub(super) kind: Kind,
    pub(super) answers: Answers,
}

/// What weight the statement has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The visitor chose.
    Explicit,
    /// A tool answers without a choice of the visitor.
    Implied,
    /// What holds until the visitor chooses. Never a choice.
    Default,
    /// The visitor is being asked, perhaps again.
    Asking,
    /// Nothing is known of this source any more.
    Silent,
    /// This source says that the law asks for no consent here.
    NotRequired,
    /// The visitor opted out by a signal such as Global Privacy Control.
    OptOut,
}

impl Statement {
    /// Reads `source,kind,ad_storage,ad_user_data,ad_personalization`. An answer that is no answer is none; a
    /// statement whose source or kind cannot be read says nothing at all.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = pieces(text, b",");
        let source = words.next()?;
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if source.is_empty() || source.len() > CONSENT_SOURCE_BYTES_MAX || !source.bytes().all(is_name) {
            return None;
        }
        let kind = match words.next()? {
            "explicit" => Kind::Explicit,
            "implied" => Kind::Implied,
            "default" => Kind::Default,
            "asking" => Kind::Asking,
            "silent" => Kind::Silent,
            "not_required" => Kind::NotRequired,
            "opt_out" => Kind::OptOut,
            _ => return None,
        };
        let mut answer = || words.next().and_then(Answer::named);
        Some(Self {
            source: source.to_owned(),
            kind,
            answers: Answers {
                ad_storage: answer(),
                ad_user_data: answer(),
                ad_personalization: answer(),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_a_statement_names_its_source_its_kind_and_what_was_answered() {
        let (yes, no) = (Some(Answer::Granted), Some(Answer::Denied));
        let table = [
            (
                "site,explicit,granted,granted,denied",
                Kind::Explicit,
                [yes, yes, no],
            ),
            ("tcf,implied,,denied,", Kind::Implied, [None, no, None]),
            ("consent_mode,default,granted", Kind::Default, [yes, None, None]),
            ("tcf,asking", Kind::Asking, [None; 3]),
            ("tcf,silent,,,", Kind::Silent, [None; 3]),
            ("tcf,not_required", Kind::NotRequired, [None; 3]),
            ("gpc,opt_out", Kind::OptOut, [None; 3]),
            // What is no answer is none, and what stands behind the three is nothing.
            ("site,explicit,true,GRANTED,1,granted", Kind::Explicit, [None; 3]),
        ];
        for (text, kind, answers) in table {
            let statement = Statement::parse(text).expect(text);
            assert_eq!(statement.source, text.split(',').next().expect("a source"));
            assert_eq!(statement.kind, kind, "{text}");
            assert_eq!(
                statement.answers.named().map(|(_, answer)| answer),
                answers,
                "{text}"
            );
        }
    }

    #[test]
    fn err_a_statement_of_nobody_or_of_no_kind_says_nothing() {
        let long = "a".repeat(CONSENT_SOURCE_BYTES_MAX + 1);
        for text in [
            "",
            ",",
            "site",
            ",explicit,granted",
            "site,,granted",
            "site,update,granted",
            "site,EXPLICIT,granted",
            "explicit,granted,granted,granted",
            "a b,explicit,granted",
            "ü,explicit,granted",
            "<b>,explicit,granted",
            &format!("{long},explicit,granted"),
        ] {
            assert_eq!(Statement::parse(text), None, "{text}");
        }
    }
}
