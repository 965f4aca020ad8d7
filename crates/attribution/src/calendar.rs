//! Days on the clocks of a zone, which may have 23 or 25 hours.

use jiff::civil::Date;

use crate::limits::{DIAGNOSTIC_DAYS_DEFAULT, DIAGNOSTIC_DAYS_MAX};
use crate::time_zone::TimeZone;
use crate::timestamp::Timestamp;

/// A day of a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// `2026-11-23`
    pub name: String,
    /// Its first moment.
    pub begins: Timestamp,
    /// The first moment of the next.
    pub ends: Timestamp,
}

/// The days from one date to another, both included, in order. `None` where one is no date as in `2026-11-23`, where the
/// second is before the first, or where they are more than [`DIAGNOSTIC_DAYS_MAX`].
#[must_use]
pub fn days(first: &str, last: &str, zone: &TimeZone) -> Option<Vec<Day>> {
    let (first, last) = (date(first)?, date(last)?);
    let mut days = Vec::new();
    let mut next = first;
    while next <= last {
        if days.len() >= DIAGNOSTIC_DAYS_MAX {
            return None;
        }
        let tomorrow = next.tomorrow().ok()?;
        days.push(Day {
            name: next.to_string(),
            begins: zone.start_of(next)?,
            ends: zone.start_of(tomorrow)?,
        });
        next = tomorrow;
    }
    (!days.is_empty()).then_some(days)
}

/// The days that somebody asks for. Left out, the last one is today, and the first one is so far back that they are
/// [`DIAGNOSTIC_DAYS_DEFAULT`]. `None` as in [`days`].
#[must_use]
pub fn days_asked(
    first: Option<&str>,
    last: Option<&str>,
    zone: &TimeZone,
    now: Timestamp,
) -> Option<Vec<Day>> {
    let last = match last {
        Some(last) => date(last)?,
        None => zone.date_of(now),
    };
    let back = jiff::Span::new().days(i64::from(DIAGNOSTIC_DAYS_DEFAULT) - 1);
    let first = match first {
        Some(first) => date(first)?,
        None => last.saturating_sub(back),
    };
    days(&first.to_string(), &last.to_string(), zone)
}

/// Only the one form: a library that reads more than that would take a time for a date.
fn date(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (date.to_string() == text).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timestamp::HOUR_MS;

    fn berlin() -> TimeZone {
        TimeZone::named("Europe/Berlin").expect("a zone")
    }

    #[test]
    fn a_day_has_as_many_hours_as_its_clocks_show() {
        for (day, begins, hours) in [
            ("2026-11-23", "2026-11-22T23:00:00Z", 24),
            ("2026-03-29", "2026-03-28T23:00:00Z", 23),
            ("2026-10-25", "2026-10-24T22:00:00Z", 25),
        ] {
            let found = days(day, day, &berlin()).expect("a day");
            let [found] = found.as_slice() else {
                panic!("{found:?}")
            };
            assert_eq!(Some(found.begins), Timestamp::from_rfc3339(begins), "{day}");
            assert_eq!(found.ends.ms_since(found.begins), hours * HOUR_MS, "{day}");
        }
    }

    #[test]
    fn days_follow_each_other_without_a_gap() {
        let found = days("2026-10-20", "2026-11-02", &berlin()).expect("days");
        assert_eq!(found.len(), 14);
        assert!(found.windows(2).all(|pair| pair[0].ends == pair[1].begins));
    }

    #[test]
    fn err_what_is_no_range_of_days() {
        for (first, last) in [
            ("2026-11-02", "2026-11-01"),
            ("2026-02-30", "2026-03-01"),
            ("20261101", "20261102"),
            ("2026-11-01T00:00", "2026-11-02"),
            ("", ""),
            ("2026-01-01", "2026-04-03"),
            ("-9999-01-01", "9999-12-31"),
            ("9999-12-31", "9999-12-31"),
        ] {
            assert_eq!(days(first, last, &TimeZone::UTC), None, "{first} {last}");
        }
        let longest = days("2026-01-01", "2026-04-02", &TimeZone::UTC);
        assert_eq!(longest.map(|days| days.len()), Some(DIAGNOSTIC_DAYS_MAX));
    }

    #[test]
    fn left_out_the_days_are_the_last_28_on_the_zones_clocks() {
        let now = Timestamp::from_rfc3339("2026-11-23T23:30:00Z").expect("a moment");
        for (first, last, zone, expected) in [
            (None, None, TimeZone::UTC, ("2026-10-27", "2026-11-23", 28)),
            (None, None, berlin(), ("2026-10-28", "2026-11-24", 28)),
            (
                None,
                Some("2026-03-01"),
                TimeZone::UTC,
                ("2026-02-02", "2026-03-01", 28),
            ),
            (
                Some("2026-11-20"),
                None,
                TimeZone::UTC,
                ("2026-11-20", "2026-11-23", 4),
            ),
        ] {
            let found = days_asked(first, last, &zone, now).expect("days");
            let names = (
                found[0].name.as_str(),
                found[found.len() - 1].name.as_str(),
                found.len(),
            );
            assert_eq!(names, expected);
        }
        assert_eq!(days_asked(Some("2026-11-24"), None, &TimeZone::UTC, now), None);
        assert_eq!(days_asked(Some("2026-01-01"), None, &TimeZone::UTC, now), None);
    }
}
