//! What the page script may ask the module: the same list as in `page/ask.js`, in the same order.

/// Separates the parts of a question's text: no address, cookie or attribute that a page can write holds it by accident,
/// and a text that does is only read wrongly, as a forged one would be.
pub(crate) const SEPARATOR: &[u8] = b"\x01";

/// A question, with the parts of its text. Where one has no answer, nothing comes back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// Makes the visit: attributes of the tag (`name=value`, joined by NUL), addresses, earlier addresses (each a line),
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
    /// What should an input hold: name, id and own attribute joined by NUL, moment, value; the number is its form's.
    Value,
    /// A form is about to be filled for the last time; the number is the form's.
    Submitting,
    /// The lead_id of a form that is being sent, if its lead is to be reported: `1` where the form is filled, `1` where it
    /// is marked; the number is the form's.
    Submitted,
    /// The lead_id of a form that is being sent, whatever the settings say; the number is the form's.
    Lead,
    /// Forget everything.
    Forget,
    /// The page's address. The record as JSON, of which the page script makes `get()` and leads.
    Record,
    /// The record whose channels a field has asked for; with a text: those channels, the first and the newest, a line
    /// each.
    Channels,
    /// Where the page view stands, for the part that loads on demand.
    State,
    /// A record whose touches are the same visitor's. What to do?
    Join,
}

impl Question {
    const ALL: [Self; 16] = [
        Self::Start,
        Self::Begin,
        Self::Hear,
        Self::Moved,
        Self::Reread,
        Self::Remember,
        Self::Fields,
        Self::Value,
        Self::Submitting,
        Self::Submitted,
        Self::Lead,
        Self::Forget,
        Self::Record,
        Self::Channels,
        Self::State,
        Self::Join,
    ];

    /// The question of this place in the list.
    pub(crate) fn numbered(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}
