//! `POST v1/outcomes`: takes one outcome, an array of them, or a table. Each row is answered for; the good rows are
//! stored, whatever the others are.

use std::collections::BTreeMap;

use attribution::limits::{OUTCOMES_BODY_BYTES_MAX, OUTCOMES_CSV_BYTES_MAX, OUTCOMES_PER_BATCH_MAX};
use attribution::outcome::{CsvText, ReceivedRow, rows_of};
use attribution::timestamp::Timestamp;

use crate::authority::site_of;
use crate::key::Scope;
use crate::outcome_report::Report;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::Request;
use crate::site::Site;
use crate::store::Store;
use crate::store::database::Database;

const MEDIA_TYPES: &str = "Send application/json or text/csv.";

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
    let mut report = Report::default();
    match Form::of(request)? {
        Form::Json(body) => {
            let zone = site.time_zone.as_ref();
            let rows = rows_of(body)?;
            let rows = rows
                .into_iter()
                .map(|row| ReceivedRow::of_json(row, zone))
                .collect();
            report.keep(store, &site.id, rows, now).await?;
        }
        Form::Csv(text) => keep_table(&text, &site, store, &mut report, now).await?,
    }
    Ok(Recorded {
        reply: Reply::json(200, &report),
        refused: report.refused(),
        site: site.id,
    })
}

/// Keeps a table in parts, so that only one part of its rows is in memory at a time. Where the database fails in the
/// middle, the parts before are stored though nobody was told so; the whole table sent again finds them as repeated.
async fn keep_table<D: Database>(
    text: &CsvText<'_>,
    site: &Site,
    store: &Store<D>,
    report: &mut Report,
    now: Timestamp,
) -> Result<(), Refusal> {
    let mut rows = text.rows()?;
    report.set_columns(rows.columns());
    loop {
        let part = rows.next_rows(OUTCOMES_PER_BATCH_MAX, site.time_zone.as_ref());
        if part.is_empty() {
            return Ok(());
        }
        report.keep(store, &site.id, part, now).await?;
    }
}

/// What outcomes are written in.
enum Form<'a> {
    Json(&'a [u8]),
    Csv(CsvText<'a>),
}

impl<'a> Form<'a> {
    fn of(request: &'a Request) -> Result<Self, Refusal> {
        let media_type = request.media_type();
        let body = request.whole_body(body_bytes_max(&media_type))?;
        match media_type.as_str() {
            "application/json" => Ok(Self::Json(body)),
            "text/csv" => Ok(Self::Csv(CsvText::decode(body, request.charset().as_deref())?)),
            _ => Err(Refusal::MediaType(MEDIA_TYPES)),
        }
    }
}

/// The longest body of outcomes in this media type, in bytes.
#[must_use]
pub fn body_bytes_max(media_type: &str) -> usize {
    if media_type == "text/csv" {
        OUTCOMES_CSV_BYTES_MAX
    } else {
        OUTCOMES_BODY_BYTES_MAX
    }
}
