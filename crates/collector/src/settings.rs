//! The body of a `PUT` that sets something: a JSON object whose fields are taken out one by one, so that a wrong one is
//! named and a misspelt one is not silently ignored.

use attribution::limits::{NAME_BYTES_MAX, SETTINGS_BODY_BYTES_MAX, SETTINGS_ID_BYTES_MAX};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::refusal::{AdminRefusal, Refusal};
use crate::request::Request;

const MEDIA_TYPES: &str = "Send application/json.";

/// A setting that cannot be used. Nothing of its value is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingRefusal {
    /// The name of the field; empty where the body as a whole is meant.
    pub field: &'static str,
    /// Its place in the field's array.
    pub place: Option<usize>,
    /// What would be right.
    pub advice: &'static str,
}

impl SettingRefusal {
    /// A field that is wrong as a whole.
    #[must_use]
    pub fn of(field: &'static str, advice: &'static str) -> Self {
        Self {
            field,
            place: None,
            advice,
        }
    }

    /// Where it stands, as a JSON pointer (<https://www.rfc-editor.org/rfc/rfc6901>).
    #[must_use]
    pub fn pointer(self) -> String {
        match (self.field, self.place) {
            ("", _) => String::new(),
            (field, None) => format!("/{field}"),
            (field, Some(place)) => format!("/{field}/{place}"),
        }
    }
}

/// The fields that were not taken yet.
#[derive(Debug)]
pub struct Settings(Map<String, Value>);

impl Settings {
    /// The body of this request.
    ///
    /// # Errors
    /// Where it is no JSON object, or none that came whole.
    pub fn of(request: &Request) -> Result<Self, Refusal> {
        let body = request.whole_body(SETTINGS_BODY_BYTES_MAX)?;
        if request.media_type() != "application/json" {
            return Err(Refusal::MediaType(MEDIA_TYPES));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(SettingRefusal::of("", "Send one JSON object.").into()),
            Err(_) => Err(AdminRefusal::NotJson.into()),
        }
    }

    /// Takes a short text; `None` where the field is missing or null.
    ///
    /// # Errors
    /// Where it is anything else, empty, or longer than a name.
    pub fn text(
        &mut self,
        field: &'static str,
        advice: &'static str,
    ) -> Result<Option<String>, SettingRefusal> {
        match self.0.remove(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if is_name(&text) => Ok(Some(text)),
            Some(_) => Err(SettingRefusal::of(field, advice)),
        }
    }

    /// Takes a whole number within a range; `None` where the field is missing or null.
    ///
    /// # Errors
    /// Where it is anything else.
    pub fn number(
        &mut self,
        field: &'static str,
        range: std::ops::RangeInclusive<u32>,
        advice: &'static str,
    ) -> Result<Option<u32>, SettingRefusal> {
        let value = match self.0.remove(field) {
            None | Some(Value::Null) => return Ok(None),
            Some(value) => value,
        };
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        match number.filter(|number| range.contains(number)) {
            Some(number) => Ok(Some(number)),
            None => Err(SettingRefusal::of(field, advice)),
        }
    }

    /// Takes a JSON object as it is; `None` where the field is missing or null.
    ///
    /// # Errors
    /// Where it is anything else.
    pub fn object(
        &mut self,
        field: &'static str,
        advice: &'static str,
    ) -> Result<Option<String>, SettingRefusal> {
        match self.0.remove(field) {
            None | Some(Value::Null) => Ok(None),
            Some(object @ Value::Object(_)) => Ok(Some(object.to_string())),
            Some(_) => Err(SettingRefusal::of(field, advice)),
        }
    }

    /// Takes an array of short texts, each read by `read`.
    ///
    /// # Errors
    /// Where it is missing or no array, holds more than `count_max` of them, or `read` finds one wrong.
    pub fn list<T>(
        &mut self,
        field: &'static str,
        count_max: usize,
        advice: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, SettingRefusal> {
        let values = match self.0.remove(field) {
            Some(Value::Array(values)) if values.len() <= count_max => values,
            _ => return Err(SettingRefusal::of(field, advice)),
        };
        let read_at = |(place, value): (usize, &Value)| {
            let text = value.as_str().filter(|text| is_name(text));
            text.and_then(&read).ok_or(SettingRefusal {
                field,
                place: Some(place),
                advice,
            })
        };
        values.iter().enumerate().map(read_at).collect()
    }

    /// Reads all of it at once.
    ///
    /// # Errors
    /// Where a field is missing, wrong or left. `known` names those that there are.
    pub fn read_whole<T: DeserializeOwned>(self, known: &'static str) -> Result<T, SettingRefusal> {
        serde_json::from_value(Value::Object(self.0)).map_err(|_| SettingRefusal::of("", known))
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// Where a field is left: it is misspelt, or of another version. `known` names those that there are.
    pub fn finish(self, known: &'static str) -> Result<(), SettingRefusal> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(SettingRefusal::of("", known))
        }
    }
}

/// Whether a text may be the id of a site, a key or a destination: it stands in addresses, so it needs no escaping.
#[must_use]
pub fn is_id(text: &str) -> bool {
    let is_of_an_id =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    text.len() <= SETTINGS_ID_BYTES_MAX
        && text.bytes().all(is_of_an_id)
        && text
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_alphanumeric())
}

/// The id in a path that makes something new.
///
/// # Errors
/// Says what an id is.
pub fn checked_id(text: &str) -> Result<&str, SettingRefusal> {
    let advice = "The id in the path is 1 to 64 small letters, digits, dashes and dots, and begins with a letter or a digit.";
    if is_id(text) {
        Ok(text)
    } else {
        Err(SettingRefusal::of("", advice))
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= NAME_BYTES_MAX && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_ids_need_no_escaping() {
        let longest = "a".repeat(SETTINGS_ID_BYTES_MAX);
        for id in ["default", "www.example.com", "google-1", "0", &longest] {
            assert!(is_id(id), "{id}");
        }
        let too_long = format!("{longest}a");
        for id in [
            "", "-a", ".a", "A", "a_b", "a/b", "a%20b", "ä", "a b", "..", &too_long,
        ] {
            assert!(!is_id(id), "{id}");
        }
    }
}
