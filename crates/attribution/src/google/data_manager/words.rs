//! What the Data Manager says, and what follows
//! (<https://developers.google.com/data-manager/api/reference/rest/v1/ErrorReason>,
//! <https://developers.google.com/data-manager/api/reference/rest/v1/ProcessingErrorReason>).

use crate::platform_answer::Class::{Done, Info, Later, LaterOnce, Never};
use crate::platform_answer::Mend::{Row, Settings};
use crate::platform_answer::{Class, Word};

const PAYLOAD: &str =
    "What was sent breaks a rule of Google's that is not checked here. Please report it with this code.";
const CLICK_OF_ANOTHER_ACCOUNT: &str = "The click belongs to another account. Set the destination to the account that owns the conversion action: the manager where conversions are tracked across accounts.";
const CONSENT: &str =
    "Consent is missing or denied: for this row, for the request, or as the account's default in Google Ads.";
const DAMAGED: &str = "The id was changed on its way here: cut, folded or encoded. Check the length of the CRM's field (255 or more) and everything that touches its value.";
const TERMS: &str = "Accept the customer data terms in Google Ads, under Goals > Settings.";
const SWITCH_ON: &str = "Switch on enhanced conversions for leads in Google Ads, under Goals > Settings, with Data Manager as the method.";
const PROHIBITED: &str = "Google forbids hashed contact data for this account. Switch data-user-data off, so that click ids are sent alone.";
const ACCESS: &str = "Give the service account access to the Google Ads account, or set the destination's login account to the manager that has it.";

/// What it says at once, when it refuses a request.
pub const AT_ONCE: &[Word] = &[
    word("REQUIRED_FIELD_MISSING", Never(Row), PAYLOAD),
    word("INVALID_FORMAT", Never(Row), PAYLOAD),
    word("INVALID_HEX_ENCODING", Never(Row), PAYLOAD),
    word("INVALID_SHA256_FORMAT", Never(Row), PAYLOAD),
    word("INVALID_CURRENCY_CODE", Never(Row), PAYLOAD),
    word("NO_IDENTIFIERS_PROVIDED", Never(Row), PAYLOAD),
    word("TOO_MANY_EVENTS", Never(Settings), PAYLOAD),
    word("TOO_MANY_USER_IDENTIFIERS", Never(Row), PAYLOAD),
    word("DUPLICATE_DESTINATION_REFERENCE", Never(Settings), PAYLOAD),
    word(
        "EVENT_TIME_INVALID",
        Never(Row),
        "The outcome is outside the time that Google takes. Check its date and time zone, and report outcomes sooner.",
    ),
    word(
        "CONVERSION_ACTION_TOO_RECENTLY_CREATED",
        Later { hours: 6 },
        "The conversion action was only just made. It is sent again by itself.",
    ),
    word(
        "INVALID_AD_IDENTIFIER_FOR_ACCOUNT",
        Never(Row),
        CLICK_OF_ANOTHER_ACCOUNT,
    ),
    word(
        "DESTINATION_ACCOUNT_ENHANCED_CONVERSIONS_TERMS_NOT_SIGNED",
        Never(Settings),
        TERMS,
    ),
    word(
        "DESTINATION_ACCOUNT_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS",
        Never(Settings),
        SWITCH_ON,
    ),
    word(
        "DESTINATION_ACCOUNT_DATA_POLICY_PROHIBITS_ENHANCED_CONVERSIONS",
        Never(Settings),
        PROHIBITED,
    ),
    word(
        "UNAUTHENTICATED",
        Never(Settings),
        "Google does not know these credentials. Store the secret again, and check that the Data Manager API is switched on in its Google Cloud project.",
    ),
    word("PERMISSION_DENIED", Never(Settings), ACCESS),
    word(
        "INVALID_CONVERSION_ACTION_ID",
        Never(Settings),
        "The destination needs the number of a conversion action of its operating account: the digits after ctId= in its address in Google Ads.",
    ),
    word(
        "INVALID_CONVERSION_ACTION_TYPE",
        Never(Settings),
        "The conversion action is not one that takes imported conversions. Make one for conversions from clicks in Google Ads, and set its number here.",
    ),
    word(
        "INVALID_DESTINATION",
        Never(Settings),
        "Google knows no such account or conversion action. Check operating_account, login_account and conversion_action_id.",
    ),
    word(
        "OPERATING_ACCOUNT_LOGIN_ACCOUNT_MISMATCH",
        Never(Settings),
        ACCESS,
    ),
    word(
        "DESTINATION_ACCOUNT_TYPE_MISMATCH",
        Never(Settings),
        "The operating account is not one of Google Ads. Check operating_account.",
    ),
    word(
        "EVENT_SOURCE_AND_DESTINATION_MISMATCH",
        Never(Settings),
        "The conversion action does not take events of this source. Set event_source to what the action is for.",
    ),
    word("TERMS_AND_CONDITIONS_NOT_SIGNED", Never(Settings), TERMS),
    word(
        "RESOURCE_EXHAUSTED",
        Later { hours: 0 },
        "Google takes 300 requests a minute and 100,000 a day of one project. It is sent again by itself.",
    ),
];

