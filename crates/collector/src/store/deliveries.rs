//! The ledger in the store: what is to be sent, and what became of it.

use std::collections::HashSet;

use attribution::adjustment::{Adjustment, Change};
use attribution::delivery::{Delivery, DeliveryRecord};
use attribution::limits::EARLIER_OUTCOMES_PER_STEP;
use attribution::money::Money;
use attribution::payload::Payload;
use attribution::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use super::database::{Database, Parameter, Statement, rows_of};
use super::outcomes_with_leads::{OutcomeAndLead, OutcomeRow};
use super::{StorageError, Store};
use crate::destination::DestinationRow;

/// Which delivery of a destination.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DeliveryKey {
    /// The outcome.
    pub outcome_id: String,
    /// Empty for the outcome itself, or which change of it.
    pub change: String,
}

/// A delivery whose moment has come, with its outcome and its lead.
#[derive(Debug, Deserialize)]
pub struct DueDelivery {
    /// Which change of the outcome; empty for the outcome itself.
    pub change: String,
    /// Where it stands.
    #[serde(flatten)]
    pub record: DeliveryRecord,
    payload: Option<String>,
    frozen_at_ms: Option<i64>,
    received_at_ms: i64,
    changed_at_ms: Option<i64>,
    changed_value: Option<String>,
    changed_currency: Option<String>,
    #[serde(flatten)]
    outcome: OutcomeRow,
}

impl DeliveryKey {
    /// The outcome itself.
    #[must_use]
    pub fn of_outcome(outcome_id: &str) -> Self {
        Self {
            outcome_id: outcome_id.to_owned(),
            change: String::new(),
        }
    }

    /// A change of an outcome: the one retract, or the restate of its moment.
    #[must_use]
    pub fn of_change(outcome_id: &str, adjustment: &Adjustment) -> Self {
        Self {
            outcome_id: outcome_id.to_owned(),
            change: match adjustment.change {
                Change::Retract => "retract".to_owned(),
                Change::Restate(_) => format!("restate:{}", adjustment.changed_at.ms()),
            },
        }
    }
}

impl DueDelivery {
    /// What was frozen before its first attempt.
    #[must_use]
    pub fn payload(&self) -> Option<Payload> {
        self.payload.as_deref().and_then(Payload::kept)
    }

    /// When it was sent first; `None` where no attempt of it can have arrived.
    #[must_use]
    pub fn first_sent_at(&self) -> Option<Timestamp> {
        let frozen_at = self.frozen_at_ms.filter(|_| self.record.attempts > 0);
        frozen_at.map(Timestamp::from_ms)
    }

    /// What changes, where it is a change.
    ///
    /// # Errors
    /// [`StorageError::Unreadable`] where a row is of another version.
    pub fn adjustment(&self) -> Result<Option<Adjustment>, StorageError> {
        if self.change.is_empty() {
            return Ok(None);
        }
        let changed_at = self.changed_at_ms.ok_or(StorageError::Unreadable)?;
        let (value, currency) = (self.changed_value.as_deref(), self.changed_currency.as_deref());
        adjustment_of(changed_at, value, currency).map(Some)
    }

    /// Which it is.
    #[must_use]
    pub fn key(&self) -> DeliveryKey {
        DeliveryKey {
            outcome_id: self.outcome.outcome_id().to_owned(),
            change: self.change.clone(),
        }
    }

    /// When its outcome was told.
    #[must_use]
    pub fn told_at(&self) -> Timestamp {
        Timestamp::from_ms(self.received_at_ms)
    }

    /// Its outcome, and its lead if it may be used. A change of it is sent although the outcome was taken back.
    ///
    /// # Errors
    /// [`StorageError::Unreadable`] where a row is of another version.
    pub fn outcome_and_lead(&self) -> Result<OutcomeAndLead, StorageError> {
        let outcome = self.outcome.clone();
        match self.change.as_str() {
            "" => outcome.outcome_and_lead(),
            _ => outcome.not_retracted().outcome_and_lead(),
        }
    }
}

