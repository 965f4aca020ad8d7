//! One source, and what it has said so far.

use super::answers::Answer;
use super::statement::{Basis, Kind, Statement};

/// What one source says, as far as it still stands.
#[derive(Clone, Debug)]
pub(super) struct Voice {
    pub(super) source: String,
    /// The place among the sources, the first one first.
    pub(super) rank: u8,
    /// Of each question, in the order of [`Answers`](super::Answers).
    pub(super) said: [Said; 3],
    /// On what ground it answers where the visitor has not chosen.
    pub(super) assumed_basis: Basis,
    pub(super) stance: Stance,
}

/// What a source said to one question.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said {
    /// What the visitor chose.
    pub(super) chosen: Option<Answer>,
    /// What the source answers where the visitor has not chosen.
    pub(super) assumed: Option<Answer>,
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
            said: Default::default(),
            assumed_basis: Basis::NotRequired,
            stance: Stance::Answering,
        }
    }

    /// Takes in a statement of this source.
    pub(super) fn hear(&mut self, statement: &Statement) {
        match statement.kind {
            Kind::Answers(basis) => self.answer(basis, statement.answers),
            // An answer that was given stays while the visitor thinks again.
            Kind::Asking => {
                let [ad_storage, ..] = self.said;
                if ad_storage.chosen.is_none() && self.stance == Stance::Answering {
                    self.stance = Stance::Asking;
                }
            }
            Kind::OptOut => self.stance = Stance::OptedOut,
            Kind::Silent => {
                self.said = Default::default();
                self.stance = Stance::Answering;
            }
        }
    }

    /// Takes in answers.
    pub(super) fn answer(&mut self, basis: Basis, mut answers: [Option<Answer>; 3]) {
        if basis == Basis::NotRequired {
            let [ad_storage, ..] = &mut answers;
            ad_storage.get_or_insert(Answer::Granted);
        }
        // A default tells what would hold without the signal; it does not take the opt-out back.
        if basis != Basis::PolicyDefault || self.stance != Stance::OptedOut {
            self.stance = Stance::Answering;
        }
        if basis != Basis::Explicit {
            self.assumed_basis = basis;
        }
        for (said, answer) in self.said.iter_mut().zip(answers) {
            // A later statement changes only what it names: Consent Mode updates may be partial
            // (https://developers.google.com/tag-platform/security/guides/consent).
            if answer.is_none() {
                continue;
            }
            if basis == Basis::Explicit {
                said.chosen = answer;
                continue;
            }
            said.assumed = answer;
            // A tool that no longer speaks of a choice has none any more, so its yes is gone; its no stays. Only in
            // Consent Mode defaults and choices stand side by side, and the choice wins in either order.
            if said.chosen == Some(Answer::Granted) && self.source != "consent_mode" {
                said.chosen = None;
            }
        }
    }
}
