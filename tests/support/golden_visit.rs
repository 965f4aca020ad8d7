//! The cases of `tests/golden/visits.json`: what a page sees, and what must come of it byte for byte, whatever runs the
//! core.

use std::collections::BTreeMap;

use attribution::consent::Permitted;
use attribution::lead::Submission;
use attribution::touch::Touch;
use attribution::visit_record::VisitRecord;
use serde_json::{Value, json};

/// The port in the addresses of the cases. A page server has another, of as many digits.
pub const PORT: &str = "50000";

/// One page view of the file.
#[derive(Clone, Debug)]
pub struct GoldenVisit(pub Value);

impl GoldenVisit {
    /// The text under this name; empty where there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_default()
    }

    /// The moment under this name, in milliseconds.
    #[must_use]
    pub fn ms(&self, name: &str) -> i64 {
        self.0[name].as_i64().unwrap_or_default()
    }

    /// The texts of the list under this name.
    #[must_use]
    pub fn texts(&self, name: &str) -> Vec<&str> {
        let list = self.0[name].as_array().into_iter().flatten();
        list.filter_map(Value::as_str).collect()
    }

    /// The texts of the object under this name.
    #[must_use]
    pub fn pairs(&self, name: &str) -> BTreeMap<&str, &str> {
        let object = self.0[name].as_object().into_iter().flatten();
        object
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()))
            .collect()
    }

    /// The page's address, as a browser reports it.
    #[must_use]
    pub fn href(&self) -> String {
        format!(
            "http://127.0.0.1:{PORT}/pages/golden-frame.html{}",
            self.text("address")
        )
    }
}

/// What came of a case, in the shape of its `expect`. `get` and `lead` are JSON texts; the views are compared as values,
/// because a page takes them as objects.
#[must_use]
pub fn outcome(
    consent: &str,
    get: Option<&str>,
    device: [Option<String>; 2],
    fields: &BTreeMap<String, String>,
    lead: Option<String>,
) -> Value {
    let [cookie, local_storage] = device;
    json!({
        "consent": consent,
        "get": get.map(|text| serde_json::from_str::<Value>(text).unwrap_or_else(|_| Value::from(text))),
        "cookie": cookie,
        "local_storage": local_storage,
        "fields": fields,
        "lead": lead.map(|text| serde_json::from_str::<Value>(&text).unwrap_or_else(|_| Value::from(text))),
    })
}

/// What `throughline.get()` gives of a record, made of what a lead says of it.
///
/// # Panics
/// When a lead is no JSON.
#[must_use]
pub fn views(record: &Permitted<VisitRecord>, submission: Submission) -> String {
    let lead: Value = serde_json::from_str(&record.lead(submission).to_json()).expect("a lead is JSON");
    let touches = &record.value().touches();
    let view = |wanted: Option<&Touch>| {
        let place = touches
            .iter()
            .position(|touch| wanted.is_some_and(|wanted| std::ptr::eq(touch.as_ref(), wanted)));
        json!(place.map(|place| &lead["touches"][place]))
    };
    let clicks = record.value().clicks();
    let clicks = clicks.map(|(platform, click)| (platform.to_owned(), view(Some(click))));
    json!({
        "consent": lead["consent"],
        "first": view(record.value().first()),
        "last": view(record.value().last()),
        "clicks": clicks.collect::<serde_json::Map<_, _>>(),
    })
    .to_string()
}
