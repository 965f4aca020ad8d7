//! Where a page view stands, as the module of the landing page tells it to the parts that load when they are needed:
//! `<consent>\x01<source>\x01<why>\x01<record>\x01<ad_user_data>`, and more that only the page script reads. `<why>` is
//! the basis of a grant, or `opt_out`.

use crate::consent::{Answer, Answers, Consent, ConsentSnapshot, Denial, Permitted, gate};
use crate::pieces::pieces;
use crate::timestamp::Timestamp;
#[cfg(feature = "user_data")]
use crate::user_data::UserData;
use crate::visit_record::VisitRecord;

/// What [`crate::visit::Visit::state`] tells, read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageState {
    consent: Consent,
    record: VisitRecord,
}

impl PageState {
    /// Reads the text. What cannot be read grants nothing.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut parts = pieces(text, b'\x01');
        let mut next = || parts.next().unwrap_or_default();
        let (name, source, why, record) = (next(), next().to_owned(), next(), next());
        let ad_user_data = Answer::named(next());
        let consent = match name {
            "granted" => Consent::Granted(ConsentSnapshot {
                answers: Answers {
                    ad_storage: Some(Answer::Granted),
                    ad_user_data,
                    // No part asks for it.
                    ad_personalization: None,
                },
                source,
                basis: why.to_owned(),
                observed_at: Timestamp::EPOCH,
            }),
            "denied" => Consent::Denied(Denial {
                source,
                is_opt_out: why == "opt_out",
            }),
            _ => Consent::Pending,
        };
        Self {
            consent,
            record: VisitRecord::decode(record).unwrap_or_default(),
        }
    }

    /// Where consent stands.
    #[must_use]
    pub fn consent(&self) -> &Consent {
        &self.consent
    }

    /// The visitor's record, while consent is granted.
    #[must_use]
    pub fn record(&self) -> Option<Permitted<VisitRecord>> {
        self.permitted(self.record.clone())
    }

    /// Who the visitor is, made only where the visitor agrees to that too.
    #[cfg(feature = "user_data")]
    #[must_use]
    pub fn permitted_user_data(&self, user: impl FnOnce() -> UserData) -> Option<Permitted<UserData>> {
        match &self.consent {
            Consent::Granted(snapshot) if snapshot.answers.ad_user_data == Some(Answer::Granted) => {
                self.permitted(user())
            }
            _ => None,
        }
    }

    /// Anything else of the visitor's, under the consent of this page view.
    #[must_use]
    pub fn permitted<T>(&self, value: T) -> Option<Permitted<T>> {
        gate(value, &self.consent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::Statement;
    use crate::tag_settings::TagSettings;
    use crate::visit::Visit;

    fn landed() -> Timestamp {
        Timestamp::from_ms(1_795_511_600_123)
    }

    fn state(statements: &[&str]) -> (Visit, PageState) {
        let settings = TagSettings::of_attributes("");
        let mut visit = Visit::begin(
            settings,
            "https://a.example/?gclid=EAIaIQobChMI",
            "",
            "",
            landed(),
        );
        for statement in statements {
            let _ = visit.hear(Statement::parse(statement).expect(statement), landed());
        }
        let _ = visit.remember("", "", landed());
        let state = PageState::parse(&visit.state());
        (visit, state)
    }

    #[test]
    fn a_grant_arrives_with_its_source_its_basis_and_the_record() {
        let (visit, state) = state(&["didomi,explicit,granted"]);
        let Consent::Granted(snapshot) = state.consent() else {
            panic!("{state:?}")
        };
        assert_eq!(
            (snapshot.source.as_str(), snapshot.basis.as_str()),
            ("didomi", "explicit")
        );
        let kept = state.record().map(|record| record.encode());
        assert_eq!(kept, visit.record().map(Permitted::encode));
        assert!(kept.is_some_and(|kept| kept.contains("EAIaIQobChMI")));
    }

    #[test]
    fn without_a_grant_no_record_arrives() {
        for (statements, name, is_opt_out) in [
            (&[][..], "pending", false),
            (&["tcf,explicit,denied"], "denied", false),
            (&["gpc,opt_out"], "denied", true),
        ] {
            let (_, state) = state(statements);
            assert_eq!(state.consent().name(), name);
            assert_eq!(state.record(), None, "{name}");
            if let Consent::Denied(denial) = state.consent() {
                assert_eq!(denial.is_opt_out, is_opt_out);
            }
        }
    }

    #[cfg(feature = "user_data")]
    #[test]
    fn who_the_visitor_is_needs_a_grant_of_its_own() {
        let hashed = |statement: &str| {
            let (_, state) = state(&[statement]);
            let mut is_made = false;
            let permitted = state.permitted_user_data(|| {
                is_made = true;
                UserData::default()
            });
            assert_eq!(
                permitted.is_some(),
                is_made,
                "nothing is hashed without consent: {statement}"
            );
            is_made
        };
        assert!(hashed("site,explicit,granted,granted,denied"));
        for statement in [
            "site,explicit,granted,denied,granted",
            "site,explicit,granted,,granted",
            "site,explicit,denied,granted,granted",
            "tcf,default,granted,granted,granted",
        ] {
            assert!(!hashed(statement), "{statement}");
        }
    }

    #[test]
    fn a_text_that_is_no_state_grants_nothing() {
        for text in [
            "",
            "\x01",
            "GRANTED\x01site\x01explicit\x01",
            "granted!",
            "denied",
            "é",
        ] {
            assert_eq!(PageState::parse(text).record(), None, "{text:?}");
        }
    }
}
