//! `GET feeds/{destination}/{name}.csv`: the files that an ad platform fetches, written anew each time, so that a row
//! which waits today stands in tomorrow's file.
//!
//! What a file brings is written down before it goes out, so that the ledger knows what the platform was given: a later
//! change of it stands in the file of changes, and a change of anything else is simply in the conversion. `HEAD` looks
//! without taking.

use std::collections::BTreeMap;

use attribution::adjustment::{Adjustment, Change};
use attribution::feed_action::{ChangedOutcome, oldest_outcome};
use attribution::judgement::{Judgement, Reason};
use attribution::timestamp::Timestamp;
use attribution::upload_table::{UploadFile, UploadTable};

use crate::authority::check_feed;
use crate::destination::{Destination, DestinationRow};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::Request;
use crate::store::Store;
use crate::store::database::Database;
use crate::store::deliveries::DeliveryKey;
use crate::store::feeds::{FeedFile, FeedOutcome};

/// A file of a destination, for whoever shows its user and password. Uploading a row twice is harmless: the platforms
/// drop the second of one order id, or of one click and moment.
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
    let destination = row.and_then(|row| row.files()).ok_or(Refusal::SettingInvalid)?;
    let feed = Feed {
        store,
        destination: &destination,
        now,
        is_taken: request.method != "HEAD",
    };
    let file = match (FeedFile::named(file_name), destination.dialect) {
        (Some(FeedFile::Conversions), Some(_)) => feed.conversions().await?,
        (Some(FeedFile::Adjustments), _) => feed.adjustments().await?,
        _ => return Err(Refusal::NotFound),
    };
    let reply = Reply::new(200, "text/csv; charset=utf-8", file.csv)
        .with_header("Throughline-Rows", file.rows.to_string());
    Ok(match left_out(&file.left_out) {
        Some(left_out) => reply.with_header("Throughline-Left-Out", left_out),
        None => reply,
    })
}

fn left_out(counts: &BTreeMap<Reason, usize>) -> Option<String> {
    let counts: Vec<String> = counts
        .iter()
        .map(|(reason, count)| format!("{}={count}", reason.code()))
        .collect();
    (!counts.is_empty()).then(|| counts.join(", "))
}

/// One fetch.
struct Feed<'a, D> {
    store: &'a Store<D>,
    destination: &'a Destination,
    now: Timestamp,
    /// Whether the file goes out, and is not only looked at.
    is_taken: bool,
}

impl<D: Database> Feed<'_, D> {
    async fn conversions(&self) -> Result<UploadFile, Refusal> {
        let dialect = self.destination.dialect.ok_or(Refusal::NotFound)?;
        let since = oldest_outcome(self.now);
        let mut upload = dialect.new_file().map_err(|_| Refusal::SettingInvalid)?;
        for (reason, count) in self.store.outcomes_left_out(self.destination, since).await? {
            upload.leave_out(reason, count);
        }
        let mut after_outcome_id = String::new();
        loop {
            let page = self
                .store
                .page_of_outcomes(self.destination, &after_outcome_id, since)
                .await?;
            let mut fetched = Vec::new();
            for seen in &page {
                let (outcome, lead) = &seen.outcome_and_lead;
                let row = dialect.row(&self.destination.action, outcome, lead, seen.told_at, self.now);
                if matches!(row, Judgement::Deliverable(_)) {
                    fetched.extend(new_in_file(seen, dialect.brings_new_values()));
                }
                upload.add(&row).map_err(|_| Refusal::SettingInvalid)?;
            }
            self.take(&fetched).await?;
            match page.into_iter().next_back() {
                Some(last) => after_outcome_id = last.outcome_and_lead.0.outcome_id,
                None => return self.finish(FeedFile::Conversions, upload).await,
            }
        }
    }

    async fn adjustments(&self) -> Result<UploadFile, Refusal> {
        let changes_file = self.destination.changes;
        let mut upload = changes_file.new_file().map_err(|_| Refusal::SettingInvalid)?;
        let mut after_outcome_id = String::new();
        loop {
            let page = self
                .store
                .page_of_changes(self.destination, &after_outcome_id)
                .await?;
            let mut fetched = Vec::new();
            for seen in &page {
                let (outcome, lead) = &seen.outcome_and_lead;
                let changed = ChangedOutcome {
                    outcome,
                    lead,
                    changes: &seen.changes,
                    delivered_at: seen.delivered_at,
                };
                for (place, told) in seen.changes.iter().enumerate() {
                    let row = changes_file.row(&self.destination.action, &changed, place, self.now);
                    if matches!(row, Judgement::Deliverable(_)) {
                        fetched.push(DeliveryKey::of_change(&outcome.outcome_id, &told.adjustment));
                    }
                    upload.add(&row).map_err(|_| Refusal::SettingInvalid)?;
                }
            }
            self.take(&fetched).await?;
            match page.into_iter().next_back() {
                Some(last) => after_outcome_id = last.outcome_and_lead.0.outcome_id,
                None => return self.finish(FeedFile::Adjustments, upload).await,
            }
        }
    }

    async fn take(&self, fetched: &[DeliveryKey]) -> Result<(), Refusal> {
        if self.is_taken {
            self.store
                .keep_fetched(self.destination, fetched, self.now)
                .await?;
        }
        Ok(())
    }

    async fn finish(&self, file: FeedFile, upload: UploadTable) -> Result<UploadFile, Refusal> {
        if self.is_taken {
            self.store.keep_fetch(self.destination, file, self.now).await?;
        }
        upload.finish().map_err(|_| Refusal::SettingInvalid)
    }
}

/// What the platform gets with this row that it was not given before: the outcome, or a new value of it.
fn new_in_file(seen: &FeedOutcome, brings_new_values: bool) -> Option<DeliveryKey> {
    let outcome_id = &seen.outcome_and_lead.0.outcome_id;
    let Some(delivered_at) = seen.delivered_at else {
        return Some(DeliveryKey::of_outcome(outcome_id));
    };
    let (changed_at, told_at) = seen.restated?;
    let value = seen.outcome_and_lead.0.value?;
    let is_new = brings_new_values && told_at >= delivered_at;
    is_new.then(|| {
        let change = Change::Restate(value);
        DeliveryKey::of_change(outcome_id, &Adjustment { change, changed_at })
    })
}