/// What it says later, of what became of a request, without the prefix `PROCESSING_ERROR_REASON_`.
pub const LATER_ON: &[Word] = &[
    word("DUPLICATE_GCLID", Done, "Google had this conversion before."),
    word(
        "DUPLICATE_TRANSACTION_ID",
        Done,
        "Google had this conversion before.",
    ),
    word("DENIED_CONSENT", Never(Row), CONSENT),
    word("NO_CONSENT", Never(Row), CONSENT),
    word("UNKNOWN_CONSENT", Never(Row), CONSENT),
    word("INVALID_GCLID", Never(Row), DAMAGED),
    word("INVALID_GBRAID", Never(Row), DAMAGED),
    word("INVALID_WBRAID", Never(Row), DAMAGED),
    word(
        "EVENT_TOO_OLD",
        Never(Row),
        "The outcome is older than Google takes. Report outcomes sooner, or an earlier stage of the deal.",
    ),
    word(
        "CONVERSION_PRECEDES_CLICK",
        Never(Row),
        "The outcome is dated before the click. Check the time zone of the system that reports it.",
    ),
    word(
        "TOO_RECENT_CLICK",
        Later { hours: 6 },
        "Google does not know the click yet. It is sent again by itself, under the same transaction id.",
    ),
    word(
        "INVALID_CLICK",
        Never(Row),
        "Google does not count this click. Nothing can be done for this row.",
    ),
    word(
        "CLICK_NOT_FOUND",
        Info,
        "Google knows no click for it. This is normal where contact data alone names the person.",
    ),
    word(
        "INVALID_OPERATING_ACCOUNT_FOR_CLICK",
        Never(Row),
        CLICK_OF_ANOTHER_ACCOUNT,
    ),
    word(
        "OPERATING_ACCOUNT_MISMATCH_FOR_AD_IDENTIFIER",
        Never(Row),
        CLICK_OF_ANOTHER_ACCOUNT,
    ),
    word(
        "ONE_PER_CLICK_CONVERSION_ACTION_NOT_PERMITTED_WITH_BRAID",
        Never(Row),
        "Google takes a gbraid or wbraid only for actions that count every conversion. Set the counting to Every in Google Ads, and then here.",
    ),
    word(
        "ORIGINAL_CONVERSIONS_NOT_FOUND",
        LaterOnce { hours: 24, mend: Row },
        "Google does not know the conversion that is to be changed. It is tried once more after a day.",
    ),
    word(
        "INTERNAL_ERROR",
        Later { hours: 0 },
        "Google failed. It is sent again by itself.",
    ),
    word(
        "DESTINATION_ACCOUNT_ENHANCED_CONVERSIONS_TERMS_NOT_SIGNED",
        Never(Settings),
        TERMS,
    ),
];

const fn word(name: &'static str, class: Class, advice: &'static str) -> Word {
    Word { name, class, advice }
}
