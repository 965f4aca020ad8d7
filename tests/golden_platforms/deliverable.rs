//! What each way to each platform makes of the golden outcomes.

use attribution::google::legacy_upload::ConversionAction;
use attribution::google::{data_manager, data_manager_file, enhanced_leads_upload, legacy_upload};
use attribution::judgement::Judgement;
use attribution::meta::event_rules::ActionSource;
use attribution::meta::events;
use attribution::microsoft::conversion::Goal;
use attribution::microsoft::{offline_conversions, upload_file};
use attribution::payload::Payload;
use attribution::upload_table::UploadTable;
use support::golden_file::assert_golden;

use crate::cases::{Golden, conversion_action, data_manager, goal, meta};

/// The word of the table in `judgements.csv`.
pub(crate) fn verdict<P>(judgement: &Judgement<P>) -> String {
    match judgement {
        Judgement::Deliverable(_) => "ok".to_owned(),
        Judgement::Wait { until, reason } => format!("wait until {}: {}", until.to_rfc3339(), reason.code()),
        Judgement::Hold(reason) => format!("hold: {}", reason.code()),
        Judgement::Refuse(reason) => format!("refuse: {}", reason.code()),
    }
}

/// One way to a platform: its name in the table, and what it makes of every outcome.
fn frozen(golden: &Golden) -> Vec<(&'static str, Vec<Judgement<Payload>>)> {
    let (now, told) = (golden.now(), golden.told());
    let (store, crm) = (
        meta("Purchase", ActionSource::PhysicalStore, None),
        meta("Won", ActionSource::SystemGenerated, Some("ExampleCRM")),
    );
    let website = meta("Lead", ActionSource::Website, None);
    let of_meta = |events: &events::MetaEvents| -> Vec<Judgement<Payload>> {
        let judge = |told| golden.judge("meta", told, |conversion| events.judge(conversion, now));
        told.iter().map(judge).collect()
    };
    let of_goal = |takes_contact| -> Vec<Judgement<Payload>> {
        let goal = goal(takes_contact);
        let judge = |told| golden.judge("microsoft", told, |conversion| goal.judge(conversion, now));
        told.iter().map(judge).collect()
    };
    let google = data_manager();
    let of_google = told
        .iter()
        .map(|told| golden.judge("google", told, |conversion| google.judge(conversion, None, now)));
    vec![
        ("data_manager", of_google.collect()),
        ("microsoft", of_goal(true)),
        ("microsoft_clicks", of_goal(false)),
        ("meta_store", of_meta(&store)),
        ("meta_crm", of_meta(&crm)),
        ("meta_website", of_meta(&website)),
    ]
}

