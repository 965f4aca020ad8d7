//! May we keep it? The only maker of [`Permitted`], and the state that decides.
//!
//! No answer is never a yes (Google treats an unset type as granted; we do not), an explicit no
//! from any source vetoes, and a default that nobody confirmed is not a visitor's choice
//! (<https://developers.google.com/tag-platform/security/guides/consent>).

use crate::pieces::pieces;
use crate::timestamp::Timestamp;

/// One answer to one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The visitor agreed.
    Granted,
    /// The visitor refused.
    Denied,
}

impl Answer {
    /// Reads `granted` and `denied`; any other word is no answer.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "granted" => Some(Self::Granted),
            "denied" => Some(Self::Denied),
            _ => None,
        }
    }

    /// The word that Consent Mode uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Denied => "denied",
        }
    }
}

/// Answers to the three questions that matter here; `None` where nobody has answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// May the ids be kept on the device and filled into forms?
    pub ad_storage: Option<Answer>,
    /// May the visitor's data go to the ad platform?
    pub ad_user_data: Option<Answer>,
    /// May it be used to personalise ads?
    pub ad_personalization: Option<Answer>,
}

impl Answers {
    /// Each question's name on the wire, with its answer.
    #[must_use]
    pub fn named(&self) -> [(&'static str, Option<Answer>); 3] {
        [
            ("ad_storage", self.ad_storage),
            ("ad_user_data", self.ad_user_data),
            ("ad_personalization", self.ad_personalization),
        ]
    }

    /// A later command changes only what it names: Consent Mode updates may be partial.
    fn change_by(&mut self, later: Self) {
        self.ad_storage = later.ad_storage.or(self.ad_storage);
        self.ad_user_data = later.ad_user_data.or(self.ad_user_data);
        self.ad_personalization = later.ad_personalization.or(self.ad_personalization);
    }

    /// Two sources together: a no of either wins, then a yes of either.
    fn strictest(self, other: Self) -> Self {
        let strictest = |one: Option<Answer>, other: Option<Answer>| match (one, other) {
            (Some(Answer::Denied), _) | (_, Some(Answer::Denied)) => Some(Answer::Denied),
            _ => one.or(other),
        };
        Self {
            ad_storage: strictest(self.ad_storage, other.ad_storage),
            ad_user_data: strictest(self.ad_user_data, other.ad_user_data),
            ad_personalization: strictest(self.ad_personalization, other.ad_personalization),
        }
    }
}

/// How the site wants consent to be found: the tag's `data-consent`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConsentMode {
    /// Listen to the consent tools of the page.
    #[default]
    Auto,
    /// Only the site itself tells, by `throughline.consent({…})`.
    Manual,
    /// The site says that its visitors need not be asked. A refusal told by the site still counts.
    NotRequired,
}

/// Something that was said about consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// `throughline.consent({…})`: the site passes on what its visitor chose.
    Site(Answers),
    /// `gtag('consent', 'default', {…})`: what holds until the visitor chooses. Never a choice.
    ConsentModeDefault(Answers),
    /// `gtag('consent', 'update', {…})`: what the visitor chose.
    ConsentModeUpdate(Answers),
}

impl Signal {
    /// Reads a command as the tag hands it in: who told, then the answers in the order of [`Answers`], such as
    /// `update,granted,,denied`. A word that is no answer is none.
    #[must_use]
    pub fn parse(command: &str) -> Self {
        let mut words = pieces(command, b",");
        let teller = words.next();
        let mut answer = || words.next().and_then(Answer::named);
        let answers = Answers {
            ad_storage: answer(),
            ad_user_data: answer(),
            ad_personalization: answer(),
        };
        match teller {
            Some("site") => Self::Site(answers),
            Some("update") => Self::ConsentModeUpdate(answers),
            _ => Self::ConsentModeDefault(answers),
        }
    }
}

/// Why the state is what it is; travels with each lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentSnapshot {
    /// The three answers.
    pub answers: Answers,
    /// Who told: `site`, `consent_mode`, `not_required`.
    pub source: String,
    /// `explicit` (the visitor chose) or `not_required` (the site's statement).
    pub basis: String,
    /// When we learned it.
    pub observed_at: Timestamp,
}

/// Where consent stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Nobody has answered yet: nothing is kept, filled or sent.
    Pending,
    /// The visitor agreed to storage.
    Granted(ConsentSnapshot),
    /// The visitor refused, or took the agreement back.
    Denied,
}

