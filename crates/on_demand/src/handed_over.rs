//! The visit that a link of another site of the same owner carried here. It waits in memory for this visitor's consent.

use std::cell::RefCell;

use attribution::consent::Consent;
use attribution::hand_over;
use attribution::page_state::PageState;
use attribution::timestamp::Timestamp;
use attribution::visit_record::VisitRecord;

#[derive(Default)]
enum HandedOver {
    /// No link brought anything, or it is joined already.
    #[default]
    Nothing,
    /// Until somebody answers about consent.
    Waiting(VisitRecord),
    /// Why it was not taken.
    Refused(&'static str),
}

thread_local! {
    static HANDED_OVER: RefCell<HandedOver> = const { RefCell::new(HandedOver::Nothing) };
}

/// Opens what the page's addresses (each a line) carried, if anything.
pub(crate) fn open(addresses: &str, referrer: &str, domains: &[String], now: Timestamp) {
    let received = hand_over::receive(addresses, referrer, domains, now);
    HANDED_OVER.set(match received {
        None => HandedOver::Nothing,
        Some(Ok(record)) => HandedOver::Waiting(record),
        Some(Err(refusal)) => HandedOver::Refused(refusal.sentence()),
    });
}

/// The text of the record that waits, once the visitor has agreed; it is told once. A refusal drops it.
pub(crate) fn take(state: &PageState) -> Option<String> {
    let waiting = match HANDED_OVER.take() {
        HandedOver::Waiting(record) => record,
        other => {
            HANDED_OVER.set(other);
            return None;
        }
    };
    match state.consent() {
        Consent::Granted(_) => state.permitted(waiting).map(|record| record.encode()),
        Consent::Denied(_) => None,
        Consent::Pending => {
            HANDED_OVER.set(HandedOver::Waiting(waiting));
            None
        }
    }
}

/// A sentence for the site owner, where there is something to say.
pub(crate) fn sentence() -> Option<&'static str> {
    HANDED_OVER.with_borrow(|handed_over| match handed_over {
        HandedOver::Nothing => None,
        HandedOver::Waiting(_) => Some("A link of another site handed a visit over; it waits for consent."),
        HandedOver::Refused(sentence) => Some(*sentence),
    })
}
