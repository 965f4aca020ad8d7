//! What the page script may ask the module: the same list as in `page/ask.js`, in the same order.

/// Separates the parts of a question's text: no address, cookie or attribute that a page can write holds it by accident,
/// and a text that does is only read wrongly, as a forged one would be.
pub(crate) const SEPARATOR: u8 = b'\x01';

/// A question, with the parts of its text. Where one has no answer, nothing comes back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// Makes the visit: attributes of the tag (`TagSettings::of_attributes`), addresses, earlier addresses (each a line),
    /// referrer; the number is the moment of landing, in milliseconds.
    Start,
    /// What to do first?
    Begin,
    /// A consent command. What to do?
    Hear,
    /// The address has changed; the number is when. What to do?
    Moved,
    /// What the device keeps now, each a line. What to do?
    Reread,
    /// Addresses, what the device keeps. What is to be kept: seconds, days and the text, with blanks between.
    Remember,
    /// Which inputs are worth handing in? The number is a moment (`Moment`).
    Fields,
    /// What should an input hold: name, id and own attribute joined by NUL, the lead_id of its form, value;
    /// the number is a moment.
    Value,
    /// Is a form that is being sent reported as a lead? The number is 1 where the form is filled, and 2 more where it is
    /// marked. Then any text comes back.
    Reports,
    /// A lead_id that is not yet used; none without consent. The text is 16 random bytes below 128, or nothing where the page
    /// has no source of randomness.
    LeadId,
    /// Forget everything.
    Forget,
    /// Does a field ask for a channel or for `fbc`, which are not told yet? Then any text comes back. With a text: the
    /// channels of the first and of the newest touch and `fbc`, a line each.
    Rare,
    /// The page's address. Where the page view stands (`Visit::state`), and behind that the version of the script and the
    /// page without what may name a visitor.
    State,
    /// A record whose touches are the same visitor's. What to do?
    Join,
}

impl Question {
    const ALL: [Self; 14] = [
        Self::Start,
        Self::Begin,
        Self::Hear,
        Self::Moved,
        Self::Reread,
        Self::Remember,
        Self::Fields,
        Self::Value,
        Self::Reports,
        Self::LeadId,
        Self::Forget,
        Self::Rare,
        Self::State,
        Self::Join,
    ];

    /// The question of this place in the list.
    pub(crate) fn numbered(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}
