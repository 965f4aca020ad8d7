//! The gate. Its file is its own so that nothing else, not even the rest of `consent`, can make a [`Permitted`].

use super::{Consent, ConsentSnapshot};

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
        Consent::Pending | Consent::Denied(_) => None,
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