/// A delivery that a platform has and has not spoken of, in the order of its request.
#[derive(Debug, Deserialize)]
pub struct SentDelivery {
    /// Which.
    #[serde(flatten)]
    pub key: DeliveryKey,
    /// Where it stands.
    #[serde(flatten)]
    pub record: DeliveryRecord,
    /// Its place in the request.
    pub request_row: usize,
    payload: Option<String>,
}

impl SentDelivery {
    /// What was sent.
    #[must_use]
    pub fn payload(&self) -> Option<Payload> {
        self.payload.as_deref().and_then(Payload::kept)
    }
}

/// A step of one delivery from the state that it was read in to the next.
#[derive(Debug, Serialize)]
pub struct Move<'a> {
    destination: &'a str,
    #[serde(flatten)]
    key: &'a DeliveryKey,
    was_state: &'a str,
    was_next_at_ms: Option<i64>,
    record: DeliveryRecord,
    request_row: Option<usize>,
    payload: Option<&'a str>,
    frozen_at_ms: Option<i64>,
}

impl<'a> Move<'a> {
    /// From what was read to a state.
    #[must_use]
    pub fn new(destination: &'a str, key: &'a DeliveryKey, was: &'a DeliveryRecord, to: &Delivery) -> Self {
        Self {
            destination,
            key,
            was_state: &was.state,
            was_next_at_ms: was.next_at_ms,
            record: to.record(),
            request_row: None,
            payload: None,
            frozen_at_ms: None,
        }
    }

    /// Whether the platform has just taken it.
    fn is_taken(&self) -> bool {
        self.was_state == "sending" && matches!(self.record.state.as_str(), "sent" | "confirmed")
    }

    /// The same, with the delivery's place in its request.
    #[must_use]
    pub fn in_request(self, request_row: usize) -> Self {
        Self {
            request_row: Some(request_row),
            ..self
        }
    }

    /// The same, with what is sent from now on. What was frozen before stays.
    #[must_use]
    pub fn freezing(self, payload: &'a Payload, now: Timestamp) -> Self {
        Self {
            payload: Some(payload.as_str()),
            frozen_at_ms: Some(now.ms()),
            ..self
        }
    }
}

#[derive(Deserialize)]
struct MarkRow {
    earlier_after_ms: Option<i64>,
}

#[derive(Deserialize)]
struct RequestRow {
    request_id: String,
}

