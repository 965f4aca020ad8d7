//! Yes, no, or nothing, to the three questions that matter here.

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

/// Answers to the three questions; `None` where nobody has answered.
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

    /// A later statement changes only what it names: Consent Mode updates may be partial
    /// (<https://developers.google.com/tag-platform/security/guides/consent>).
    pub(super) fn change_by(&mut self, later: Self) {
        self.change(later, |earlier, later| later.or(earlier));
    }

    /// Forgets each yes that the later statement speaks about; a no stays.
    pub(super) fn withdraw_grants(&mut self, later: Self) {
        self.change(later, |earlier, later| match later {
            Some(_) => earlier.filter(|answer| *answer == Answer::Denied),
            None => earlier,
        });
    }

    fn change(&mut self, later: Self, join: fn(Option<Answer>, Option<Answer>) -> Option<Answer>) {
        self.ad_storage = join(self.ad_storage, later.ad_storage);
        self.ad_user_data = join(self.ad_user_data, later.ad_user_data);
        self.ad_personalization = join(self.ad_personalization, later.ad_personalization);
    }
}
