//! Where a value stands in a JSON body (<https://www.rfc-editor.org/rfc/rfc6901>). The body stays text, so that a number
//! keeps its digits and never becomes a float.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// The value at a pointer such as `/data/amount`; `None` where there is none, or it is null.
pub(super) fn at<'a>(json: &'a RawValue, pointer: &str) -> Option<&'a RawValue> {
    let mut value = json;
    for segment in pointer.split('/').skip(1) {
        let segment = segment.replace("~1", "/").replace("~0", "~");
        value = match value.get().bytes().next()? {
            b'{' => object(value)?.remove(segment.as_str())?,
            b'[' => items(value)?.get(segment.parse::<usize>().ok()?).copied()?,
            _ => return None,
        };
    }
    (value.get() != "null").then_some(value)
}

/// The text or the digits at a pointer.
pub(super) fn text_at(json: &RawValue, pointer: &str) -> Option<String> {
    let value = at(json, pointer)?.get();
    if value.starts_with('"') {
        return serde_json::from_str(value).ok();
    }
    let is_number = value.starts_with(|first: char| first.is_ascii_digit() || first == '-');
    is_number.then(|| value.to_owned())
}

/// The whole number at a pointer.
pub(super) fn number_at(json: &RawValue, pointer: &str) -> Option<i64> {
    text_at(json, pointer)?.parse().ok()
}

/// The items of an array; `None` of anything else.
pub(super) fn items(json: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(json.get()).ok()
}

fn object(json: &RawValue) -> Option<BTreeMap<Cow<'_, str>, &RawValue>> {
    serde_json::from_str(json.get()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_digits() {
        let json = r#"{"a":{"b/c":[1,{"d~":12345678901234567.890}]},"t":"x\u00e9","n":null,"e":{}}"#;
        let json: &RawValue = serde_json::from_str(json).unwrap();
        let table = [
            ("/a/b~1c/1/d~0", Some("12345678901234567.890")),
            ("/a/b~1c/0", Some("1")),
            ("/t", Some("xé")),
            ("/n", None),
            ("/e", None),
            ("/a/b~1c/2", None),
            ("/a/b~1c/x", None),
            ("/nobody", None),
            ("/t/x", None),
        ];
        for (pointer, expected) in table {
            assert_eq!(text_at(json, pointer).as_deref(), expected, "{pointer}");
        }
        assert_eq!(at(json, "").map(RawValue::get), Some(json.get()));
    }
}
