//! Hears every source and says where consent stands.

use super::answers::{Answer, Answers};
use super::policy::{ConsentMode, ConsentPolicy, VETO_ONLY};
use super::statement::{Basis, Kind, Statement};
use super::voice::{Stance, Voice};
use super::{Consent, ConsentSnapshot, Denial};
use crate::limits::CONSENT_SOURCES_MAX;
use crate::timestamp::Timestamp;

/// Hears every statement and says where consent stands.
///
/// The state follows from what each source says now, not from the order in which sources spoke: scripts of a page
/// arrive as the network likes.
#[derive(Clone, Debug)]
pub struct ConsentListener {
    policy: ConsentPolicy,
    counts_assumptions: bool,
    /// By rank, then by name.
    voices: Vec<Voice>,
    state: Consent,
}

/// What a voice weighs in one question, the lightest first; of equals the first voice counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    AssumedYes,
    AssumedNo,
    ChosenYes,
    ChosenNo,
    OptOut,
}

impl Weight {
    fn answer(self) -> Answer {
        match self {
            Self::AssumedYes | Self::ChosenYes => Answer::Granted,
            Self::AssumedNo | Self::ChosenNo | Self::OptOut => Answer::Denied,
        }
    }
}

impl ConsentListener {
    /// A listener at the start of a page.
    #[must_use]
    pub fn new(policy: ConsentPolicy, now: Timestamp) -> Self {
        let mut listener = Self {
            counts_assumptions: policy.counts_assumptions(),
            policy,
            voices: Vec::new(),
            state: Consent::Pending,
        };
        listener.start_again(now);
        listener
    }

    /// Forgets what every source said.
    pub fn start_again(&mut self, now: Timestamp) {
        self.voices.clear();
        self.state = Consent::Pending;
        if self.policy.mode == ConsentMode::NotRequired {
            // The tag's attribute is a source like any other, after the site's own calls.
            let mut attribute = Voice::new("not_required", 1);
            attribute.answer(Basis::NotRequired, [None; 3]);
            self.voices.push(attribute);
        }
        self.decide(now);
    }

    /// Takes a statement in. `true` when the state changed: its name (pending, granted, denied), or the answers of
    /// a grant, or on whose word and on what basis it stands.
    pub fn hear(&mut self, mut statement: Statement, now: Timestamp) -> bool {
        let rank = self.policy.rank(&statement.source);
        if self.policy.mode != ConsentMode::Auto && rank == VETO_ONLY {
            // The site speaks for itself here, so of anybody else only an opt-out is heard, and its end.
            statement.answers = [None; 3];
        }
        let key = (rank, statement.source.as_str());
        let is_behind = |voice: &Voice| (voice.rank, voice.source.as_str()) >= key;
        let place = self
            .voices
            .iter()
            .position(is_behind)
            .unwrap_or(self.voices.len());
        if self
            .voices
            .get(place)
            .is_none_or(|voice| voice.source != statement.source)
        {
            if statement.kind == Kind::Silent || self.voices.len() > CONSENT_SOURCES_MAX {
                return false;
            }
            self.voices.insert(place, Voice::new(&statement.source, rank));
        }
        if let Some(voice) = self.voices.get_mut(place) {
            voice.hear(&statement);
        }
        self.decide(now)
    }

    /// Where consent stands now.
    #[must_use]
    pub fn state(&self) -> &Consent {
        &self.state
    }

    fn decide(&mut self, now: Timestamp) -> bool {
        let state = self.weigh_all(now);
        let is_news = match (&self.state, &state) {
            (Consent::Granted(old), Consent::Granted(new)) => {
                old.answers != new.answers || old.basis != new.basis || old.source != new.source
            }
            (old, new) => std::mem::discriminant(old) != std::mem::discriminant(new),
        };
        // A grant that stands keeps the moment at which it was first seen.
        if is_news || matches!(state, Consent::Denied(_)) {
            self.state = state;
        }
        is_news
    }

    fn weigh_all(&self, now: Timestamp) -> Consent {
        let Some((weight, voice)) = self.weigh(0) else {
            return Consent::Pending;
        };
        let source = voice.source.clone();
        let basis = match weight {
            Weight::AssumedNo => return Consent::Pending,
            Weight::ChosenNo | Weight::OptOut => {
                return Consent::Denied(Denial {
                    source,
                    is_opt_out: weight == Weight::OptOut,
                });
            }
            Weight::ChosenYes => Basis::Explicit,
            Weight::AssumedYes => voice.assumed_basis,
        };
        let answer = |question| self.weigh(question).map(|(weight, _)| weight.answer());
        Consent::Granted(ConsentSnapshot {
            answers: Answers {
                ad_storage: Some(Answer::Granted),
                ad_user_data: answer(1),
                ad_personalization: answer(2),
            },
            source,
            basis: basis.name().to_owned(),
            observed_at: now,
        })
    }

    /// An opt-out or else a chosen no of anybody, else a chosen yes of the first who may grant, else an assumed no of
    /// anybody, else an assumed yes where such a one counts.
    #[inline(never)]
    fn weigh(&self, question: usize) -> Option<(Weight, &Voice)> {
        // Where sources were turned away, one of them may have refused.
        let mut may_grant = self.voices.len() <= CONSENT_SOURCES_MAX;
        let mut heaviest: Option<(Weight, &Voice)> = None;
        for voice in &self.voices {
            let said = voice.said.get(question)?;
            let may_grant_itself = may_grant && voice.rank < VETO_ONLY;
            may_grant &= voice.stance != Stance::Asking;
            let weight = match (said.chosen, said.assumed) {
                _ if voice.stance == Stance::OptedOut => Weight::OptOut,
                (Some(Answer::Denied), _) => Weight::ChosenNo,
                (Some(Answer::Granted), _) if may_grant_itself => Weight::ChosenYes,
                (None, Some(Answer::Denied)) => Weight::AssumedNo,
                (None, Some(Answer::Granted)) if may_grant_itself && self.counts_assumptions => {
                    Weight::AssumedYes
                }
                _ => continue,
            };
            if heaviest.is_none_or(|(other, _)| weight > other) {
                heaviest = Some((weight, voice));
            }
        }
        heaviest
    }
}

#[cfg(test)]
mod tests;
