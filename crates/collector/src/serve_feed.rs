//! `GET feeds/{destination}/{name}.csv`: the file that an ad platform fetches, written anew each time, so that a row
//! which waits today stands in tomorrow's file.

use attribution::google::click_rules::CLICK_WINDOW_DAYS;
use attribution::judgement::Judgement;
use attribution::timestamp::{DAY_MS, Timestamp};
use attribution::upload_table::UploadFile;

use crate::authority::check_feed;
use crate::destination::{Destination, DestinationRow};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::Request;
use crate::store::Store;
use crate::store::database::Database;

/// The one file of a feed.
const FILE_NAME: &str = "conversions";

/// The file of a destination, for whoever shows its user and password. Uploading a row twice is harmless: Google drops
/// the second of one order id.
///
/// # Errors
/// [`Refusal::FeedPasswordInvalid`] also for a destination that does not exist.
pub async fn serve<D: Database>(
    request: &Request,
    store: &Store<D>,
    destination: &str,
    file_name: &str,
    now: Timestamp,
) -> Result<Reply, Refusal> {
    let row = store.destination(destination).await?;
    let login = row.as_ref().and_then(DestinationRow::login);
    check_feed(request, login.as_ref())?;
    let destination = row
        .and_then(DestinationRow::settings)
        .ok_or(Refusal::SettingInvalid)?;
    if file_name != FILE_NAME {
        return Err(Refusal::NotFound);
    }
    let file = write(store, &destination, now).await?;
    let reply = Reply::new(200, "text/csv; charset=utf-8", file.csv)
        .with_header("Throughline-Rows", file.rows.to_string());
    let left_out: Vec<String> = file
        .left_out
        .iter()
        .map(|(reason, count)| format!("{}={count}", reason.code()))
        .collect();
    if left_out.is_empty() {
        Ok(reply)
    } else {
        Ok(reply.with_header("Throughline-Left-Out", left_out.join(", ")))
    }
}

async fn write<D: Database>(
    store: &Store<D>,
    destination: &Destination,
    now: Timestamp,
) -> Result<UploadFile, Refusal> {
    // A conversion comes after its click, so what is older than the click window can never be delivered again.
    let since = now.plus_ms(-i64::from(CLICK_WINDOW_DAYS) * DAY_MS);
    let mut upload = destination
        .dialect
        .new_file()
        .map_err(|_| Refusal::SettingInvalid)?;
    let mut after_outcome_id = String::new();
    loop {
        let page = store
            .page_of_outcomes(destination, &after_outcome_id, since)
            .await?;
        for (outcome, lead) in &page {
            let row = match lead {
                Ok(lead) => destination.dialect.row(&destination.action, outcome, lead, now),
                Err(reason) => Judgement::Hold(*reason),
            };
            upload.add(&row).map_err(|_| Refusal::SettingInvalid)?;
        }
        match page.into_iter().next_back() {
            Some((outcome, _)) => after_outcome_id = outcome.outcome_id,
            None => return upload.finish().map_err(|_| Refusal::SettingInvalid),
        }
    }
}
