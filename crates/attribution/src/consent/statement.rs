//! What a source said about consent.

use super::answers::Answer;
use crate::limits::CONSENT_SOURCE_BYTES_MAX;
use crate::pieces::{first_pieces, place_of};

/// One statement of one source, such as `cookiebot,explicit,granted,granted,denied`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub(super) source: String,
    pub(super) kind: Kind,
    /// To the three questions, in the order of [`Answers`](super::Answers).
    pub(super) answers: [Option<Answer>; 3],
}

/// What the statement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The source answers, on this ground.
    Answers(Basis),
    /// The visitor is being asked, perhaps again.
    Asking,
    /// Nothing is known of this source any more.
    Silent,
    /// The visitor opted out by a signal such as Global Privacy Control.
    OptOut,
}

/// On what ground a source answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// The visitor chose.
    Explicit,
    /// A tool answers without a choice of the visitor.
    Implied,
    /// What holds until the visitor chooses. Never a choice.
    PolicyDefault,
    /// This source says that the law asks for no consent here.
    NotRequired,
}

/// What a statement calls them.
const KIND_NAMES: &str = "explicit,implied,default,not_required,asking,silent,opt_out";
const KINDS: [Kind; 7] = [
    Kind::Answers(Basis::Explicit),
    Kind::Answers(Basis::Implied),
    Kind::Answers(Basis::PolicyDefault),
    Kind::Answers(Basis::NotRequired),
    Kind::Asking,
    Kind::Silent,
    Kind::OptOut,
];

impl Basis {
    /// The word that a lead carries.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Explicit => "explicit",
            Self::Implied => "implied",
            Self::PolicyDefault => "policy_default",
            Self::NotRequired => "not_required",
        }
    }
}

impl Statement {
    /// Reads `source,kind,ad_storage,ad_user_data,ad_personalization`. An answer that is no answer is none; a
    /// statement whose source or kind cannot be read says nothing at all.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let [source, kind, storage, user_data, personalization] = first_pieces(text, b',');
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if source.is_empty() || source.len() > CONSENT_SOURCE_BYTES_MAX || !source.bytes().all(is_name) {
            return None;
        }
        let kind = *KINDS.get(place_of(kind, KIND_NAMES)?)?;
        Some(Self {
            source: source.to_owned(),
            kind,
            answers: [
                Answer::named(storage),
                Answer::named(user_data),
                Answer::named(personalization),
            ],
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
                Kind::Answers(Basis::Explicit),
                [yes, yes, no],
            ),
            (
                "tcf,implied,,denied,",
                Kind::Answers(Basis::Implied),
                [None, no, None],
            ),
            (
                "consent_mode,default,granted",
                Kind::Answers(Basis::PolicyDefault),
                [yes, None, None],
            ),
            ("tcf,asking", Kind::Asking, [None; 3]),
            ("tcf,silent,,,", Kind::Silent, [None; 3]),
            ("tcf,not_required", Kind::Answers(Basis::NotRequired), [None; 3]),
            ("gpc,opt_out", Kind::OptOut, [None; 3]),
            // What is no answer is none, and what stands behind the three is nothing.
            (
                "site,explicit,true,GRANTED,1,granted",
                Kind::Answers(Basis::Explicit),
                [None; 3],
            ),
        ];
        for (text, kind, answers) in table {
            let statement = Statement::parse(text).expect(text);
            assert_eq!(statement.source, text.split(',').next().expect("a source"));
            assert_eq!(statement.kind, kind, "{text}");
            assert_eq!(statement.answers, answers, "{text}");
        }
    }

    #[test]
    fn ok_the_longest_name_of_a_source() {
        let longest = "a".repeat(CONSENT_SOURCE_BYTES_MAX);
        assert!(Statement::parse(&format!("{longest},explicit,granted")).is_some());
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
