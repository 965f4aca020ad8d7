//! How long Microsoft's refresh token lasts (<https://learn.microsoft.com/entra/identity-platform/refresh-tokens>): 90 days
//! from when it was given out. Each use brings a newer one and leaves the older as good as it was.

use crate::limits::{REFRESH_TOKEN_IDLE_DAYS_MAX, REFRESH_TOKEN_KEPT_MS_MIN, REFRESH_TOKEN_RENEWAL_MS};
use crate::timestamp::{DAY_MS, Timestamp};

/// Whether a newer token is worth a written row, when the one that is kept was given out at that moment.
#[must_use]
pub fn is_worth_keeping(given_at: Timestamp, now: Timestamp) -> bool {
    now.ms_since(given_at) >= REFRESH_TOKEN_KEPT_MS_MIN
}

/// Whether it is time to ask for a newer token though nothing is to be sent: from the eighth day of the one that is kept on,
/// in the first minutes of each of its days, so that a platform which gives none is not asked all day.
#[must_use]
pub fn is_time_to_renew(given_at: Timestamp, now: Timestamp) -> bool {
    let age_ms = now.ms_since(given_at);
    age_ms >= i64::from(REFRESH_TOKEN_IDLE_DAYS_MAX) * DAY_MS && age_ms % DAY_MS < REFRESH_TOKEN_RENEWAL_MS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timestamp::{HOUR_MS, MINUTE_MS};

    #[test]
    fn a_newer_token_is_kept_once_a_day_and_fetched_where_nothing_was_sent_for_a_week() {
        let given_at = Timestamp::EPOCH.plus_ms(20_000 * DAY_MS);
        for (age_ms, is_worth, is_time) in [
            (0, false, false),
            (DAY_MS - 1, false, false),
            (DAY_MS, true, false),
            (7 * DAY_MS - 1, true, false),
            (7 * DAY_MS, true, true),
            (7 * DAY_MS + 10 * MINUTE_MS - 1, true, true),
            (7 * DAY_MS + 10 * MINUTE_MS, true, false),
            (8 * DAY_MS - HOUR_MS, true, false),
            (8 * DAY_MS, true, true),
            (89 * DAY_MS + MINUTE_MS, true, true),
        ] {
            let now = given_at.plus_ms(age_ms);
            assert_eq!(is_worth_keeping(given_at, now), is_worth, "{age_ms}");
            assert_eq!(is_time_to_renew(given_at, now), is_time, "{age_ms}");
        }
    }
}