impl Consent {
    /// `pending`, `granted` or `denied`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Granted(_) => "granted",
            Self::Denied => "denied",
        }
    }
}

/// A value that its visitor allowed us to keep, fill and send, with the consent that allows it.
///
/// Only [`gate`] makes one, and only a `Permitted` has methods that turn the value into text:
/// ```compile_fail,E0599
/// let record = attribution::visit_record::VisitRecord::default();
/// record.encode(); // no method `encode` on a record that passed no gate
/// ```
/// Nothing else makes one either:
/// ```compile_fail,E0451
/// # use attribution::consent::{ConsentSnapshot, Permitted};
/// # use attribution::visit_record::VisitRecord;
/// fn forge(value: VisitRecord, consent: ConsentSnapshot) -> Permitted<VisitRecord> {
///     Permitted { value, consent } // both fields are private
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permitted<T> {
    value: T,
    consent: ConsentSnapshot,
}

/// Lets a value through when, and only when, its visitor agreed to storage.
#[must_use]
pub fn gate<T>(value: T, consent: &Consent) -> Option<Permitted<T>> {
    match consent {
        Consent::Granted(snapshot) => Some(Permitted {
            value,
            consent: snapshot.clone(),
        }),
        Consent::Pending | Consent::Denied => None,
    }
}

impl<T> Permitted<T> {
    /// The value, to look at.
    #[must_use]
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The consent that let it through.
    #[must_use]
    pub fn consent(&self) -> &ConsentSnapshot {
        &self.consent
    }

    /// What follows from a permitted value is permitted by the same consent.
    pub(crate) fn map<U>(&self, follow: impl FnOnce(&T) -> U) -> Permitted<U> {
        Permitted {
            value: follow(&self.value),
            consent: self.consent.clone(),
        }
    }

    /// The same value under the consent as it stands now.
    pub(crate) fn renew(self, consent: &Consent) -> Option<Self> {
        gate(self.value, consent)
    }
}

/// Hears every signal and says where consent stands.
#[derive(Clone, Debug)]
pub struct ConsentListener {
    mode: ConsentMode,
    from_site: Answers,
    from_consent_mode: Answers,
    state: Consent,
}

impl ConsentListener {
    /// A listener at the start of a page.
    #[must_use]
    pub fn new(mode: ConsentMode, now: Timestamp) -> Self {
        let mut listener = Self {
            mode,
            from_site: Answers::default(),
            from_consent_mode: Answers::default(),
            state: Consent::Pending,
        };
        listener.decide(now);
        listener
    }

    /// Takes a signal in. `true` when the state changed its name (pending, granted, denied) or its answers.
    pub fn hear(&mut self, signal: Signal, now: Timestamp) -> bool {
        match (signal, self.mode) {
            (Signal::Site(answers), _) => self.from_site.change_by(answers),
            (Signal::ConsentModeUpdate(answers), ConsentMode::Auto) => {
                self.from_consent_mode.change_by(answers)
            }
            (Signal::ConsentModeUpdate(_) | Signal::ConsentModeDefault(_), _) => return false,
        }
        self.decide(now)
    }

    /// Where consent stands now.
    #[must_use]
    pub fn state(&self) -> &Consent {
        &self.state
    }

    fn decide(&mut self, now: Timestamp) -> bool {
        let mut answers = self.from_site.strictest(self.from_consent_mode);
        let (source, basis) = match (answers.ad_storage, self.mode) {
            (None, ConsentMode::NotRequired) => {
                answers.ad_storage = Some(Answer::Granted);
                ("not_required", "not_required")
            }
            _ if self.from_site.ad_storage.is_some() => ("site", "explicit"),
            _ => ("consent_mode", "explicit"),
        };
        let unchanged = match &self.state {
            Consent::Granted(snapshot) => snapshot.answers == answers,
            Consent::Denied => answers.ad_storage == Some(Answer::Denied),
            Consent::Pending => answers.ad_storage.is_none(),
        };
        if unchanged {
            return false;
        }
        self.state = match answers.ad_storage {
            Some(Answer::Granted) => Consent::Granted(ConsentSnapshot {
                answers,
                source: source.to_owned(),
                basis: basis.to_owned(),
                observed_at: now,
            }),
            Some(Answer::Denied) => Consent::Denied,
            None => Consent::Pending,
        };
        true
    }
}

#[cfg(test)]
mod tests;
