//! Hears every source and says where consent stands.

use super::answers::{Answer, Answers};
use super::policy::{ConsentMode, ConsentPolicy, VETO_ONLY};
use super::statement::{Kind, Statement};
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

/// What all sources together answer to one question.
struct Verdict<'a> {
    answer: Answer,
    /// Who decided.
    voice: &'a Voice,
    basis: &'static str,
}

const EXPLICIT: &str = "explicit";

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
        if listener.policy.mode == ConsentMode::NotRequired {
            // The tag's attribute is a source like any other, after the site's own calls.
            let mut attribute = Voice::new("not_required", 1);
            attribute.assumed.ad_storage = Some(Answer::Granted);
            attribute.assumed_basis = "not_required";
            listener.voices.push(attribute);
        }
        listener.decide(now);
        listener
    }

    /// Takes a statement in. `true` when the state changed: its name (pending, granted, denied), or the answers of
    /// a grant, or on whose word and on what basis it stands.
    pub fn hear(&mut self, mut statement: Statement, now: Timestamp) -> bool {
        let rank = self.policy.rank(&statement.source);
        if self.policy.mode != ConsentMode::Auto && rank == VETO_ONLY {
            // The site speaks for itself here, so of anybody else only an opt-out is heard, and its end.
            statement.answers = Answers::default();
        }
        let key = (rank, statement.source.as_str());
        let place = self
            .voices
            .iter()
            .position(|voice| (voice.rank, voice.source.as_str()) >= key)
            .unwrap_or(self.voices.len());
        let is_known = self
            .voices
            .get(place)
            .is_some_and(|voice| voice.source == statement.source);
        if !is_known {
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
        if let Some(voice) = self.voices.iter().find(|voice| voice.stance == Stance::OptedOut) {
            return Consent::Denied(Denial {
                source: voice.source.clone(),
                is_opt_out: true,
            });
        }
        let Some(storage) = self.weigh(|answers| answers.ad_storage) else {
            return Consent::Pending;
        };
        let source = storage.voice.source.clone();
        if storage.answer == Answer::Denied {
            return if storage.basis == EXPLICIT {
                Consent::Denied(Denial {
                    source,
                    is_opt_out: false,
                })
            } else {
                Consent::Pending
            };
        }
        let answer = |verdict: Option<Verdict<'_>>| verdict.map(|verdict| verdict.answer);
        Consent::Granted(ConsentSnapshot {
            answers: Answers {
                ad_storage: Some(storage.answer),
                ad_user_data: answer(self.weigh(|answers| answers.ad_user_data)),
                ad_personalization: answer(self.weigh(|answers| answers.ad_personalization)),
            },
            source,
            basis: storage.basis.to_owned(),
            observed_at: now,
        })
    }

    /// A chosen no of anybody, else a chosen yes of the first who may grant, else an assumed no of anybody, else an
    /// assumed yes where such a one counts.
    #[inline(never)]
    fn weigh(&self, question: fn(&Answers) -> Option<Answer>) -> Option<Verdict<'_>> {
        // Where sources were turned away, one of them may have refused.
        let mut may_grant = self.voices.len() <= CONSENT_SOURCES_MAX;
        let (mut chosen_yes, mut assumed_no, mut assumed_yes) = (None, None, None);
        for voice in &self.voices {
            let may_grant_itself = may_grant && voice.rank < VETO_ONLY;
            match (question(&voice.chosen), question(&voice.assumed)) {
                (Some(Answer::Denied), _) => {
                    return Some(Verdict {
                        answer: Answer::Denied,
                        voice,
                        basis: EXPLICIT,
                    });
                }
                (Some(Answer::Granted), _) if may_grant_itself => chosen_yes = chosen_yes.or(Some(voice)),
                (None, Some(Answer::Denied)) => assumed_no = assumed_no.or(Some(voice)),
                (None, Some(Answer::Granted)) if may_grant_itself && self.counts_assumptions => {
                    assumed_yes = assumed_yes.or(Some(voice));
                }
                _ => {}
            }
            may_grant &= voice.stance != Stance::Asking;
        }
        let (answer, voice, basis) = match (chosen_yes, assumed_no, assumed_yes) {
            (Some(voice), _, _) => (Answer::Granted, voice, EXPLICIT),
            (_, Some(voice), _) => (Answer::Denied, voice, voice.assumed_basis),
            (_, _, Some(voice)) => (Answer::Granted, voice, voice.assumed_basis),
            (None, None, None) => return None,
        };
        Some(Verdict { answer, voice, basis })
    }
}

#[cfg(test)]
mod tests;
