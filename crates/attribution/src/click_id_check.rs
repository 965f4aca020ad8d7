//! The click id check: what happened to an id on its way, found without asking its platform. A field of the CRM that is
//! too short, a tool that folds case, a spreadsheet, a link that was passed on: each leaves a mark.
//!
//! Platforms do not document their ids, and may change them any day. So everything here is a warning with advice, and
//! no lead is ever refused for one.

use crate::click_id::{ClickIdParameter, is_unfilled};
use crate::timestamp::{DAY_MS, Timestamp};

mod google; // what a gclid says of itself

pub use google::ClickMoment;

/// Days from a click until Google forgets it (<https://support.google.com/google-ads/answer/15081888>); Microsoft and
/// Meta keep theirs no longer.
const WINDOW_DAYS: i64 = 90;

/// The length of the ids that Google calls gbraid, as far as they were seen.
const GBRAID_BYTES: usize = 34;

/// The length of Microsoft's ids: a GUID without dashes.
const MSCLKID_BYTES: usize = 32;

/// An id with fewer letters may have them all in one case by chance.
const LETTERS_TO_JUDGE_CASE_BY: usize = 12;

/// Lengths that people give to the fields of a CRM.
const FIELD_LENGTHS: [usize; 5] = [20, 32, 50, 80, 100];

/// What people and programs write where there is no id. `TeSter-123` is Google's own example.
const WORDS: &str = "undefined null none nil nan n/a na true false test tester-123 (not set) (none) [object object] 0 1 - unknown";

/// How the cookies of the platforms' own tags begin, in which an id stands.
const COOKIE_BEGINNINGS: [&str; 5] = ["GCL.", "2.1.k", "fb.0.", "fb.1.", "fb.2."];

/// One thing that is wrong with an id. Carries nothing of it but its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClickIdWarning {
    /// There is none.
    Empty,
    /// The template of the ad or of the form was not filled.
    TemplateUnfilled,
    /// A word or a number that stands where an id is missing.
    NotAnId,
    /// A whole address instead of the id in it.
    AddressPasted,
    /// What stood behind the id in the address is still there.
    AddressTail,
    /// The text of a cookie, in which the id is one part.
    CookiePasted,
    /// It was encoded for an address and not decoded.
    EncodedTwice,
    /// Blanks stand in it, or a plus sign, which is a blank that was encoded.
    BlankInside,
    /// It has characters that ids of this kind never have.
    CharacterForeign,
    /// An id of another kind: a gclid where a wbraid belongs.
    OtherKind,
    /// The id stands there twice.
    Doubled,
    /// All its letters are of one case.
    CaseFolded,
    /// Its end is missing.
    Cut {
        /// The bytes that are left.
        bytes: usize,
    },
    /// It begins like an id and does not hold together.
    Altered,
    /// No id of this kind was ever seen to look so.
    ShapeUnknown,
    /// Its click lies in the future.
    InFuture,
    /// Its click is too old to be counted.
    WindowClosed,
    /// Its click was on another day than the visit.
    OtherVisit,
}

impl ClickIdWarning {
    /// The name of the warning, for machines.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TemplateUnfilled => "template_unfilled",
            Self::NotAnId => "not_an_id",
            Self::AddressPasted => "address_pasted",
            Self::AddressTail => "address_tail",
            Self::CookiePasted => "cookie_pasted",
            Self::EncodedTwice => "encoded_twice",
            Self::BlankInside => "blank_inside",
            Self::CharacterForeign => "character_foreign",
            Self::OtherKind => "other_kind",
            Self::Doubled => "doubled",
            Self::CaseFolded => "case_folded",
            Self::Cut { .. } => "cut",
            Self::Altered => "altered",
            Self::ShapeUnknown => "shape_unknown",
            Self::InFuture => "in_future",
            Self::WindowClosed => "window_closed",
            Self::OtherVisit => "other_visit",
        }
    }

    /// What is wrong and what a person can do about it, in one sentence. Nothing of the id is repeated in it.
    #[must_use]
    pub fn advice(self) -> String {
        let sentence = match self {
            Self::Cut { bytes } if FIELD_LENGTHS.contains(&bytes) => {
                return format!(
                    "The id ends after {bytes} characters, most likely because a field on its way takes no more: make every field that carries it 255 long."
                );
            }
            Self::Cut { bytes } => {
                return format!(
                    "The id ends early, after {bytes} characters: look for a field on its way that is too short, and make it 255 long."
                );
            }
            Self::Empty => "There is no id: check that the form's hidden field is filled and arrives.",
            Self::TemplateUnfilled => {
                "The placeholder was not filled: check the final URL suffix of the ad, or the default value of the form's field."
            }
            Self::NotAnId => {
                "This is a word or a number and no id: check what fills the field when there is no click."
            }
            Self::AddressPasted => "This is a whole address: send only the id that stands in it.",
            Self::AddressTail => {
                "More of the address stands behind the id: send only what stands before the first &."
            }
            Self::CookiePasted => "This is the text of a cookie: send only the id that stands in it.",
            Self::EncodedTwice => {
                "The id is still encoded for an address: decode it once more before it is stored."
            }
            Self::BlankInside => {
                "The id has blanks or plus signs: something on its way changed a dash or broke the line, so read it from the landing page's address."
            }
            Self::CharacterForeign => {
                "The id has characters that such ids never have: something on its way changed it."
            }
            Self::OtherKind => "This is an id of another kind: each belongs into the field of its own name.",
            Self::Doubled => "The id stands there twice: look for a second script that fills the same field.",
            Self::CaseFolded => {
                "All letters are of one case, and ids tell large from small: look for a tool that changes case."
            }
            Self::Altered => {
                "The id begins well and does not hold together: a character was changed, lost or added."
            }
            Self::ShapeUnknown => {
                "The id looks like none that is known here, so the platform may have a new form of it: compare it with a landing page's address."
            }
            Self::InFuture => "The id tells of a click in the future: it is damaged, or a clock is wrong.",
            Self::WindowClosed => {
                "The id tells of a click more than 90 days ago, which ad platforms count no longer."
            }
            Self::OtherVisit => {
                "The id tells of a click on another day than the visit: the link was probably bookmarked or passed on."
            }
        };
        sentence.to_owned()
    }
}

