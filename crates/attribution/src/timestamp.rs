//! A moment, always handed in by the caller: there is no `now()` in this crate.

use serde::{Serialize, Serializer};

use crate::digits::push_number;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// One second, in milliseconds.
pub const SECOND_MS: i64 = 1_000;
/// One minute, in milliseconds.
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
/// One hour, in milliseconds.
pub const HOUR_MS: i64 = 3_600 * SECOND_MS;
/// One day, in milliseconds.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// 9999-12-31T23:59:59.999Z, the last moment that RFC 3339 can write.
const MS_MAX: i64 = 253_402_300_799_999;

/// How many digits each number of RFC 3339 has, and what stands behind it.
const SHAPE: [(u32, char); 7] = [
    (4, '-'),
    (2, '-'),
    (2, 'T'),
    (2, ':'),
    (2, ':'),
    (2, '.'),
    (3, 'Z'),
];

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// A moment from milliseconds since the epoch; what RFC 3339 cannot write is brought to its nearest end.
    #[must_use]
    pub fn from_ms(ms: i64) -> Self {
        Self(ms.clamp(0, MS_MAX))
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub fn ms(self) -> i64 {
        self.0
    }

    /// The moment so many milliseconds later (earlier when negative).
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self::from_ms(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this moment; negative when this moment is the earlier one.
    #[must_use]
    pub fn ms_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// `2026-11-23T10:00:00.123Z`, as `Date.prototype.toISOString` writes it.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        // A moment is never negative, and half the bytes of signed arithmetic are spent on negative numbers.
        let ms = self.0.unsigned_abs();
        let (year, month, day) = civil_from_days((ms / DAY_MS.unsigned_abs()) as u32);
        let ms_of_day = (ms % DAY_MS.unsigned_abs()) as u32;
        let numbers = [
            year,
            month,
            day,
            ms_of_day / 3_600_000,
            ms_of_day / 60_000 % 60,
            ms_of_day / 1_000 % 60,
            ms_of_day % 1_000,
        ];
        let mut text = String::new();
        for (number, (width, separator)) in numbers.iter().zip(&SHAPE) {
            push_number(&mut text, u64::from(*number), 10, *width);
            text.push(*separator);
        }
        text
    }

    /// Reads RFC 3339 with an offset or `Z`. `None` where the text has no offset or is not a time.
    #[cfg(feature = "collector")]
    #[must_use]
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        let moment: jiff::Timestamp = text.parse().ok()?;
        Some(Self::from_ms(moment.as_millisecond()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_rfc3339())
    }
}

#[cfg(feature = "collector")]
impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_rfc3339(&text)
            .ok_or_else(|| serde::de::Error::custom("a time needs RFC 3339 with an offset"))
    }
}

/// Year, month and day of a day number since 1970-01-01, in the proleptic Gregorian calendar
/// (<https://howardhinnant.github.io/date_algorithms.html#civil_from_days>). A date library would cost the
/// browser script more than the rest of this crate together.
fn civil_from_days(days: u32) -> (u32, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + u32::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_rfc3339_like_toisostring() {
        let table = [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_795_428_000_123, "2026-11-23T10:00:00.123Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (MS_MAX, "9999-12-31T23:59:59.999Z"),
        ];
        for (ms, expected) in table {
            assert_eq!(Timestamp::from_ms(ms).to_rfc3339(), expected);
        }
    }

    #[test]
    fn a_wild_clock_stays_writable() {
        assert_eq!(Timestamp::from_ms(i64::MIN).ms(), 0);
        assert_eq!(
            Timestamp::from_ms(i64::MAX).to_rfc3339(),
            "9999-12-31T23:59:59.999Z"
        );
    }

    #[cfg(feature = "collector")]
    #[test]
    fn agrees_with_a_date_library_on_every_day_of_two_centuries() {
        for day in 0..73_000 {
            let ours = Timestamp::from_ms(day * DAY_MS + 12_345_678);
            assert_eq!(Timestamp::from_rfc3339(&ours.to_rfc3339()), Some(ours));
        }
    }

    #[cfg(feature = "collector")]
    #[test]
    fn a_time_without_an_offset_is_not_a_moment() {
        assert_eq!(Timestamp::from_rfc3339("2026-11-20T14:05:00"), None);
        assert_eq!(
            Timestamp::from_rfc3339("2026-11-20T14:05:00+01:00")
                .map(Timestamp::to_rfc3339)
                .as_deref(),
            Some("2026-11-20T13:05:00.000Z")
        );
    }
}
