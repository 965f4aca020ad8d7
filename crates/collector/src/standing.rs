//! How an outcome stands at every destination of its site: as the ledger says where an API is told of it or a file was
//! fetched with it, and else as the rules judge it now.

use attribution::delivery::{Delivery, DeliveryRecord};
use attribution::feed_action::{ChangedOutcome, Dialect, ToldChange};
use attribution::judgement::{Judgement, Reason};
use attribution::timestamp::Timestamp;

use crate::destination::{Destination, DestinationRow};
use crate::shown_delivery::ShownDelivery;
use crate::store::StorageError;
use crate::store::deliveries::DeliveryKey;
use crate::store::ledger_reads::DeliveryRow;
use crate::store::standings::{StandingOutcome, Standings};

/// The deliveries of one of the outcomes, by destination, each with the changes that follow it there. A destination that
/// does not take the outcome's kind is not asked.
///
/// # Errors
/// [`StorageError::Unreadable`] where a row is of another version.
pub fn deliveries_of(
    standings: &Standings,
    outcome_id: &str,
    now: Timestamp,
) -> Result<Vec<ShownDelivery>, StorageError> {
    let mut shown = Vec::new();
    let mut outcomes = standings.outcomes.iter();
    let outcome = outcomes.find(|outcome| outcome.outcome_id() == outcome_id);
    for row in &standings.destinations {
        let rows = standings.deliveries.iter().filter(|delivery| {
            delivery.destination == row.destination && delivery.key.outcome_id == outcome_id
        });
        let ledger: Vec<&DeliveryRow> = rows.collect();
        let feed = row
            .files()
            .and_then(|files| files.dialect.map(|dialect| (files, dialect)));
        match (feed, outcome) {
            (Some((files, dialect)), Some(outcome)) => {
                let feed = Feed {
                    row,
                    files: &files,
                    dialect,
                    ledger: &ledger,
                    now,
                };
                feed.deliveries(standings, outcome, &mut shown)?;
            }
            (None, Some(outcome)) if ledger.is_empty() && row.takes(outcome.kind()) => {
                shown.push(shown_of(row, DeliveryKey::of_outcome(outcome_id), not_planned()));
            }
            _ => shown.extend(ledger.into_iter().cloned().map(ShownDelivery::from)),
        }
    }
    Ok(shown)
}

/// How an outcome stands at an API whose ledger does not have it, though it takes the kind: it was told too early.
#[must_use]
pub fn not_planned() -> DeliveryRecord {
    let judgement: Judgement<()> = Judgement::Hold(Reason::ToldBeforeDestination);
    DeliveryRecord {
        since_ms: None,
        ..Delivery::planned(&judgement, Timestamp::EPOCH).record()
    }
}

fn shown_of(row: &DestinationRow, key: DeliveryKey, record: DeliveryRecord) -> ShownDelivery {
    ShownDelivery::from(DeliveryRow {
        destination: row.destination.clone(),
        platform: row.platform.clone(),
        key,
        record,
        frozen_at_ms: None,
    })
}

/// A destination with files, and what the ledger knows of one outcome there.
struct Feed<'a> {
    row: &'a DestinationRow,
    files: &'a Destination,
    dialect: Dialect,
    ledger: &'a [&'a DeliveryRow],
    now: Timestamp,
}

impl Feed<'_> {
    fn deliveries(
        &self,
        standings: &Standings,
        outcome: &StandingOutcome,
        shown: &mut Vec<ShownDelivery>,
    ) -> Result<(), StorageError> {
        let outcome_id = outcome.outcome_id();
        let Some(delivered) = self.given(&DeliveryKey::of_outcome(outcome_id)) else {
            shown.extend(self.judged(outcome)?);
            return Ok(());
        };
        let file_fetched_at = self.row.conversions_fetched_at();
        shown.push(ShownDelivery {
            file_fetched_at,
            ..delivered.clone().into()
        });
        let changes = standings.changes.iter();
        let changes = changes.filter(|change| change.outcome_id == outcome_id);
        let changes: Vec<ToldChange> = changes.map(|change| change.told()).collect::<Result<_, _>>()?;
        let (outcome, lead) = outcome.delivered_outcome_and_lead()?;
        let changed = ChangedOutcome {
            outcome: &outcome,
            lead: &lead,
            changes: &changes,
            delivered_at: delivered.frozen_at_ms.map(Timestamp::from_ms),
        };
        for (place, told) in changes.iter().enumerate() {
            let action = &self.files.action;
            let judgement = self.dialect.judge_change(action, &changed, place, self.now);
            let Some(judgement) = judgement else { continue };
            let key = DeliveryKey::of_change(outcome_id, &told.adjustment);
            let change = match self.given(&key) {
                Some(given) => given.clone().into(),
                None => self.planned(key, &judgement),
            };
            let brings_it = self.dialect.brings_new_values() && told.adjustment.change.value().is_some();
            shown.push(ShownDelivery {
                file_fetched_at: match brings_it {
                    true => file_fetched_at,
                    false => self.row.adjustments_fetched_at(),
                },
                ..change
            });
        }
        Ok(())
    }

    /// What the ledger says of what the platform was given.
    fn given(&self, key: &DeliveryKey) -> Option<&DeliveryRow> {
        let is_given = |row: &&&DeliveryRow| {
            row.key == *key && matches!(row.record.state.as_str(), "sent" | "fetched" | "confirmed")
        };
        self.ledger.iter().find(is_given).copied()
    }

    fn judged(&self, outcome: &StandingOutcome) -> Result<Option<ShownDelivery>, StorageError> {
        let (outcome_id, told_at) = (outcome.outcome_id(), outcome.told_at());
        let (outcome, lead) = outcome.outcome_and_lead()?;
        if !self.row.takes(&outcome.kind) {
            return Ok(None);
        }
        let action = &self.files.action;
        let judgement = self.dialect.row(action, &outcome, &lead, told_at, self.now);
        Ok(Some(ShownDelivery {
            file_fetched_at: self.row.conversions_fetched_at(),
            ..self.planned(DeliveryKey::of_outcome(outcome_id), &judgement)
        }))
    }

    /// A file is written anew each time, so nothing is planned in it: a judgement has no moment, and what waits for its
    /// lead is looked at whenever the file is fetched.
    fn planned<P>(&self, key: DeliveryKey, judgement: &Judgement<P>) -> ShownDelivery {
        let mut record = Delivery::planned(judgement, self.now).record();
        record.since_ms = None;
        if !matches!(judgement, Judgement::Wait { reason, .. } if *reason != Reason::LeadWaiting) {
            record.next_at_ms = None;
        }
        shown_of(self.row, key, record)
    }
}
