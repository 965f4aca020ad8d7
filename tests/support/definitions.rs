//! The platforms' own field names and types, extracted from their official packages by `golden/definitions/extract.py`: a
//! field that the platform does not know, or a value of another type, is a breach.

use std::collections::BTreeMap;

use attribution::timestamp::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// The tables of one platform.
#[derive(Debug, Deserialize)]
pub struct Definitions {
    /// The table of a whole request.
    pub root: String,
    tables: BTreeMap<String, BTreeMap<String, String>>,
    /// The words that the platform answers with, by the name of their list.
    #[serde(default)]
    pub reasons: BTreeMap<String, Vec<String>>,
}

impl Definitions {
    /// The tables of `google`, `microsoft` or `meta`.
    ///
    /// # Panics
    /// Where the file is damaged.
    #[must_use]
    pub fn read(platform: &str) -> Self {
        let text = match platform {
            "google" => include_str!("../golden/definitions/google.json"),
            "microsoft" => include_str!("../golden/definitions/microsoft.json"),
            _ => include_str!("../golden/definitions/meta.json"),
        };
        serde_json::from_str(text).expect("definitions")
    }

    /// What is wrong with a value of that type, each with its place.
    #[must_use]
    pub fn breaches(&self, kind: &str, value: &Value, place: &str) -> Vec<String> {
        if let Some(kind) = kind.strip_prefix("[]") {
            let Some(list) = value.as_array() else {
                return vec![format!("{place} is no list")];
            };
            let each = list.iter().enumerate();
            return each
                .flat_map(|(index, value)| self.breaches(kind, value, &format!("{place}[{index}]")))
                .collect();
        }
        if let Some(table) = self.tables.get(kind) {
            let Some(object) = value.as_object() else {
                return vec![format!("{place} is no object")];
            };
            let fields = object.iter().flat_map(|(name, value)| match table.get(name) {
                Some(kind) => self.breaches(kind, value, &format!("{place}.{name}")),
                None => vec![format!("{place}.{name} is unknown")],
            });
            return fields.collect();
        }
        let fits = match kind {
            "string" => value.as_str().is_some_and(|text| !text.is_empty()),
            "bool" => value.is_boolean(),
            "number" => value.is_number(),
            "integer" => value.is_i64() || value.is_u64(),
            "sha256" => value.as_str().is_some_and(is_sha256),
            "timestamp" => value.as_str().and_then(Timestamp::from_rfc3339).is_some(),
            _ => match (kind.strip_prefix("enum:"), value.as_str()) {
                (Some(words), Some(text)) => words.split('|').any(|word| word == text),
                _ => false,
            },
        };
        if fits {
            Vec::new()
        } else {
            vec![format!("{place} is no {kind}")]
        }
    }
}

/// In hex, as the platforms write it.
fn is_sha256(text: &str) -> bool {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == 64 && text.bytes().all(is_hex)
}
