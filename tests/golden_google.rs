//! The golden cases of Google Ads: its windows, and the file that it fetches.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeMap;

use attribution::conversion::Conversion;
use attribution::google::click_rules::{ClickRules, FoundBy};
use attribution::google::legacy_upload::{self, ConversionAction};
use attribution::judgement::{Judgement, Reason};
use attribution::lead::ReceivedLead;
use attribution::outcome::ReceivedRow;
use attribution::stored_lead::StoredLead;
use attribution::time_zone::TimeZone;
use attribution::timestamp::Timestamp;
use attribution::upload_table::UploadTable;
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct WindowCase {
    id: String,
    click: Option<String>,
    conversion: String,
    now: String,
    look_back_days: u16,
    expected: String,
    source: String,
}

fn moment(text: &str) -> Timestamp {
    Timestamp::from_rfc3339(text).expect("a moment")
}

#[test]
fn every_published_window_case() {
    let mut cases = csv::Reader::from_reader(include_str!("golden/google/windows.csv").as_bytes());
    let mut ran = 0;
    for case in cases.deserialize() {
        let WindowCase {
            id,
            click,
            conversion,
            now,
            look_back_days,
            expected,
            source,
        } = case.expect("a case");
        let click = click.map(|click| FoundBy::ClickId {
            clicked_at: moment(&click),
        });
        let rules = ClickRules {
            look_back_days,
            ..ClickRules::default()
        };
        let verdict = match rules.judge(
            click.unwrap_or(FoundBy::UserData { clicked_at: None }),
            moment(&conversion),
            moment(&now),
        ) {
            Judgement::Deliverable(()) => "ok".to_owned(),
            Judgement::Wait { until, .. } => format!("wait until {}", until.to_rfc3339()),
            Judgement::Hold(reason) | Judgement::Refuse(reason) => reason.code().to_owned(),
        };
        assert_eq!(verdict, expected, "{id}, {source}");
        ran += 1;
    }
    assert_eq!(ran, 8);
}

/// The golden input: what came in, and when.
#[derive(Deserialize)]
struct UploadCase<'a> {
    now: String,
    conversion_action: String,
    time_zone: String,
    #[serde(borrow)]
    cases: Vec<OutcomeCase<'a>>,
}

#[derive(Deserialize)]
struct OutcomeCase<'a> {
    why: String,
    #[serde(borrow)]
    lead: Option<&'a RawValue>,
    received_at: Option<String>,
    #[serde(borrow)]
    outcome: &'a RawValue,
}

#[test]
fn the_legacy_upload_file_byte_for_byte() {
    let golden: UploadCase<'_> =
        serde_json::from_str(include_str!("golden/google/legacy_upload.json")).expect("the golden input");
    let action = ConversionAction {
        name: golden.conversion_action,
        zone: TimeZone::named(&golden.time_zone).expect("a zone"),
        rules: ClickRules::default(),
    };
    let mut upload = legacy_upload::new_file().expect("a header");
    for case in golden.cases {
        let row = ReceivedRow::of_json(case.outcome, None);
        let outcome = row.into_outcome().unwrap_or_else(|| panic!("{}", case.why));
        let lead = case.lead.map(|lead| {
            let lead = ReceivedLead::from_json(lead.get().as_bytes()).and_then(ReceivedLead::accept);
            let lead = lead.unwrap_or_else(|refusal| panic!("{}: {refusal:?}", case.why));
            StoredLead::new(lead, moment(case.received_at.as_deref().expect("received_at")))
        });
        let row = match &lead {
            Some(lead) => {
                let conversion = Conversion::new(&outcome, lead, "google");
                legacy_upload::row(&action, &conversion, moment(&golden.now))
            }
            None => Judgement::Hold(Reason::LeadWaiting),
        };
        upload.add(&row).expect("a row");
    }
    let file = upload.finish().expect("a file");
    assert_eq!(
        String::from_utf8(file.csv).expect("UTF-8"),
        include_str!("golden/google/legacy_upload.csv")
    );
    let left_out: BTreeMap<&str, usize> = file
        .left_out
        .iter()
        .map(|(reason, count)| (reason.code(), *count))
        .collect();
    let expected: BTreeMap<&str, usize> =
        serde_json::from_str(include_str!("golden/google/legacy_upload.left_out.json"))
            .expect("the golden counts");
    assert_eq!(left_out, expected);
}

#[test]
fn a_file_without_rows_still_has_its_header() {
    let file = legacy_upload::new_file()
        .and_then(UploadTable::finish)
        .expect("a file");
    assert_eq!(
        String::from_utf8(file.csv).expect("UTF-8"),
        "Parameters:TimeZone=+0000\nGoogle Click ID,Conversion Name,Conversion Time,Conversion Value,\
         Conversion Currency,Order ID,Ad User Data,Ad Personalization\n"
    );
    assert_eq!((file.rows, file.left_out.len()), (0, 0));
}
