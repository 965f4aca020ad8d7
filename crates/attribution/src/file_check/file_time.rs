//! The times that Google and Microsoft take in a file (<https://support.google.com/google-ads/answer/7014069>,
//! <https://help.ads.microsoft.com/apex/index/3/en/56852>).

use jiff::civil::DateTime;
use jiff::fmt::strtime::BrokenDownTime;

use crate::time_zone::{TimeError, TimeZone};
use crate::timestamp::Timestamp;

/// What a cell says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FileTime {
    /// A moment in a form that the help pages list.
    Moment(Timestamp, ZonePart),
    /// A moment in another form.
    Unlisted(Timestamp),
    /// A time, but nobody says where the clock hangs.
    NoZone,
    /// A time with a word behind it that is no zone of the IANA database; Microsoft has names of its own.
    ZoneOfAnotherList,
    /// Not a time.
    Unreadable,
}

/// How a cell says where its clock hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ZonePart {
    /// Not at all: the file does.
    OfTheFile,
    /// `+0100`
    Offset,
    /// `+01:00`
    OffsetWithColon,
    /// `Z`
    Utc,
    /// `Europe/Berlin`
    Name,
}

/// The two forms that also take an offset or the name of a zone.
const ISO: [&str; 2] = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"];

/// The others. The month by its name may have a blank behind the comma, or none.
const LOCAL: [&str; 4] = [
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M:%S",
    "%b %d, %Y %I:%M:%S %p",
    "%b %d, %Y %H:%M:%S",
];

/// Reads a cell. `zone` is the one of the file's parameters.
pub(super) fn read_file_time(text: &str, zone: Option<&TimeZone>) -> FileTime {
    let (time, part, offset) = split_zone(text);
    let (time, has_blank) = (time.trim_end(), time.ends_with(' '));
    let is_iso = civil(time, &ISO).is_some();
    let Some(civil) = civil(time, &ISO).or_else(|| civil(time, &LOCAL)) else {
        return otherwise(text, zone);
    };
    let read = match (part, offset) {
        (ZonePart::OfTheFile, _) => TimeZone::read_moment(&civil.to_string(), zone),
        (ZonePart::Name, name) => match TimeZone::named(name) {
            Some(zone) => TimeZone::read_moment(&civil.to_string(), Some(&zone)),
            None => return FileTime::ZoneOfAnotherList,
        },
        (_, offset) => TimeZone::read_moment(&format!("{civil}{offset}"), None),
    };
    match read {
        // A listed form, but only the first two go with an offset.
        Ok(moment) if (is_iso || part == ZonePart::OfTheFile) && !has_blank => FileTime::Moment(moment, part),
        Ok(moment) => FileTime::Unlisted(moment),
        Err(TimeError::NoOffset) => FileTime::NoZone,
        Err(TimeError::NotATime) => FileTime::Unreadable,
    }
}

/// What is no listed form and still a time beyond doubt: with parts of a second, or without seconds.
fn otherwise(text: &str, zone: Option<&TimeZone>) -> FileTime {
    match TimeZone::read_moment(text, zone) {
        Ok(moment) => FileTime::Unlisted(moment),
        Err(_) => FileTime::Unreadable,
    }
}

/// The time, how its zone is said, and the zone.
fn split_zone(text: &str) -> (&str, ZonePart, &str) {
    if let Some(time) = text.strip_suffix('Z') {
        return (time, ZonePart::Utc, "Z");
    }
    for (length, part) in [(5, ZonePart::Offset), (6, ZonePart::OffsetWithColon)] {
        let at = text.len().saturating_sub(length);
        if let Some((time, offset)) = text.split_at_checked(at)
            && is_offset(offset, part)
            && time.contains(':')
        {
            return (time, part, offset);
        }
    }
    match text.rsplit_once(' ') {
        Some((time, name)) if is_name_of_zone(name) => (time, ZonePart::Name, name),
        _ => (text, ZonePart::OfTheFile, ""),
    }
}

fn is_offset(text: &str, part: ZonePart) -> bool {
    let shape = if part == ZonePart::Offset {
        "+0000"
    } else {
        "+00:00"
    };
    let fits = |(byte, like): (u8, u8)| match like {
        b'+' => matches!(byte, b'+' | b'-'),
        b'0' => byte.is_ascii_digit(),
        _ => byte == like,
    };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
}

fn is_name_of_zone(word: &str) -> bool {
    let is_of_day = word.eq_ignore_ascii_case("am") || word.eq_ignore_ascii_case("pm");
    word.starts_with(|letter: char| letter.is_ascii_alphabetic()) && !is_of_day
}

/// A zone by its name, or by an offset such as `+0100`.
pub(super) fn zone_named(name: &str) -> Option<TimeZone> {
    let name = name.trim();
    if is_offset(name, ZonePart::Offset) || is_offset(name, ZonePart::OffsetWithColon) {
        return TimeZone::of_offset(name);
    }
    TimeZone::named(name)
}