/// Looks at a value as it stood in a field, a file or an address. `visited_at` is when the visitor landed with it, as
/// far as that is known.
#[must_use]
pub fn check(
    parameter: ClickIdParameter,
    value: &str,
    visited_at: Option<Timestamp>,
    now: Timestamp,
) -> Option<ClickIdWarning> {
    what_came_instead(parameter, value)
        .or_else(|| characters(parameter, value))
        .or_else(|| shape(parameter, value))
        .or_else(|| google::click_moment(value).and_then(|click| date(click, visited_at, now)))
}

/// When the click was, where the id itself tells.
#[must_use]
pub fn click_moment(parameter: ClickIdParameter, value: &str) -> Option<ClickMoment> {
    let tells = matches!(parameter.name(), "gclid" | "wbraid");
    google::click_moment(value).filter(|_| tells)
}

/// The id that stands in a pasted address, or before the rest of one; `None` where there is none that could be it.
#[must_use]
pub fn extracted(parameter: ClickIdParameter, value: &str) -> Option<&str> {
    let is_in_address = |at: &usize| {
        let before = value.get(..*at).unwrap_or_default().bytes().next_back();
        matches!(before, None | Some(b'?' | b'&' | b'#'))
    };
    let behind_name = value
        .match_indices(parameter.name())
        .filter(|(at, _)| is_in_address(at))
        .find_map(|(at, name)| value.get(at + name.len()..)?.strip_prefix('='));
    let id = behind_name.unwrap_or(value).split(['&', '#']).next()?;
    let is_one =
        !id.is_empty() && what_came_instead(parameter, id).is_none() && characters(parameter, id).is_none();
    is_one.then_some(id)
}

/// Something else stands where the id should.
fn what_came_instead(parameter: ClickIdParameter, value: &str) -> Option<ClickIdWarning> {
    let is_empty = value.trim().is_empty();
    let is_template = is_unfilled(value)
        || ["{gclid", "{lpurl", "{{", "}}", "{msclkid", "<%"]
            .iter()
            .any(|part| value.contains(part));
    let names_itself = value.contains(&format!("{}=", parameter.name()));
    let is_address = value.contains("://") || value.starts_with("www.") || names_itself;
    let is_cookie =
        COOKIE_BEGINNINGS.iter().any(|start| value.starts_with(start)) || value.starts_with("_uet");
    if is_empty {
        Some(ClickIdWarning::Empty)
    } else if is_template {
        Some(ClickIdWarning::TemplateUnfilled)
    } else if is_word(value.trim()) {
        Some(ClickIdWarning::NotAnId)
    } else if is_address {
        Some(ClickIdWarning::AddressPasted)
    } else if is_cookie {
        Some(ClickIdWarning::CookiePasted)
    } else {
        None
    }
}

/// `undefined`, a spreadsheet's `#N/A`, or its `1.23457E+15`. A companion such as `gad_source` may be a single digit.
fn is_word(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let is_listed = match lower.as_str() {
        "0" | "1" => false,
        "(not set)" | "[object object]" => true,
        lower => !lower.contains(' ') && WORDS.split(' ').any(|word| word == lower),
    };
    let is_error_of_a_sheet = value.starts_with('#') && value.len() <= 8;
    let is_rounded = lower.split_once("e+").is_some_and(|(number, exponent)| {
        let is_number = |text: &str, more: &[u8]| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || more.contains(&byte))
        };
        is_number(number, b".,") && is_number(exponent, b"")
    });
    is_listed || is_error_of_a_sheet || is_rounded
}

