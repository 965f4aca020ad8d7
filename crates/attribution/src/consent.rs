//! May we keep it? The only maker of [`Permitted`], and the state that decides.
//!
//! No answer is never a yes (Google treats an unset type as granted; we do not), an explicit no
//! from any source vetoes, and a default that nobody confirmed is not a visitor's choice
//! (<https://developers.google.com/tag-platform/security/guides/consent>).

mod answers; // yes, no, or nothing, to three questions
mod statement; // what a source said
mod policy; // whom the site owner wants to be heard
mod voice; // one source, and what it has said so far
mod listener; // all sources together
mod permitted; // the gate

pub use answers::{Answer, Answers};
pub use listener::ConsentListener;
pub use permitted::{Permitted, gate};
pub use policy::{ConsentMode, ConsentPolicy};
pub use statement::Statement;

use crate::timestamp::Timestamp;

/// Where consent stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Nobody has answered yet: nothing is kept, filled or sent.
    Pending,
    /// Storage is allowed.
    Granted(ConsentSnapshot),
    /// The visitor refused, took the agreement back, or opted out.
    Denied(Denial),
}

impl Consent {
    /// `pending`, `granted` or `denied`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Granted(_) => "granted",
            Self::Denied(_) => "denied",
        }
    }
}

/// Why storage is allowed; travels with each lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentSnapshot {
    /// The three answers.
    pub answers: Answers,
    /// Who decided: `site`, the name of a consent tool, or `not_required` for the tag's own attribute.
    pub source: String,
    /// `explicit` (the visitor chose), `implied` (a tool says so without a choice), `policy_default` (what holds
    /// before a choice), or `not_required` (the site, or its tool, says that nobody need be asked).
    pub basis: String,
    /// When we learned it.
    pub observed_at: Timestamp,
}

/// Who said no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The source, named as in [`ConsentSnapshot`].
    pub source: String,
    /// An opt-out (Global Privacy Control, or a US privacy signal of GPP): no grant outweighs it.
    pub is_opt_out: bool,
}
