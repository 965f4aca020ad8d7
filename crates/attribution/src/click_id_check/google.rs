//! What a gclid and a wbraid say of themselves. They are base64url over a protobuf
//! (<https://protobuf.dev/programming-guides/encoding/>), which tells whether they are whole and on which day the ad was
//! clicked. Google documents neither; that was read off published landing addresses of 2012 to 2026. Nothing is read but
//! integrity and time.

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};

use super::ClickIdWarning;
use crate::timestamp::{DAY_MS, SECOND_MS, Timestamp};

/// An id that was cut may end inside of a character's six bits, and is still read as far as it goes.
const BASE64: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, NO_PAD.with_decode_allow_trailing_bits(true));

/// How ids begin whose shape is known; one that begins so and cannot be read was changed.
const BEGINNINGS: [&str; 3] = ["Cj0KC", "CjwKC", "EAIaIQ"];

/// The field that ends a gclid. Without it the end is missing.
const TRAILER: u64 = 16_382;

/// 2010-01-01 and 2100-01-01, in seconds: no click is older than the first gclids, and none so far ahead.
const SECONDS: std::ops::Range<u64> = 1_262_304_000..4_102_444_800;

/// When the ad was clicked, as the id says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClickMoment {
    at: Timestamp,
    is_day: bool,
}

impl ClickMoment {
    /// The moment, or the midnight with which the day of the click begins in Los Angeles.
    #[must_use]
    pub fn at(self) -> Timestamp {
        self.at
    }

    /// Whether only the day is known.
    #[must_use]
    pub fn is_day(self) -> bool {
        self.is_day
    }

    /// The first moment at which the click can have been, with a day of tolerance: nobody has promised that the day is
    /// the click's, and clocks differ.
    #[must_use]
    pub fn earliest(self) -> Timestamp {
        self.at.plus_ms(-DAY_MS)
    }

    /// The last moment at which the click can have been, with a day of tolerance.
    #[must_use]
    pub fn latest(self) -> Timestamp {
        self.at.plus_ms(if self.is_day { 2 * DAY_MS } else { DAY_MS })
    }
}

/// What a value turned out to be.
enum Reading {
    /// A gclid with its trailer, or one of 2012, which had none.
    Gclid(ClickMoment),
    /// A wbraid, or a gclid without its trailer.
    Wbraid(ClickMoment),
    /// The beginning of either.
    Beginning,
    /// None of them.
    Other,
}

/// One field of a protobuf.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Fixed,
}

/// Why bytes are no protobuf.
enum Broken {
    /// They end inside of a field.
    EndsEarly,
    /// No field begins so.
    NoField,
}

/// What is wrong with a gclid, as far as it tells.
pub(super) fn gclid(value: &str) -> Option<ClickIdWarning> {
    match read(value) {
        Reading::Gclid(_) => None,
        // A gclid that lost exactly its trailer looks like a wbraid; the name decides.
        Reading::Wbraid(_) | Reading::Beginning => Some(ClickIdWarning::Cut { bytes: value.len() }),
        Reading::Other => Some(unreadable(value)),
    }
}

/// What is wrong with a wbraid, as far as it tells.
pub(super) fn wbraid(value: &str) -> Option<ClickIdWarning> {
    match read(value) {
        Reading::Wbraid(_) => None,
        Reading::Gclid(_) => Some(ClickIdWarning::OtherKind),
        Reading::Beginning => Some(ClickIdWarning::Cut { bytes: value.len() }),
        Reading::Other => Some(unreadable(value)),
    }
}

/// When the ad was clicked.
pub(super) fn click_moment(value: &str) -> Option<ClickMoment> {
    match read(value) {
        Reading::Gclid(moment) | Reading::Wbraid(moment) => Some(moment),
        Reading::Beginning | Reading::Other => None,
    }
}

fn unreadable(value: &str) -> ClickIdWarning {
    if BEGINNINGS.iter().any(|start| value.starts_with(start)) {
        ClickIdWarning::Altered
    } else {
        ClickIdWarning::ShapeUnknown
    }
}

