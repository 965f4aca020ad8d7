//! What Google Ads says of uploaded conversions and changes, in its diagnostics of files and in its older API
//! (<https://developers.google.com/google-ads/api/reference/rpc/v26/ConversionUploadErrorEnum.ConversionUploadError>,
//! <https://developers.google.com/google-ads/api/reference/rpc/v26/ConversionAdjustmentUploadErrorEnum.ConversionAdjustmentUploadError>).
//! That API is not built, because it takes no new senders; its words still reach people who upload files.

use crate::platform_answer::Class::{Done, Info, Later, LaterOnce, Never};
use crate::platform_answer::Mend::{Row, Settings};
use crate::platform_answer::{Class, Word};

const DAMAGED: &str = "The id was changed on its way: cut, folded or with blanks. Check the length of the CRM's field (255 or more) and everything that touches its value.";
const OTHER_ACCOUNT: &str = "The click belongs to another account. Upload to the account that owns the conversion action: the manager where conversions are tracked across accounts.";
const ACTION: &str =
    "The conversion action's name or number is wrong, it is switched off, or it is not for imports.";
const THERE: &str = "Google had this conversion before.";
const TWICE: &str = "Two rows of one upload are the same conversion. Please report it with this code.";
const IDENTIFIER: &str =
    "A hash is wrong, or of a kind that is not taken: only e-mail addresses and telephone numbers are.";
const PERSONAL: &str = "Remove e-mail addresses and telephone numbers from order ids and variables.";
const CHANGED: &str = "A later change, or the same one, is there. A new one needs a later time.";

/// Every word that we know.
pub const WORDS: &[Word] = &[
    word(
        "CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE",
        Never(Settings),
        "Google closed this API to new senders on 15 June 2026. Use a destination of the Data Manager.",
    ),
    word("UNPARSEABLE_GCLID", Never(Row), DAMAGED),
    word("UNPARSEABLE_GBRAID", Never(Row), DAMAGED),
    word("UNPARSEABLE_WBRAID", Never(Row), DAMAGED),
    word(
        "CONVERSION_PRECEDES_EVENT",
        Never(Row),
        "The outcome is dated before the click. Check the time zone, or whether it was reported for the wrong lead.",
    ),
    word(
        "EXPIRED_EVENT",
        Never(Row),
        "The click is older than the action's click-through window. Lengthen the window to 90 days and report outcomes sooner.",
    ),
    word(
        "TOO_RECENT_EVENT",
        Later { hours: 6 },
        "Google does not know the click yet. It is sent again by itself.",
    ),
    word(
        "EVENT_NOT_FOUND",
        Never(Row),
        "Google knows no such click of this account's campaigns, or keeps it no longer.",
    ),
    word(
        "CLICK_NOT_FOUND",
        Info,
        "No Google click matches this e-mail address or telephone number. This is normal for other visitors.",
    ),
    word("INVALID_CUSTOMER_FOR_CLICK", Never(Row), OTHER_ACCOUNT),
    word("UNAUTHORIZED_CUSTOMER", Never(Row), OTHER_ACCOUNT),
    word(
        "TOO_RECENT_CONVERSION_ACTION",
        Later { hours: 6 },
        "The conversion action was only just made. It is sent again by itself.",
    ),
    word("NO_CONVERSION_ACTION_FOUND", Never(Settings), ACTION),
    word("INVALID_CONVERSION_ACTION_TYPE", Never(Settings), ACTION),
    word("CLICK_CONVERSION_ALREADY_EXISTS", Done, THERE),
    word("ORDER_ID_ALREADY_IN_USE", Done, THERE),
    word("DUPLICATE_CLICK_CONVERSION_IN_REQUEST", Never(Row), TWICE),
    word("DUPLICATE_ORDER_ID", Never(Row), TWICE),
    word(
        "GBRAID_WBRAID_BOTH_SET",
        Never(Row),
        "A row has a gbraid and a wbraid, and Google takes one of them.",
    ),
    word(
        "ONE_PER_CLICK_CONVERSION_ACTION_NOT_PERMITTED_WITH_BRAID",
        Never(Row),
        "Set the action's counting to Every, or leave rows with a gbraid or wbraid out.",
    ),
    word("INVALID_USER_IDENTIFIER", Never(Row), IDENTIFIER),
    word("UNSUPPORTED_USER_IDENTIFIER", Never(Row), IDENTIFIER),
    word(
        "CUSTOMER_NOT_ACCEPTED_CUSTOMER_DATA_TERMS",
        Never(Settings),
        "Accept the customer data terms in Google Ads, under Goals > Settings.",
    ),
    word(
        "CUSTOMER_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS",
        Never(Settings),
        "Switch on enhanced conversions for leads in Google Ads, under Goals > Settings.",
    ),
    word(
        "CUSTOMER_DATA_POLICY_PROHIBITS_ENHANCED_CONVERSIONS",
        Never(Settings),
        "Google forbids hashed contact data for this account. Send click ids alone.",
    ),
    word(
        "CONVERSION_TRACKING_NOT_ENABLED_AT_IMPRESSION_TIME",
        Never(Row),
        "The account tracked no conversions when the click happened. Nothing can be done for this row.",
    ),
    word("ORDER_ID_CONTAINS_PII", Never(Row), PERSONAL),
    word("CUSTOM_VARIABLE_VALUE_CONTAINS_PII", Never(Row), PERSONAL),
    word(
        "TOO_MANY_CONVERSIONS_IN_REQUEST",
        Never(Settings),
        "One request holds more than 2,000 rows. Please report it with this code.",
    ),
    word(
        "CONVERSION_NOT_FOUND",
        LaterOnce { hours: 24, mend: Row },
        "Google has not processed the conversion that is to be changed, or knows it by another order id. It is tried once more after a day.",
    ),
    word(
        "CONVERSION_EXPIRED",
        Never(Row),
        "The conversion is older than 54 days, and Google changes it no more.",
    ),
    word(
        "CONVERSION_ALREADY_RETRACTED",
        Done,
        "The conversion was taken back before.",
    ),
    word("MORE_RECENT_RESTATEMENT_FOUND", Done, CHANGED),
    word("RESTATEMENT_ALREADY_EXISTS", Done, CHANGED),
    word(
        "ADJUSTMENT_PRECEDES_CONVERSION",
        Never(Row),
        "The change is dated before its conversion. Check the clock and the time zone of the system that reports it.",
    ),
    word(
        "GCLID_DATE_TIME_PAIR_AND_ORDER_ID_BOTH_SET",
        Never(Row),
        "A change names its conversion twice. Use the order id alone.",
    ),
    word(
        "CANNOT_RESTATE_CONVERSION_ACTION_THAT_ALWAYS_USES_DEFAULT_CONVERSION_VALUE",
        Never(Settings),
        "Let the conversion action use different values for each conversion in Google Ads.",
    ),
];

const fn word(name: &'static str, class: Class, advice: &'static str) -> Word {
    Word { name, class, advice }
}