impl<D: Database> Store<D> {
    /// The destinations that are told through an API, of all sites.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn api_destinations(&self) -> Result<Vec<DestinationRow>, StorageError> {
        let statement = Statement::repeatable(include_str!("queries/list_api_destinations.sql"), Vec::new());
        self.rows(statement).await
    }

    /// What a destination is to be sent by `now`, at most so many, the oldest first: of these outcomes, or of all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn due_deliveries(
        &self,
        destination: &str,
        now: Timestamp,
        outcome_ids: Option<&[&str]>,
        count_max: usize,
    ) -> Result<Vec<DueDelivery>, StorageError> {
        let outcome_ids = outcome_ids.map_or(Parameter::Null, |ids| Parameter::json(&ids));
        let statement = Statement::repeatable(
            include_str!("queries/read_due_deliveries.sql"),
            vec![destination.into(), now.into(), count(count_max), outcome_ids],
        );
        self.rows(statement).await
    }

    /// Moves deliveries of a site, each if nobody has moved it since it was read, and plans the changes that were told of
    /// them meanwhile. Says which were moved.
    ///
    /// # Errors
    /// When the database fails; then all were moved or none.
    pub async fn move_deliveries(
        &self,
        site: &str,
        now: Timestamp,
        moves: &[Move<'_>],
    ) -> Result<HashSet<DeliveryKey>, StorageError> {
        if moves.is_empty() {
            return Ok(HashSet::new());
        }
        // Not repeatable: a second run finds them moved and would say that none was.
        let statement = Statement::once(
            include_str!("queries/move_deliveries.sql"),
            vec![Parameter::json(&moves)],
        );
        let ids: Vec<&str> = moves.iter().map(|step| step.key.outcome_id.as_str()).collect();
        let mut statements = vec![statement, plan_adjustments(site, &ids, now)];
        statements.extend(moves.iter().find(|step| step.is_taken()).map(|step| {
            Statement::repeatable(
                include_str!("queries/mark_taken.sql"),
                vec![step.destination.into(), now.into()],
            )
        }));
        let mut results = self.database.batch(statements).await?.into_iter();
        let moved: Vec<DeliveryKey> = rows_of(results.next().unwrap_or_default())?;
        Ok(moved.into_iter().collect())
    }

    /// Plans some of the outcomes that were told before a destination took them, the oldest first. Says whether more are left.
    ///
    /// # Errors
    /// When the database fails; then nothing of this step is planned, and the next begins where it did.
    pub async fn plan_earlier_outcomes(
        &self,
        destination: &str,
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        let step = || count(EARLIER_OUTCOMES_PER_STEP);
        // A second run does the next step, which is as good.
        let statements = vec![
            Statement::repeatable(
                include_str!("queries/plan_earlier_outcomes.sql"),
                vec![destination.into(), now.into(), step()],
            ),
            Statement::repeatable(
                include_str!("queries/move_earlier_mark.sql"),
                vec![destination.into(), step()],
            ),
        ];
        let marks: Vec<MarkRow> = rows_of(self.database.batch(statements).await?.pop().unwrap_or_default())?;
        Ok(marks.iter().any(|mark| mark.earlier_after_ms.is_some()))
    }

    /// The requests whose platform is to be asked by `now` what became of them, at most so many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn requests_to_ask_for(
        &self,
        destination: &str,
        now: Timestamp,
        count_max: usize,
    ) -> Result<Vec<String>, StorageError> {
        let statement = Statement::repeatable(
            include_str!("queries/list_requests_to_ask_for.sql"),
            vec![destination.into(), now.into(), count(count_max)],
        );
        let rows: Vec<RequestRow> = self.rows(statement).await?;
        Ok(rows.into_iter().map(|row| row.request_id).collect())
    }

    /// The deliveries of such a request, in its order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn deliveries_of_request(
        &self,
        destination: &str,
        request_id: &str,
        now: Timestamp,
    ) -> Result<Vec<SentDelivery>, StorageError> {
        let statement = Statement::repeatable(
            include_str!("queries/read_deliveries_of_request.sql"),
            vec![destination.into(), now.into(), request_id.into()],
        );
        self.rows(statement).await
    }
}

/// Reads a change from its columns: without a value it takes the outcome back.
pub(super) fn adjustment_of(
    changed_at_ms: i64,
    value: Option<&str>,
    currency: Option<&str>,
) -> Result<Adjustment, StorageError> {
    let change = match value.zip(currency) {
        None => Change::Retract,
        Some((value, currency)) => {
            let money = Money::parse(value, currency).map_err(|_| StorageError::Unreadable)?;
            Change::Restate(money)
        }
    };
    Ok(Adjustment {
        change,
        changed_at: Timestamp::from_ms(changed_at_ms),
    })
}

/// Plans the deliveries of these outcomes, in the transaction that stores them.
pub(super) fn plan_deliveries(site: &str, outcome_ids: &[&str], now: Timestamp) -> Statement {
    Statement::repeatable(
        include_str!("queries/plan_deliveries.sql"),
        vec![site.into(), now.into(), Parameter::json(&outcome_ids)],
    )
}

/// Plans what the platforms have to hear of changes of these outcomes.
pub(super) fn plan_adjustments(site: &str, outcome_ids: &[&str], now: Timestamp) -> Statement {
    Statement::repeatable(
        include_str!("queries/plan_adjustments.sql"),
        vec![site.into(), now.into(), Parameter::json(&outcome_ids)],
    )
}

fn count(count: usize) -> Parameter {
    Parameter::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}
