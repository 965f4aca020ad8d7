//! Every row of the error tables that the platforms' rules were gathered in, one for one: what the platform says, what
//! follows, and where the row stands after it. What a class means is in `platform_answer.rs`.

use attribution::google::data_manager::{AT_ONCE, LATER_ON};
use attribution::google::upload_words;
use attribution::microsoft::offline_conversions;
use attribution::platform_answer::{RowAnswer, Word, find_word};

use crate::answers::{after, after_waiting, class};

/// The names of a row, its class, and the states after the first and after the second such answer.
type Row = (&'static str, &'static str, [&'static str; 2]);

const REFUSED: [&str; 2] = ["refused", "refused"];
const HELD: [&str; 2] = ["held", "held"];
const WAITING: [&str; 2] = ["waiting", "waiting"];
const ONCE: [&str; 2] = ["waiting", "refused"];
const DONE: [&str; 2] = ["confirmed", "confirmed"];

/// Google Ads: uploads, and changes of them
/// (<https://developers.google.com/google-ads/api/reference/rpc/v26/ConversionUploadErrorEnum.ConversionUploadError>).
const UPLOAD: &[Row] = &[
    (
        "CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE",
        "never, settings",
        HELD,
    ),
    (
        "UNPARSEABLE_GCLID UNPARSEABLE_GBRAID UNPARSEABLE_WBRAID",
        "never",
        REFUSED,
    ),
    ("CONVERSION_PRECEDES_EVENT", "never", REFUSED),
    ("EXPIRED_EVENT", "never", REFUSED),
    ("TOO_RECENT_EVENT", "later, 6 h", WAITING),
    ("EVENT_NOT_FOUND", "never", REFUSED),
    ("CLICK_NOT_FOUND", "info", REFUSED),
    (
        "INVALID_CUSTOMER_FOR_CLICK UNAUTHORIZED_CUSTOMER",
        "never",
        REFUSED,
    ),
    ("TOO_RECENT_CONVERSION_ACTION", "later, 6 h", WAITING),
    (
        "NO_CONVERSION_ACTION_FOUND INVALID_CONVERSION_ACTION_TYPE",
        "never, settings",
        HELD,
    ),
    (
        "CLICK_CONVERSION_ALREADY_EXISTS ORDER_ID_ALREADY_IN_USE",
        "done",
        DONE,
    ),
    (
        "DUPLICATE_CLICK_CONVERSION_IN_REQUEST DUPLICATE_ORDER_ID",
        "never",
        REFUSED,
    ),
    ("GBRAID_WBRAID_BOTH_SET", "never", REFUSED),
    (
        "ONE_PER_CLICK_CONVERSION_ACTION_NOT_PERMITTED_WITH_BRAID",
        "never",
        REFUSED,
    ),
    (
        "INVALID_USER_IDENTIFIER UNSUPPORTED_USER_IDENTIFIER",
        "never",
        REFUSED,
    ),
    (
        "CUSTOMER_NOT_ACCEPTED_CUSTOMER_DATA_TERMS",
        "never, settings",
        HELD,
    ),
    (
        "CUSTOMER_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS",
        "never, settings",
        HELD,
    ),
    (
        "CUSTOMER_DATA_POLICY_PROHIBITS_ENHANCED_CONVERSIONS",
        "never, settings",
        HELD,
    ),
    (
        "CONVERSION_TRACKING_NOT_ENABLED_AT_IMPRESSION_TIME",
        "never",
        REFUSED,
    ),
    (
        "ORDER_ID_CONTAINS_PII CUSTOM_VARIABLE_VALUE_CONTAINS_PII",
        "never",
        REFUSED,
    ),
    ("TOO_MANY_CONVERSIONS_IN_REQUEST", "never, settings", HELD),
    ("CONVERSION_NOT_FOUND", "later once, 24 h", ONCE),
    ("CONVERSION_EXPIRED", "never", REFUSED),
    ("CONVERSION_ALREADY_RETRACTED", "done", DONE),
    (
        "MORE_RECENT_RESTATEMENT_FOUND RESTATEMENT_ALREADY_EXISTS",
        "done",
        DONE,
    ),
    ("ADJUSTMENT_PRECEDES_CONVERSION", "never", REFUSED),
    ("GCLID_DATE_TIME_PAIR_AND_ORDER_ID_BOTH_SET", "never", REFUSED),
    (
        "CANNOT_RESTATE_CONVERSION_ACTION_THAT_ALWAYS_USES_DEFAULT_CONVERSION_VALUE",
        "never, settings",
        HELD,
    ),
];

/// The Data Manager, at once
/// (<https://developers.google.com/data-manager/api/reference/rest/v1/ErrorReason>). Two rows are about the request as a
/// whole, so they hold every row of it and lose none.
const DATA_MANAGER: &[Row] = &[
    (
        "REQUIRED_FIELD_MISSING INVALID_FORMAT INVALID_HEX_ENCODING",
        "never",
        REFUSED,
    ),
    ("INVALID_SHA256_FORMAT INVALID_CURRENCY_CODE", "never", REFUSED),
    (
        "NO_IDENTIFIERS_PROVIDED TOO_MANY_USER_IDENTIFIERS",
        "never",
        REFUSED,
    ),
    (
        "TOO_MANY_EVENTS DUPLICATE_DESTINATION_REFERENCE",
        "never, settings",
        HELD,
    ),
    ("EVENT_TIME_INVALID", "never", REFUSED),
    ("CONVERSION_ACTION_TOO_RECENTLY_CREATED", "later, 6 h", WAITING),
    ("INVALID_AD_IDENTIFIER_FOR_ACCOUNT", "never", REFUSED),
    (
        "DESTINATION_ACCOUNT_ENHANCED_CONVERSIONS_TERMS_NOT_SIGNED",
        "never, settings",
        HELD,
    ),
    (
        "DESTINATION_ACCOUNT_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS",
        "never, settings",
        HELD,
    ),
    (
        "DESTINATION_ACCOUNT_DATA_POLICY_PROHIBITS_ENHANCED_CONVERSIONS",
        "never, settings",
        HELD,
    ),
    ("PERMISSION_DENIED", "never, settings", HELD),
    ("INVALID_CONVERSION_ACTION_ID", "never, settings", HELD),
    ("RESOURCE_EXHAUSTED", "later", WAITING),
];

/// The Data Manager, about a request that it took
/// (<https://developers.google.com/data-manager/api/reference/rest/v1/ProcessingErrorReason>).
const STATUS: &[Row] = &[
    ("DUPLICATE_GCLID DUPLICATE_TRANSACTION_ID", "done", DONE),
    ("DENIED_CONSENT NO_CONSENT UNKNOWN_CONSENT", "never", REFUSED),
    ("INVALID_GCLID INVALID_GBRAID INVALID_WBRAID", "never", REFUSED),
    ("EVENT_TOO_OLD", "never", REFUSED),
    ("CONVERSION_PRECEDES_CLICK", "never", REFUSED),
    ("TOO_RECENT_CLICK", "later, 6 h", WAITING),
    ("INVALID_CLICK", "never", REFUSED),
    ("CLICK_NOT_FOUND", "info", REFUSED),
    ("INVALID_OPERATING_ACCOUNT_FOR_CLICK", "never", REFUSED),
    ("OPERATING_ACCOUNT_MISMATCH_FOR_AD_IDENTIFIER", "never", REFUSED),
    (
        "ONE_PER_CLICK_CONVERSION_ACTION_NOT_PERMITTED_WITH_BRAID",
        "never",
        REFUSED,
    ),
    ("ORIGINAL_CONVERSIONS_NOT_FOUND", "later once, 24 h", ONCE),
    ("INTERNAL_ERROR", "later", WAITING),
];

/// Microsoft, at once and in its report
/// (<https://learn.microsoft.com/advertising/guides/operation-error-codes>). A goal that is not there after its two hours
/// is a setting to mend, so its rows are held.
const MICROSOFT: &[Row] = &[
    ("OfflineConversionMicrosoftClickIdInvalid", "never", REFUSED),
    (
        "OfflineConversionTimeOutOfWindow ConversionTimeExceedsMaxLookback",
        "never",
        REFUSED,
    ),
    (
        "FutureConversionTimeCannotBeSet ConversionTimeInFuture",
        "never",
        REFUSED,
    ),
    (
        "ConversionTimeEarlierThanClickTime ClickTimestampAfterConversion",
        "never",
        REFUSED,
    ),
    (
        "OfflineConversionNotAcceptedForGoal GoalNotFoundOrInactive",
        "later once, 2 h, settings",
        ["waiting", "held"],
    ),
    ("DuplicateConversionKey", "done", DONE),
    ("NoMatchingClickFound MissingMatchIdentifiers", "info", REFUSED),
    ("OutsideGoalLookbackWindow", "never", REFUSED),
    ("AccountMismatch", "never", REFUSED),
    ("HistoricalClickDataExpired", "never", REFUSED),
    ("AdjustmentOriginalNotFound", "later once, 6 h", ONCE),
    ("ConversionAlreadyRetracted", "done", DONE),
    ("OfflineConversionAdjustmentValueRequired", "never", REFUSED),
    ("OfflineConversionAdjustmentValueNotExpected", "never", REFUSED),
    ("MalformedData", "never", REFUSED),
];

fn check(place: &str, rows: &[Row], words: &'static [Word]) -> usize {
    let mut checked = 0;
    for (names, expected_class, expected_states) in rows {
        for name in names.split(' ') {
            let word = find_word(words, name);
            let word = word.unwrap_or_else(|| panic!("{place}: {name} is not known"));
            assert_eq!(class(word.class), *expected_class, "{place}: {name}");
            let answer = RowAnswer::Said(word);
            let first = after(&answer);
            let second = after_waiting(first.clone(), &answer);
            assert_eq!(
                [first.state(), second.state()],
                *expected_states,
                "{place}: {name}"
            );
            assert!(
                word.advice.ends_with('.') && word.advice.len() > 25,
                "{place}: {name}: {}",
                word.advice
            );
            checked += 1;
        }
    }
    checked
}

#[test]
fn every_row_of_the_error_tables_leads_to_its_state_with_advice() {
    let tables = [
        ("upload", UPLOAD, upload_words::WORDS),
        ("400", DATA_MANAGER, AT_ONCE),
        ("status", STATUS, LATER_ON),
        ("Microsoft", MICROSOFT, offline_conversions::WORDS),
    ];
    let checked = tables.map(|(place, rows, words)| check(place, rows, words));
    assert_eq!(checked, [37, 18, 18, 20]);
}
