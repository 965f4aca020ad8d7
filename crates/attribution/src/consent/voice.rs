//! One source, and what it has said so far.

use super::answers::{Answer, Answers};
use super::statement::{Kind, Statement};

/// What one source says, as far as it still stands.
#[derive(Clone, Debug)]
pub(super) struct Voice {
    pub(super) source: String,
    /// The place among the sources, the first one first.
    pub(super) rank: u8,
    /// What the visitor chose.
    pub(super) chosen: Answers,
    /// What this source answers where the visitor has not chosen, and on what basis.
    pub(super) assumed: Answers,
    pub(super) assumed_basis: &'static str,
    pub(super) stance: Stance,
}

/// What holds for a source as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stance {
    /// Its answers stand.
    Answering,
    /// It asks the visitor for the first time, so that no lesser source may answer for it.
    Asking,
    /// It told of an opt-out, and of nothing since.
    OptedOut,
}

impl Voice {
    pub(super) fn new(source: &str, rank: u8) -> Self {
        Self {
            source: source.to_owned(),
            rank,
            chosen: Answers::default(),
            assumed: Answers::default(),
            assumed_basis: "",
            stance: Stance::Answering,
        }
    }

    /// Takes in a statement of this source.
    pub(super) fn hear(&mut self, statement: &Statement) {
        match statement.kind {
            Kind::Explicit => {
                self.chosen.change_by(statement.answers);
                self.stance = Stance::Answering;
            }
            Kind::Implied => self.assume(statement.answers, "implied"),
            Kind::Default => {
                let stance = self.stance;
                self.assume(statement.answers, "policy_default");
                // A default tells what would hold without the signal; it does not take the opt-out back.
                if stance == Stance::OptedOut {
                    self.stance = stance;
                }
            }
            Kind::NotRequired => {
                let mut answers = statement.answers;
                answers.ad_storage = answers.ad_storage.or(Some(Answer::Granted));
                self.assume(answers, "not_required");
            }
            // An answer that was given stays while the visitor thinks again.
            Kind::Asking => {
                if self.chosen.ad_storage.is_none() && self.stance == Stance::Answering {
                    self.stance = Stance::Asking;
                }
            }
            Kind::OptOut => self.stance = Stance::OptedOut,
            Kind::Silent => *self = Self::new(&self.source, self.rank),
        }
    }

    fn assume(&mut self, answers: Answers, basis: &'static str) {
        self.assumed.change_by(answers);
        self.assumed_basis = basis;
        self.stance = Stance::Answering;
        // A tool that no longer speaks of a choice has none any more, so its yes is gone; its no stays. Only in
        // Consent Mode defaults and choices stand side by side, and the choice wins in either order
        // (https://developers.google.com/tag-platform/security/guides/consent).
        if self.source != "consent_mode" {
            self.chosen.withdraw_grants(answers);
        }
    }
}
