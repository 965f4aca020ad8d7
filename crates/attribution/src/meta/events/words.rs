//! What Meta says, and what follows (<https://developers.facebook.com/docs/graph-api/guides/error-handling>). Its
//! sub-codes for events are not published in full, so only the codes that mean the same for every call are known here.

use crate::platform_answer::Class::{Later, Never};
use crate::platform_answer::Mend::Settings;
use crate::platform_answer::{Class, Word};

const BUSY: &str = "Meta takes no more requests for the moment. It is sent again by itself.";
const FAILED: &str = "Meta failed. It is sent again by itself.";
const PERMISSION: &str =
    "Give the system user whose token this is access to the dataset, with the permission to manage it.";

/// Every code that we know.
pub const WORDS: &[Word] = &[
    word("1", Later { hours: 0 }, FAILED),
    word("2", Later { hours: 0 }, FAILED),
    word("4", Later { hours: 0 }, BUSY),
    word("17", Later { hours: 0 }, BUSY),
    word("32", Later { hours: 0 }, BUSY),
    word("341", Later { hours: 0 }, BUSY),
    word("613", Later { hours: 0 }, BUSY),
    word("80004", Later { hours: 0 }, BUSY),
    word("10", Never(Settings), PERMISSION),
    word("200", Never(Settings), PERMISSION),
    word(
        "190",
        Never(Settings),
        "Meta does not know this access token any more. Make a new one in the Events Manager and store it again.",
    ),
];

const fn word(name: &'static str, class: Class, advice: &'static str) -> Word {
    Word { name, class, advice }
}
