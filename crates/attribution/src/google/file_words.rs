//! How all of Google's files write a value and an answer.

use crate::consent::Answer;
use crate::money::Money;

/// Two cells: digits with a period, and three capitals. Both stay empty where nobody knows the value; the action's
/// default counts then.
pub(super) fn value_and_currency(value: Option<Money>) -> [String; 2] {
    value.map_or_else(Default::default, |money| {
        [money.amount().to_string(), money.currency().to_owned()]
    })
}

/// An empty cell where nobody has answered: none is ever claimed.
pub(super) fn answer(answer: Option<Answer>) -> String {
    match answer {
        Some(Answer::Granted) => "Granted",
        Some(Answer::Denied) => "Denied",
        None => "",
    }
    .to_owned()
}