/// A character that tells what happened.
fn characters(parameter: ClickIdParameter, value: &str) -> Option<ClickIdWarning> {
    let is_opaque = parameter.shape() == "opaque";
    let belongs: fn(u8) -> bool = match parameter.shape() {
        "base64url" => |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'),
        "hex" => |byte| byte.is_ascii_hexdigit() || byte == b'-',
        "uuid" => |byte| byte.is_ascii_hexdigit() || byte == b'-',
        "digits" => |byte| byte.is_ascii_digit(),
        "word" => |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'),
        _ => |byte| byte > b' ' && byte != 0x7f,
    };
    let is_encoded = value.as_bytes().windows(3).any(|bytes| match bytes {
        [b'%', one, other] => one.is_ascii_hexdigit() && other.is_ascii_hexdigit(),
        _ => false,
    });
    if value.contains('&') || !is_opaque && value.contains(['?', '#']) {
        Some(ClickIdWarning::AddressTail)
    } else if is_encoded {
        Some(ClickIdWarning::EncodedTwice)
    } else if value.contains(char::is_whitespace) || !is_opaque && value.contains('+') {
        Some(ClickIdWarning::BlankInside)
    } else if value.bytes().all(belongs) {
        None
    } else {
        Some(ClickIdWarning::CharacterForeign)
    }
}

/// How ids of this kind look.
fn shape(parameter: ClickIdParameter, value: &str) -> Option<ClickIdWarning> {
    let cut = ClickIdWarning::Cut { bytes: value.len() };
    let (half, other_half) = value.split_at_checked(value.len() / 2)?;
    if half == other_half && half.len() >= LETTERS_TO_JUDGE_CASE_BY {
        return Some(ClickIdWarning::Doubled);
    }
    match parameter.name() {
        "gclid" | "wbraid" | "gbraid" if is_msclkid(value) => Some(ClickIdWarning::OtherKind),
        "msclkid" if is_msclkid(value) => None,
        "msclkid" if value.len() < MSCLKID_BYTES && !value.contains('-') => Some(cut),
        "msclkid" => Some(ClickIdWarning::ShapeUnknown),
        "gclid" | "wbraid" if is_gbraid(value) => Some(ClickIdWarning::OtherKind),
        "gclid" | "wbraid" | "gbraid" if value.starts_with("Iw") => Some(ClickIdWarning::OtherKind),
        _ if parameter.shape() == "base64url" && is_of_one_case(value) => Some(ClickIdWarning::CaseFolded),
        "gclid" => google::gclid(value),
        "wbraid" => google::wbraid(value),
        "gbraid" if google::click_moment(value).is_some() => Some(ClickIdWarning::OtherKind),
        "gbraid" if !is_gbraid(value) => Some(ClickIdWarning::ShapeUnknown),
        "gbraid" if value.len() < GBRAID_BYTES => Some(cut),
        "fbclid" if google::click_moment(value).is_some() => Some(ClickIdWarning::OtherKind),
        _ if parameter.shape() == "uuid" => uuid(value),
        _ => None,
    }
}

fn is_msclkid(value: &str) -> bool {
    value.len() == MSCLKID_BYTES && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_gbraid(value: &str) -> bool {
    value.starts_with("0AAAAA")
}

fn is_of_one_case(value: &str) -> bool {
    let count = |is_one: fn(&u8) -> bool| value.bytes().filter(is_one).count();
    let (lower, upper) = (count(u8::is_ascii_lowercase), count(u8::is_ascii_uppercase));
    lower.min(upper) == 0 && lower.max(upper) >= LETTERS_TO_JUDGE_CASE_BY
}

fn uuid(value: &str) -> Option<ClickIdWarning> {
    let parts = [8, 4, 4, 4, 12];
    let is_one = value.split('-').map(str::len).eq(parts);
    let whole: usize = parts.iter().sum::<usize>() + parts.len() - 1;
    if is_one {
        None
    } else if value.len() < whole && value.contains('-') {
        Some(ClickIdWarning::Cut { bytes: value.len() })
    } else {
        Some(ClickIdWarning::ShapeUnknown)
    }
}

/// Whether the click can be the one that is meant.
fn date(click: ClickMoment, visited_at: Option<Timestamp>, now: Timestamp) -> Option<ClickIdWarning> {
    let is_of_the_visit = |visited_at: Timestamp| (click.earliest()..=click.latest()).contains(&visited_at);
    if click.earliest() > now {
        Some(ClickIdWarning::InFuture)
    } else if now.ms_since(click.latest()) > WINDOW_DAYS * DAY_MS {
        Some(ClickIdWarning::WindowClosed)
    } else if visited_at.is_some_and(|visited_at| !is_of_the_visit(visited_at)) {
        Some(ClickIdWarning::OtherVisit)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
