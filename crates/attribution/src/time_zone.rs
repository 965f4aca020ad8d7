//! Where a clock hangs: needed to read a time without an offset, and to write one for an ad platform.

use jiff::civil::{Date, DateTime};

use crate::timestamp::Timestamp;

/// A zone of the IANA database, such as `Europe/Berlin`; the data is compiled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeZone(jiff::tz::TimeZone);

/// Why a text is no moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeError {
    /// A date and a time, but nobody says where the clock hangs.
    NoOffset,
    /// No date and time at all, or one outside the years 1970 to 9999.
    NotATime,
}

impl TimeZone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(jiff::tz::TimeZone::UTC);

    /// The zone of this IANA name; `None` where the database has no such zone.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        jiff::tz::TimeZone::get(name).ok().map(Self)
    }

    /// The zone whose clocks are always so far from coordinated universal time: `+0100`, `-05:00`.
    #[must_use]
    pub fn of_offset(text: &str) -> Option<Self> {
        let (sign, digits) = match text.as_bytes() {
            [b'+', ..] => (1, text.strip_prefix('+')?),
            [b'-', ..] => (-1, text.strip_prefix('-')?),
            _ => return None,
        };
        let digits = digits.replace(':', "");
        let (hours, minutes) = digits.split_at_checked(2)?;
        let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
        let seconds = sign * (hours * 3_600 + minutes * 60);
        let offset = jiff::tz::Offset::from_seconds(seconds).ok()?;
        (minutes < 60).then(|| Self(offset.to_time_zone()))
    }

    /// Its name in the IANA database.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The time on this zone's clocks as Google's files take it: `2026-11-20 14:05:00+0100`, no colon in the offset
    /// (<https://support.google.com/google-ads/answer/7014069>). Parts of a second are cut, not rounded, so that a
    /// conversion never moves into the future.
    #[must_use]
    pub fn write_for_google_file(&self, moment: Timestamp) -> String {
        self.write(moment, "%Y-%m-%d %H:%M:%S%z")
    }

    /// The time on this zone's clocks as a file for Google's Data Manager takes it: `2026-11-20T14:05:00+01:00`, with a
    /// colon (<https://support.google.com/google-ads-data-manager/answer/14184381>). Parts of a second are cut.
    #[must_use]
    pub fn write_for_data_manager_file(&self, moment: Timestamp) -> String {
        self.write(moment, "%Y-%m-%dT%H:%M:%S%:z")
    }

    fn write(&self, moment: Timestamp, form: &str) -> String {
        self.zoned(moment).strftime(form).to_string()
    }

    /// The date on this zone's clocks.
    pub(crate) fn date_of(&self, moment: Timestamp) -> Date {
        self.zoned(moment).date()
    }

    /// The first moment of a date on this zone's clocks.
    pub(crate) fn start_of(&self, date: Date) -> Option<Timestamp> {
        let midnight = date.to_zoned_datetime(self.0.clone()).ok()?.start_of_day().ok()?;
        within_range(midnight.timestamp()).ok()
    }

    fn zoned(&self, moment: Timestamp) -> jiff::ZonedDateTime {
        let moment = jiff::Timestamp::from_millisecond(moment.ms()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        moment.to_zoned_datetime(self.0.clone())
    }

    /// Reads a time of RFC 3339. The text's own offset counts; a text without one is read on the clocks of `zone`
    /// when the site has set one. Where clocks go back an hour, such a text means the earlier moment.
    ///
    /// # Errors
    /// Says whether only the offset is missing.
    pub fn read_moment(text: &str, zone: Option<&Self>) -> Result<Timestamp, TimeError> {
        if let Ok(moment) = text.parse::<jiff::Timestamp>() {
            return within_range(moment);
        }
        let has_time_of_day = text.parse::<DateTime>().is_ok() && !is_date_only(text);
        match (zone, text.parse::<DateTime>()) {
            (Some(zone), Ok(civil)) if has_time_of_day => {
                let zoned = civil
                    .to_zoned_datetime(zone.0.clone())
                    .map_err(|_| TimeError::NotATime)?;
                within_range(zoned.timestamp())
            }
            (None, Ok(_)) if has_time_of_day => Err(TimeError::NoOffset),
            _ => Err(TimeError::NotATime),
        }
    }
}

/// `2026-11-20T13:05:00Z`, as APIs take a moment. Parts of a second are cut, not rounded.
#[must_use]
pub fn rfc3339_seconds(moment: Timestamp) -> String {
    TimeZone::UTC.write(moment, "%Y-%m-%dT%H:%M:%SZ")
}

fn within_range(moment: jiff::Timestamp) -> Result<Timestamp, TimeError> {
    let ms = moment.as_millisecond();
    let kept = Timestamp::from_ms(ms);
    if kept.ms() == ms {
        Ok(kept)
    } else {
        Err(TimeError::NotATime)
    }
}

/// The parser takes a date alone for its midnight; for a conversion that would be a guess.
fn is_date_only(text: &str) -> bool {
    text.len() <= "2026-11-20".len() && text.parse::<Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::named(name).unwrap()
    }

    #[test]
    fn reads_a_moment_or_says_what_is_missing() {
        let berlin = zone("Europe/Berlin");
        let table: [(&str, Option<&TimeZone>, Result<&str, TimeError>); 12] = [
            ("2026-11-20T14:05:00+01:00", None, Ok("2026-11-20T13:05:00.000Z")),
            ("2026-11-20T14:05:00.250Z", None, Ok("2026-11-20T14:05:00.250Z")),
            ("2026-11-20 14:05:00+01:00", None, Ok("2026-11-20T13:05:00.000Z")),
            (
                "2026-11-20T14:05:00-08:00",
                Some(&berlin),
                Ok("2026-11-20T22:05:00.000Z"),
            ),
            (
                "2026-11-20T14:05:00",
                Some(&berlin),
                Ok("2026-11-20T13:05:00.000Z"),
            ),
            (
                "2026-07-01 14:05:00",
                Some(&berlin),
                Ok("2026-07-01T12:05:00.000Z"),
            ),
            ("2026-11-20T14:05:00", None, Err(TimeError::NoOffset)),
            ("2026-11-20", None, Err(TimeError::NotATime)),
            ("2026-11-20", Some(&berlin), Err(TimeError::NotATime)),
            ("20.11.2026 14:05", Some(&berlin), Err(TimeError::NotATime)),
            ("2026-02-30T00:00:00Z", None, Err(TimeError::NotATime)),
            ("1950-01-01T00:00:00Z", None, Err(TimeError::NotATime)),
        ];
        for (text, zone, expected) in table {
            let read = TimeZone::read_moment(text, zone);
            assert_eq!(
                read.map(Timestamp::to_rfc3339),
                expected.map(str::to_owned),
                "{text}"
            );
        }
    }

    #[test]
    fn the_repeated_hour_of_autumn_means_its_first_pass() {
        let read = TimeZone::read_moment("2026-10-25T02:30:00", Some(&zone("Europe/Berlin")));
        assert_eq!(
            read.map(Timestamp::to_rfc3339),
            Ok("2026-10-25T00:30:00.000Z".to_owned())
        );
    }

    #[test]
    fn err_a_zone_that_nobody_knows() {
        for name in ["", "Mars/Olympus", "CET+1", "../etc/passwd"] {
            assert_eq!(TimeZone::named(name), None, "{name}");
        }
    }
}
