//! `POST v1/outcomes`: takes one outcome or an array of them. Each row is answered for; the good rows of a batch are
//! stored together, whatever the others are.

use std::collections::{BTreeMap, HashSet};

use attribution::limits::OUTCOMES_BODY_BYTES_MAX;
use attribution::outcome::{Outcome, OutcomeRefusal, ReceivedRow, rows_of};
use attribution::timestamp::Timestamp;
use serde::Serialize;

use crate::authority::site_of;
use crate::key::Scope;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::{Body, Request};
use crate::site::Site;
use crate::store::database::Database;
use crate::store::outcomes::{KeptOutcomes, content_sha256};
use crate::store::{StorageError, Store};

const MEDIA_TYPES: &str = "Send application/json.";

/// The answer to a batch, and the refused rows to count.
#[derive(Debug)]
pub struct Recorded {
    /// The answer.
    pub reply: Reply,
    /// The site of the batch.
    pub site: String,
    /// How many rows each rule refused.
    pub refused: BTreeMap<&'static str, u32>,
}

#[derive(Default, Serialize)]
struct Report {
    accepted: usize,
    repeated: usize,
    refused: usize,
    rows: Vec<RowReport>,
}

#[derive(Serialize)]
struct RowReport {
    outcome_id: Option<String>,
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#match: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'static str>,
}

/// Takes a batch of outcomes for the site that `?site=` names.
///
/// # Errors
/// When the batch as a whole cannot be taken; then nothing of it is stored.
pub async fn record<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    now: Timestamp,
) -> Result<Recorded, Refusal> {
    let site = site_of(request, store, admin_token, Scope::Outcomes).await?;
    let body = read_body(request)?;
    let rows = rows_of(body)?;
    let mut rows: Vec<ReceivedRow> = rows
        .into_iter()
        .map(|row| ReceivedRow::read(row, site.time_zone.as_ref()))
        .collect();
    refuse_before_click(store, &site, &mut rows).await?;
    let good: Vec<&Outcome> = rows.iter().filter_map(|row| row.outcome.as_ref().ok()).collect();
    let kept = store.keep_outcomes(&site.id, &good, now).await?;
    let report = Report::of(rows, kept);
    let mut refused = BTreeMap::new();
    for code in report.rows.iter().filter_map(|row| row.code) {
        *refused.entry(code).or_default() += 1;
    }
    Ok(Recorded {
        reply: Reply::json(200, &report),
        site: site.id,
        refused,
    })
}

fn read_body(request: &Request) -> Result<&[u8], Refusal> {
    let body = match &request.body {
        Body::TooLarge => return Err(Refusal::TooLarge(OUTCOMES_BODY_BYTES_MAX)),
        Body::Cut => return Err(Refusal::BodyCut),
        Body::Whole(body) => body,
    };
    if request.is_encoded() {
        return Err(Refusal::ContentEncoding);
    }
    if request.media_type() != "application/json" {
        return Err(Refusal::MediaType(MEDIA_TYPES));
    }
    Ok(body)
}

/// Where the lead is there already, an outcome before its click is refused at once, so that its teller hears of it.
/// Where the lead comes later, the export says the same.
async fn refuse_before_click<D: Database>(
    store: &Store<D>,
    site: &Site,
    rows: &mut [ReceivedRow],
) -> Result<(), StorageError> {
    let outcomes = rows.iter().filter_map(|row| row.outcome.as_ref().ok());
    let lead_ids: Vec<&str> = outcomes
        .map(|outcome| outcome.reference.lead_id().as_str())
        .collect();
    if lead_ids.is_empty() {
        return Ok(());
    }
    let first_clicks = store.first_clicks(&site.id, &lead_ids).await?;
    for row in rows {
        let checked = row.outcome.as_ref().map_or(Ok(()), |outcome| {
            let first_click_at = first_clicks
                .get(outcome.reference.lead_id().as_str())
                .copied()
                .flatten();
            outcome.check_order(first_click_at)
        });
        if let Err(refusal) = checked {
            row.outcome = Err(refusal);
        }
    }
    Ok(())
}

impl Report {
    fn of(rows: Vec<ReceivedRow>, kept: KeptOutcomes) -> Self {
        let mut report = Self::default();
        let mut seen = HashSet::new();
        for row in rows {
            let told = row.outcome.and_then(|outcome| {
                let is_new =
                    kept.new.contains(&outcome.outcome_id) && seen.insert(outcome.outcome_id.clone());
                kept.result_of(&outcome, is_new)
            });
            let row = match told {
                Ok((result, r#match)) => RowReport {
                    outcome_id: row.outcome_id,
                    result,
                    r#match: Some(r#match),
                    code: None,
                    advice: None,
                },
                Err(refusal) => RowReport {
                    outcome_id: row.outcome_id,
                    result: "refused",
                    r#match: None,
                    code: Some(refusal.code()),
                    advice: Some(refusal.advice()),
                },
            };
            match row.result {
                "accepted" => report.accepted += 1,
                "repeated" => report.repeated += 1,
                _ => report.refused += 1,
            }
            report.rows.push(row);
        }
        report
    }
}

impl KeptOutcomes {
    /// `accepted` or `repeated`, and whether the lead is there; an id that stands for other content is refused. A row
    /// after another of the same id in one batch finds it stored, as in the next batch.
    fn result_of(
        &self,
        outcome: &Outcome,
        is_new: bool,
    ) -> Result<(&'static str, &'static str), OutcomeRefusal> {
        let held = self.held.get(&outcome.outcome_id);
        let held = held.filter(|held| held.content_sha256 == content_sha256(outcome));
        let held = held.ok_or(OutcomeRefusal::OutcomeIdReused)?;
        let result = if is_new { "accepted" } else { "repeated" };
        Ok((result, if held.has_lead { "matched" } else { "waiting" }))
    }
}
