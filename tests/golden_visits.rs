//! The golden page views, natively. `tests/browser/golden.rs` holds WebAssembly and the JavaScript fallback to the very
//! same file. `UPDATE_EXPECT=1` writes what came instead of comparing it; the difference is for a person to judge.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeMap;
use std::fs;

use attribution::consent::Statement;
use attribution::form_fields::{Field, FieldValue, Moment};
use attribution::lead::{FormName, Submission};
use attribution::lead_id::LeadId;
use attribution::page_address::PageAddress;
use attribution::tag_settings::TagSettings;
use attribution::timestamp::Timestamp;
use attribution::visit::{Step, Visit};
use serde_json::Value;
use support::golden_visit::{GoldenVisit, outcome, views};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/visits.json");

/// The page around the visit: its device and its hidden inputs.
struct Page {
    visit: Visit,
    href: String,
    cookie: Option<String>,
    local_storage: Option<String>,
    /// `data-map`: name → token.
    map: BTreeMap<String, String>,
    /// Name → what the page wrote there, and what we wrote.
    inputs: BTreeMap<String, (String, Option<String>)>,
}

impl Page {
    fn take(&mut self, step: Step, now: Timestamp) {
        match step {
            Step::None => return,
            Step::Remember => self.remember(now),
            Step::Forget => (self.cookie, self.local_storage) = (None, None),
            Step::Tell | Step::Pause => {}
        }
        let is_granted = self.visit.consent().name() == "granted";
        if is_granted && self.visit.fields(Moment::Passing).is_none() {
            return;
        }
        for (name, (found, written)) in &mut self.inputs {
            if !is_granted {
                *written = written.take().map(|_| String::new());
                continue;
            }
            // The page script itself looks fields up in the tag's map.
            let mapped = self.map.get(name).map_or("", String::as_str);
            let hints = format!("hidden\0\0{name}\0\0{mapped}");
            let field = Field::of_hints(&hints, found, Moment::Passing);
            if let Some(found) = field.recognise(self.visit.settings()) {
                let due = self
                    .visit
                    .field_value(&found, lead_id().as_str(), Moment::Passing)
                    .map(FieldValue::into_text);
                *written = due.or(written.take());
            }
        }
    }

    fn remember(&mut self, now: Timestamp) {
        let kept = [&self.cookie, &self.local_storage];
        let kept: Vec<&str> = kept.into_iter().flatten().map(String::as_str).collect();
        if let Some(answer) = self.visit.remember(&kept.join("\n"), &self.href, now) {
            let text = answer.splitn(3, ' ').nth(2).expect("seconds, days and a text");
            self.cookie = Some(text.to_owned());
            self.local_storage = Some(text.to_owned());
        }
    }
}

fn map(attribute: &str) -> BTreeMap<String, String> {
    let entries = attribute.split(';').filter_map(|entry| entry.split_once('='));
    entries
        .map(|(field, token)| (field.trim().to_owned(), token.trim().to_owned()))
        .collect()
}

/// The browser's random bytes are all the same in these cases.
fn lead_id() -> LeadId {
    LeadId::from_random([0x5A_5A5A_5A5A; 2])
}

fn show(case: &GoldenVisit) -> Value {
    let attributes = case.pairs("attributes");
    let settings = TagSettings::read(|name| attributes.get(name).copied());
    let (landed_at, now) = (
        Timestamp::from_ms(case.ms("at_ms")),
        Timestamp::from_ms(case.ms("now_ms")),
    );
    let kept = |name: &str| case.0[name].as_str().map(str::to_owned);
    let inputs = case.pairs("fields");
    let mut page = Page {
        visit: Visit::begin(settings, &case.href(), "", case.text("referrer"), landed_at),
        href: case.href(),
        map: map(attributes.get("map").copied().unwrap_or_default()),
        cookie: kept("cookie"),
        local_storage: kept("local_storage"),
        inputs: inputs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), ((*value).to_owned(), None)))
            .collect(),
    };
    let first = page.visit.first_step();
    page.take(first, landed_at);
    for statement in case.texts("statements") {
        if let Some(statement) = Statement::parse(statement) {
            let step = page.visit.hear(statement, now);
            page.take(step, now);
        }
    }
    let submission = Submission {
        site: case
            .pairs("attributes")
            .get("site")
            .copied()
            .unwrap_or("default")
            .to_owned(),
        lead_id: lead_id(),
        submitted_at: now,
        page: PageAddress::of(&case.href()),
        form: FormName::new("contact", "", "/received"),
        script: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let record = page.visit.record();
    let fields = page
        .inputs
        .into_iter()
        .map(|(name, (found, written))| (name, written.unwrap_or(found)))
        .collect();
    outcome(
        page.visit.consent().name(),
        record.map(|record| views(record, submission.clone())).as_deref(),
        [page.cookie, page.local_storage],
        &fields,
        record.map(|record| record.lead(submission).to_json()),
    )
}

#[test]
fn every_page_view_ends_as_the_file_says() {
    let text = fs::read_to_string(FILE).unwrap();
    let mut cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert!(cases.len() >= 60, "{} cases", cases.len());
    let is_update = std::env::var_os("UPDATE_EXPECT").is_some();
    for case in &mut cases {
        let came = show(&GoldenVisit(case.clone()));
        if is_update {
            case["expect"] = came;
        } else {
            assert_eq!(came, case["expect"], "{}", case["name"]);
        }
    }
    if is_update {
        let text = serde_json::to_string_pretty(&cases).unwrap() + "\n";
        fs::write(FILE, text).unwrap();
    }
}

#[test]
fn every_name_is_its_own() {
    let cases: Vec<Value> = serde_json::from_str(&fs::read_to_string(FILE).unwrap()).unwrap();
    let names: std::collections::BTreeSet<&str> =
        cases.iter().map(|case| case["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), cases.len());
}