fn read(value: &str) -> Reading {
    // One character more than a multiple of four holds no whole byte: something was cut off.
    let has_remnant = value.len() % 4 == 1;
    let whole = value.get(..value.len() - usize::from(has_remnant));
    let Some(bytes) = whole.and_then(|whole| BASE64.decode(whole).ok()) else {
        return Reading::Other;
    };
    let (fields, broken) = fields(&bytes);
    let reading = match fields.as_slice() {
        [
            (1, Value::Bytes(click)),
            (2, Value::Number(_)),
            (TRAILER, Value::Number(1)),
        ] => day_of(click).map_or(Reading::Other, Reading::Gclid),
        [(1, Value::Bytes(click))] => day_of(click).map_or(Reading::Other, Reading::Wbraid),
        [(1, Value::Bytes(click)), (2, Value::Number(_))] => {
            day_of(click).map_or(Reading::Other, |_| Reading::Beginning)
        }
        [
            (2, Value::Number(_)),
            (3, Value::Bytes(click)),
            (TRAILER, Value::Number(1)),
        ] => moment_inside(click).map_or(Reading::Other, Reading::Gclid),
        [
            (1, Value::Number(microseconds)),
            (2, Value::Fixed),
            (3, Value::Fixed),
        ] => moment(*microseconds).map_or(Reading::Other, Reading::Gclid),
        [(2, Value::Number(_)), (3, Value::Bytes(click))] if moment_inside(click).is_some() => {
            Reading::Beginning
        }
        [] | [(2, Value::Number(_))] => Reading::Beginning,
        [(1, Value::Number(microseconds))] | [(1, Value::Number(microseconds)), (2, Value::Fixed)] => {
            moment(*microseconds).map_or(Reading::Other, |_| Reading::Beginning)
        }
        _ => Reading::Other,
    };
    match (reading, broken) {
        (Reading::Other, _) | (_, Some(Broken::NoField)) => Reading::Other,
        (Reading::Gclid(_) | Reading::Wbraid(_) | Reading::Beginning, Some(Broken::EndsEarly)) => {
            Reading::Beginning
        }
        (_, None) if has_remnant => Reading::Beginning,
        // Nothing but a beginning, and nothing behind it: no id at all.
        (Reading::Beginning, None) if fields.is_empty() => Reading::Other,
        (reading, None) => reading,
    }
}

/// Of ids since 2019: the seconds of a midnight, a counter, and what nobody reads.
fn day_of(click: &[u8]) -> Option<ClickMoment> {
    let (1, Value::Bytes(counted)) = *fields_of_whole(click)?.first()? else {
        return None;
    };
    let (1, Value::Number(seconds)) = *fields_of_whole(counted)?.first()? else {
        return None;
    };
    from_seconds(seconds, 0, true)
}

/// Of ids of 2013 to 2023: the microseconds of the click, three messages deep.
fn moment_inside(click: &[u8]) -> Option<ClickMoment> {
    let (1, Value::Bytes(inside)) = *fields_of_whole(click)?.first()? else {
        return None;
    };
    let (1, Value::Bytes(inside)) = *fields_of_whole(inside)?.first()? else {
        return None;
    };
    let (1, Value::Number(microseconds)) = *fields_of_whole(inside)?.first()? else {
        return None;
    };
    moment(microseconds)
}

fn moment(microseconds: u64) -> Option<ClickMoment> {
    from_seconds(microseconds / 1_000_000, microseconds / 1_000 % 1_000, false)
}

fn from_seconds(seconds: u64, ms: u64, is_day: bool) -> Option<ClickMoment> {
    let seconds = Some(seconds).filter(|seconds| SECONDS.contains(seconds))?;
    let ms = i64::try_from(seconds).ok()? * SECOND_MS + i64::try_from(ms).ok()?;
    Some(ClickMoment {
        at: Timestamp::from_ms(ms),
        is_day,
    })
}

/// The fields of bytes that are a protobuf from end to end.
fn fields_of_whole(bytes: &[u8]) -> Option<Vec<(u64, Value<'_>)>> {
    let (fields, broken) = fields(bytes);
    broken.is_none().then_some(fields)
}

/// The whole fields at the beginning of the bytes, and why there are no more.
fn fields(bytes: &[u8]) -> (Vec<(u64, Value<'_>)>, Option<Broken>) {
    let mut fields = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        match field(rest) {
            Ok((number, value, behind)) => {
                fields.push((number, value));
                rest = behind;
            }
            Err(broken) => return (fields, Some(broken)),
        }
    }
    (fields, None)
}

fn field(bytes: &[u8]) -> Result<(u64, Value<'_>, &[u8]), Broken> {
    let (tag, rest) = number(bytes)?;
    let (value, rest) = match tag & 7 {
        0 => {
            let (number, rest) = number(rest)?;
            (Value::Number(number), rest)
        }
        2 => {
            let (length, rest) = number(rest)?;
            let length = usize::try_from(length).map_err(|_| Broken::NoField)?;
            let (bytes, rest) = rest.split_at_checked(length).ok_or(Broken::EndsEarly)?;
            (Value::Bytes(bytes), rest)
        }
        5 => (Value::Fixed, rest.get(4..).ok_or(Broken::EndsEarly)?),
        _ => return Err(Broken::NoField),
    };
    Ok((tag >> 3, value, rest))
}

/// Seven bits a byte, the lowest first; the eighth says that more follow.
fn number(bytes: &[u8]) -> Result<(u64, &[u8]), Broken> {
    let mut number = 0_u64;
    for (place, byte) in bytes.iter().enumerate() {
        let bits = u64::from(byte & 0x7f);
        number |= u32::try_from(place * 7)
            .ok()
            .and_then(|shift| bits.checked_shl(shift))
            .ok_or(Broken::NoField)?;
        if byte & 0x80 == 0 {
            return Ok((number, bytes.get(place + 1..).unwrap_or_default()));
        }
    }
    Err(Broken::EndsEarly)
}
