//! Yes, no, or nothing, to the three questions that matter here.

use crate::pieces::place_of;

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
        place_of(word, "granted,denied").map(|place| if place == 0 { Self::Granted } else { Self::Denied })
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
}
