//! What Microsoft says of a row, at once or in its report, and what follows
//! (<https://learn.microsoft.com/advertising/guides/operation-error-codes>).

use crate::platform_answer::Class::{Done, Info, Later, LaterOnce, Never};
use crate::platform_answer::Mend::{Row, Settings};
use crate::platform_answer::{Class, Word};

const TOO_OLD: &str =
    "Microsoft takes outcomes for 90 days. Report outcomes sooner, or an earlier stage of the deal.";
const FUTURE: &str = "The outcome is dated in the future. Check that the system which reports it does not send local time as UTC.";
const BEFORE_CLICK: &str =
    "The outcome is dated before the click. Check the time zone of the system that reports it.";
const NO_CLICK: &str = "Microsoft knows no click for it. This is normal for other visitors.";
const PAYLOAD: &str =
    "What was sent breaks a rule of Microsoft's that is not checked here. Please report it with this code.";

/// Every word that we know.
pub const WORDS: &[Word] = &[
    word(
        "OfflineConversionMicrosoftClickIdInvalid",
        Never(Row),
        "The msclkid was changed on its way here: it has 32 characters, digits and the letters a to f.",
    ),
    word("OfflineConversionTimeOutOfWindow", Never(Row), TOO_OLD),
    word("ConversionTimeExceedsMaxLookback", Never(Row), TOO_OLD),
    word("FutureConversionTimeCannotBeSet", Never(Row), FUTURE),
    word("ConversionTimeInFuture", Never(Row), FUTURE),
    word("ConversionTimeEarlierThanClickTime", Never(Row), BEFORE_CLICK),
    word("ClickTimestampAfterConversion", Never(Row), BEFORE_CLICK),
    word(
        "OfflineConversionNotAcceptedForGoal",
        LaterOnce {
            hours: 2,
            mend: Settings,
        },
        "The goal's name must be written exactly as at Microsoft, the goal must be for offline conversions, and a new one needs two hours.",
    ),
    word(
        "GoalNotFoundOrInactive",
        LaterOnce {
            hours: 2,
            mend: Settings,
        },
        "The goal's name must be written exactly as at Microsoft, the goal must be active, and a new one needs two hours.",
    ),
    word(
        "DuplicateConversionKey",
        Done,
        "Microsoft had this conversion before.",
    ),
    word("NoMatchingClickFound", Info, NO_CLICK),
    word("MissingMatchIdentifiers", Info, NO_CLICK),
    word(
        "OutsideGoalLookbackWindow",
        Never(Row),
        "The outcome came later after the click than the goal looks back. Lengthen the goal's window at Microsoft, up to 90 days, and then here.",
    ),
    word(
        "AccountMismatch",
        Never(Row),
        "The click belongs to another account. Set the destination to the account whose ad was clicked.",
    ),
    word(
        "HistoricalClickDataExpired",
        Never(Row),
        "The click is older than 90 days, and Microsoft has forgotten it. Report outcomes sooner.",
    ),
    word(
        "AdjustmentOriginalNotFound",
        LaterOnce { hours: 6, mend: Row },
        "Microsoft does not know the conversion that is to be changed. It is tried once more after six hours.",
    ),
    word(
        "ConversionAlreadyRetracted",
        Done,
        "The conversion was taken back before.",
    ),
    word("OfflineConversionAdjustmentValueRequired", Never(Row), PAYLOAD),
    word("OfflineConversionAdjustmentValueNotExpected", Never(Row), PAYLOAD),
    word("MalformedData", Never(Row), PAYLOAD),
    word(
        "CallRateExceeded",
        Later { hours: 0 },
        "Microsoft takes no more requests for the moment. It is sent again by itself.",
    ),
    word(
        "AuthenticationTokenExpired",
        Never(Settings),
        "Microsoft does not know these credentials any more. Store the refresh token again.",
    ),
    word(
        "InvalidCredentials",
        Never(Settings),
        "Microsoft does not know these credentials. Store the refresh token and the developer token again.",
    ),
    word(
        "UserIsNotAuthorized",
        Never(Settings),
        "Give the user whose token this is access to the account, or correct the destination's customer and account numbers.",
    ),
];

const fn word(name: &'static str, class: Class, advice: &'static str) -> Word {
    Word { name, class, advice }
}