/// A file: its name, the file with its header, and what it makes of every outcome.
pub(crate) type File = (&'static str, UploadTable, Vec<Judgement<Vec<String>>>);

pub(crate) fn rows(golden: &Golden) -> Vec<File> {
    rows_of(golden, &conversion_action(), &goal(true))
}

pub(crate) fn rows_of(golden: &Golden, action: &ConversionAction, goal: &Goal) -> Vec<File> {
    let (now, told) = (golden.now(), golden.told());
    let legacy = told.iter().map(|told| {
        golden.judge("google", told, |conversion| {
            legacy_upload::row(action, conversion, now)
        })
    });
    let enhanced = told.iter().map(|told| {
        golden.judge("google", told, |conversion| {
            enhanced_leads_upload::row(action, conversion, now)
        })
    });
    let data_manager = told.iter().map(|told| {
        golden.judge("google", told, |conversion| {
            data_manager_file::row(action, false, conversion, now)
        })
    });
    let microsoft = told.iter().map(|told| {
        golden.judge("microsoft", told, |conversion| {
            upload_file::row(goal, conversion, now)
        })
    });
    vec![
        (
            "google/legacy",
            legacy_upload::new_file().expect("a header"),
            legacy.collect(),
        ),
        (
            "google/enhanced_leads",
            enhanced_leads_upload::new_file().expect("a header"),
            enhanced.collect(),
        ),
        (
            "google/data_manager",
            data_manager_file::new_file().expect("a header"),
            data_manager.collect(),
        ),
        (
            "microsoft/offline_conversions",
            upload_file::new_file().expect("a header"),
            microsoft.collect(),
        ),
    ]
}

fn deliverable(judgements: &[Judgement<Payload>]) -> Vec<Payload> {
    let payload = |judgement: &Judgement<Payload>| match judgement {
        Judgement::Deliverable(payload) => Some(payload.clone()),
        _ => None,
    };
    judgements.iter().filter_map(payload).collect()
}

/// A body as a file that a person can read: the same bytes, with a line break between objects.
fn in_lines(body: &str) -> String {
    body.replace("},{", "},\n{") + "\n"
}

pub(crate) fn bodies(golden: &Golden) -> Vec<(&'static str, String)> {
    let mut bodies = Vec::new();
    for (way, judgements) in frozen(golden) {
        let payloads = deliverable(&judgements);
        match way {
            "data_manager" => {
                let batch = data_manager::Batch::split(&payloads).next().expect("a batch");
                let body = data_manager().request(batch, true);
                bodies.push(("google/data_manager.request.json", body));
            }
            "microsoft" => {
                let batch = offline_conversions::Batch::split(&payloads)
                    .next()
                    .expect("a batch");
                bodies.push(("microsoft/offline_conversions.request.json", batch.conversions()));
            }
            "meta_store" | "meta_crm" | "meta_website" => {
                let name = match way {
                    "meta_store" => "meta/store.request.json",
                    "meta_crm" => "meta/crm.request.json",
                    _ => "meta/website.request.json",
                };
                let events: Vec<&Payload> = payloads.iter().collect();
                bodies.push((name, events::request(&events, Some("TEST12345"))));
            }
            _ => {}
        }
    }
    bodies
}

#[test]
fn one_table_says_what_each_way_makes_of_each_outcome() {
    let golden = Golden::read();
    let frozen = frozen(&golden);
    let rows = rows(&golden);
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut header = vec!["outcome_id"];
    header.extend(rows.iter().map(|(way, _, _)| *way));
    header.extend(frozen.iter().map(|(way, _)| *way));
    table.write_record(&header).expect("a header");
    for (place, told) in golden.told().iter().enumerate() {
        let mut cells = vec![told.outcome.outcome_id.clone()];
        cells.extend(rows.iter().map(|(_, _, rows)| verdict(&rows[place])));
        cells.extend(frozen.iter().map(|(_, payloads)| verdict(&payloads[place])));
        table.write_record(&cells).expect("a row");
    }
    let table = String::from_utf8(table.into_inner().expect("a table")).expect("UTF-8");
    assert_golden("platforms/judgements.csv", &table);
}

#[test]
fn every_body_byte_for_byte() {
    for (name, body) in bodies(&Golden::read()) {
        assert_golden(name, &in_lines(&body));
    }
}

#[test]
fn every_file_byte_for_byte_and_readable_by_another_reader() {
    for (way, mut file, judgements) in rows(&Golden::read()) {
        for judgement in &judgements {
            file.add(judgement).expect("a row");
        }
        let file = file.finish().expect("a file");
        let text = String::from_utf8(file.csv).expect("UTF-8");
        assert_golden(&format!("{way}.csv"), &text);
        let written: Vec<Vec<String>> = judgements
            .into_iter()
            .filter_map(|judgement| match judgement {
                Judgement::Deliverable(row) => Some(row),
                _ => None,
            })
            .collect();
        assert_eq!(file.rows, written.len());
        let lines = text.strip_prefix("Parameters:TimeZone=+0000\n").unwrap_or(&text);
        assert_eq!(cells(lines)[1..], written, "{way}");
    }
}

/// Every row of a file, header included, as a reader sees it that shares no line with our writer.
pub(crate) fn cells(text: &str) -> Vec<Vec<String>> {
    let mut reader = simd_csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let row = |record: Result<simd_csv::ByteRecord, simd_csv::Error>| {
        let record = record.expect("a row with as many cells as the header");
        let cells = record
            .iter()
            .map(|cell| String::from_utf8(cell.to_vec()).expect("UTF-8"));
        cells.collect()
    };
    reader.byte_records().map(row).collect()
}

#[test]
fn the_feed_and_the_api_of_a_platform_agree() {
    let golden = Golden::read();
    let (frozen, rows) = (frozen(&golden), rows(&golden));
    let verdicts_of = |way: &str| -> Vec<String> {
        let of_api = frozen.iter().find(|(name, _)| *name == way);
        let of_api = of_api.map(|(_, judgements)| judgements.iter().map(verdict).collect());
        let of_file = rows.iter().find(|(name, _, _)| *name == way);
        let of_file = of_file.map(|(_, _, judgements)| judgements.iter().map(verdict).collect());
        of_api.or(of_file).expect("a way of that name")
    };
    assert_eq!(verdicts_of("data_manager"), verdicts_of("google/data_manager"));
    assert_eq!(
        verdicts_of("microsoft"),
        verdicts_of("microsoft/offline_conversions")
    );
    // What the older file takes, the Data Manager takes too.
    let older = verdicts_of("google/legacy");
    for (older, newer) in older.iter().zip(verdicts_of("data_manager")) {
        assert!(older != "ok" || newer == "ok");
    }
}