fn civil(text: &str, patterns: &[&str]) -> Option<DateTime> {
    patterns.iter().find_map(|pattern| {
        let time = BrokenDownTime::parse(pattern, text).ok()?;
        time.to_datetime().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_form_is_read_and_no_other_is_called_listed() {
        let berlin = TimeZone::named("Europe/Berlin");
        let moment = |text| Timestamp::from_rfc3339(text).expect("a moment");
        let day = moment("2012-08-14T15:01:54Z");
        let file = |at| FileTime::Moment(at, ZonePart::OfTheFile);
        for (text, expected) in [
            ("08/14/2012 5:01:54 PM", file(day)),
            ("8/14/2012 05:01:54 pm", file(day)),
            ("Aug 14, 2012 5:01:54 PM", file(day)),
            ("Aug 14,2012 5:01:54 PM", file(day)),
            ("Aug 14, 2012 17:01:54", file(day)),
            ("08/14/2012 17:01:54", file(day)),
            ("2012-08-14 17:01:54", file(day)),
            ("2012-08-14T17:01:54", file(day)),
            (
                "2012-08-14 17:01:54+0200",
                FileTime::Moment(day, ZonePart::Offset),
            ),
            (
                "2012-08-14T10:01:54-0500",
                FileTime::Moment(day, ZonePart::Offset),
            ),
            (
                "2012-08-14 17:01:54+02:00",
                FileTime::Moment(day, ZonePart::OffsetWithColon),
            ),
            ("2012-08-14T15:01:54Z", FileTime::Moment(day, ZonePart::Utc)),
            (
                "2012-08-14T08:01:54 America/Los_Angeles",
                FileTime::Moment(day, ZonePart::Name),
            ),
            (
                "2012-08-14T08:01:54 EasternTimeUSCanada",
                FileTime::ZoneOfAnotherList,
            ),
            ("2012-08-14T08:01:54 Mars/Olympus", FileTime::ZoneOfAnotherList),
            ("08/14/2012 17:01:54+0200", FileTime::Unlisted(day)),
            ("2012-08-14 17:01:54 +0200", FileTime::Unlisted(day)),
            ("2012-08-14T17:01:54.000+0200", FileTime::Unlisted(day)),
            ("14.08.2012 17:01:54", FileTime::Unreadable),
            ("14/08/2012 17:01:54", FileTime::Unreadable),
            ("8/14/2012 17:01", FileTime::Unreadable),
            ("2012-08-14", FileTime::Unreadable),
            ("2012-02-30 00:00:00", FileTime::Unreadable),
            ("41135.7096527778", FileTime::Unreadable),
            ("1344956514", FileTime::Unreadable),
            ("1950-01-01 00:00:00", FileTime::Unreadable),
            ("yesterday", FileTime::Unreadable),
            ("Z", FileTime::Unreadable),
            ("+0100", FileTime::Unreadable),
            ("é+01:0", FileTime::Unreadable),
        ] {
            assert_eq!(read_file_time(text, berlin.as_ref()), expected, "{text}");
        }
        assert_eq!(read_file_time("2012-08-14 17:01:54", None), FileTime::NoZone);
    }

    #[test]
    fn the_hour_of_autumn_that_comes_twice_is_told_by_its_offset() {
        for (text, expected) in [
            ("2026-11-01 01:30:00-0400", "2026-11-01T05:30:00.000Z"),
            ("2026-11-01 01:30:00-0500", "2026-11-01T06:30:00.000Z"),
            ("2026-11-01T01:30:00 America/New_York", "2026-11-01T05:30:00.000Z"),
        ] {
            let FileTime::Moment(moment, _) = read_file_time(text, None) else {
                panic!("{text}");
            };
            assert_eq!(moment.to_rfc3339(), expected, "{text}");
        }
    }

    #[test]
    fn a_zone_is_a_name_or_an_offset() {
        for (name, written) in [
            ("Europe/Berlin", "2026-11-20 14:05:00+0100"),
            ("UTC", "2026-11-20 13:05:00+0000"),
            ("+0000", "2026-11-20 13:05:00+0000"),
            ("-0500", "2026-11-20 08:05:00-0500"),
            ("+0530", "2026-11-20 18:35:00+0530"),
            (" +01:00", "2026-11-20 14:05:00+0100"),
        ] {
            let zone = zone_named(name).expect(name);
            let moment = Timestamp::from_rfc3339("2026-11-20T13:05:00Z").expect("a moment");
            assert_eq!(zone.write_for_google_file(moment), written, "{name}");
        }
        for name in [
            "",
            "<Replace with your time zone>",
            "+1",
            "+9999",
            "Mars/Olympus",
            "EST5EDT4",
        ] {
            assert_eq!(zone_named(name), None, "{name}");
        }
    }
}
