//! Telling the platforms' APIs: one run over everything that is due. A cron trigger is enough for it; whatever is cut off
//! in the middle is made up for by the next run, and nothing is sent twice for it.
//!
//! Each delivery goes the same way: it is judged, its payload is frozen and it is leased in one statement, only then it is
//! sent, and the answer is written down.

use attribution::api_action::{ApiAction, ApiRow};
use attribution::delivery::{Delivery, DeliveryRecord};
use attribution::judgement::{Judgement, Reason};
use attribution::limits::{DELIVERIES_PER_ROUND, DELIVERY_ROUNDS_MAX, EARLIER_OUTCOME_STEPS_MAX};
use attribution::payload::Payload;
use attribution::platform_answer::{BatchAnswer, RowAnswer};
use attribution::timestamp::{HOUR_MS, Timestamp};
use serde::Serialize;

use crate::due_judgement::judge;
use crate::network::{Inbound, Network, http_answer};
use crate::platform_access::{Access, Headers, NoAccess, PlatformAccess};
use crate::store::database::Database;
use crate::store::deliveries::{DeliveryKey, DueDelivery, Move, SentDelivery};
use crate::store::{StorageError, Store};

mod exchange; // one request and its answer

/// What a run has done, for the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Delivered {
    /// Deliveries that were looked at.
    pub judged: usize,
    /// Requests that were made, those about earlier requests included.
    pub requests: usize,
    /// Deliveries that got an answer.
    pub answered: usize,
    /// Destinations whose settings cannot be used any more.
    pub unusable: usize,
}

/// A delivery in this run's hands.
struct Held {
    key: DeliveryKey,
    /// As the ledger has it.
    record: DeliveryRecord,
    delivery: Delivery,
    row: ApiRow,
}

impl Held {
    /// What was sent before, to be sent as it was.
    fn again(sent: &SentDelivery, leased: Delivery, now: Timestamp) -> Option<Self> {
        Some(Self {
            key: sent.key.clone(),
            record: leased.record(),
            delivery: leased,
            row: ApiRow {
                payload: sent.payload()?,
                occurred_at: now,
                is_adjustment: !sent.key.change.is_empty(),
            },
        })
    }
}

/// One run at one destination.
struct Run<'a, D, N> {
    store: &'a Store<D>,
    network: &'a N,
    access: &'a PlatformAccess,
    site: &'a str,
    destination: &'a str,
    action: &'a ApiAction,
    headers: Headers,
    /// The platform is away: what is due stays so until the next run, and the other destinations have their turn.
    is_away: bool,
    delivered: &'a mut Delivered,
}

/// One run over all destinations.
///
/// # Errors
/// When the store fails. What was leased by then comes round when its lease is over.
pub async fn run<D: Database, N: Network>(
    store: &Store<D>,
    network: &N,
    access: &Access,
) -> Result<Delivered, StorageError> {
    let mut delivered = Delivered::default();
    for destination in store.api_destinations().await? {
        let action = destination.api_action();
        let Some((action, access)) = action.as_ref().zip(access.of(&destination.platform)) else {
            delivered.unusable += 1;
            continue;
        };
        let mut run = Run {
            store,
            network,
            access,
            site: &destination.site,
            destination: &destination.destination,
            action,
            headers: Headers::new(),
            is_away: false,
            delivered: &mut delivered,
        };
        if destination.has_earlier_outcomes() {
            run.plan_earlier_outcomes().await?;
        }
        run.ask_for_requests().await?;
        run.send_what_is_due().await?;
        if destination.is_time_to_renew_token(network.now()) {
            run.renew_token().await;
        }
    }
    Ok(delivered)
}

impl<D: Database, N: Network> Run<'_, D, N> {
    async fn plan_earlier_outcomes(&self) -> Result<(), StorageError> {
        for _ in 0..EARLIER_OUTCOME_STEPS_MAX {
            let now = self.network.now();
            if !self.store.plan_earlier_outcomes(self.destination, now).await? {
                break;
            }
        }
        Ok(())
    }

    /// Goes on until nothing is due: what was not read for another row's sake is due at once.
    async fn send_what_is_due(&mut self) -> Result<(), StorageError> {
        for _ in 0..DELIVERY_ROUNDS_MAX {
            if self.is_away {
                break;
            }
            let now = self.network.now();
            let due = self
                .store
                .due_deliveries(self.destination, now, None, DELIVERIES_PER_ROUND)
                .await?;
            if due.is_empty() {
                break;
            }
            self.delivered.judged += due.len();
            let judged: Vec<(DueDelivery, Judgement<Payload>)> = due
                .into_iter()
                .map(|due| {
                    let judgement = judge(self.action, &due, now);
                    (due, judgement)
                })
                .collect();
            let is_deliverable = |(_, judgement): &(DueDelivery, Judgement<Payload>)| {
                matches!(judgement, Judgement::Deliverable(_))
            };
            let judged = if judged.iter().any(is_deliverable) {
                self.with_access(judged, now).await
            } else {
                judged
            };
            let mut held = self.lease(judged, now).await?;
            let all: Vec<usize> = (0..held.len()).collect();
            self.send(&mut held, all).await?;
        }
        Ok(())
    }

    /// Gets the headers that let requests in. Without them everything that could be sent waits: for an hour where the
    /// platform refused, for the next run but one where it did not answer.
    async fn with_access(
        &mut self,
        judged: Vec<(DueDelivery, Judgement<Payload>)>,
        now: Timestamp,
    ) -> Vec<(DueDelivery, Judgement<Payload>)> {
        if !self.headers.is_empty() {
            return judged;
        }
        let wait_ms = match self.let_in().await {
            Ok(headers) => {
                self.headers = headers;
                return judged;
            }
            Err(NoAccess::Lost) => {
                self.is_away = true;
                HOUR_MS / 6
            }
            Err(_) => HOUR_MS,
        };
        let wait = |judgement: Judgement<Payload>| {
            judgement.and_then(|_| Judgement::Wait {
                until: now.plus_ms(wait_ms),
                reason: Reason::NoAccess,
            })
        };
        judged
            .into_iter()
            .map(|(due, judgement)| (due, wait(judgement)))
            .collect()
    }

    /// Writes down what was judged, freezes and leases what is to be sent, and hands out what this run got.
    async fn lease(
        &mut self,
        judged: Vec<(DueDelivery, Judgement<Payload>)>,
        now: Timestamp,
    ) -> Result<Vec<Held>, StorageError> {
        let mut keys = Vec::with_capacity(judged.len());
        let mut steps = Vec::with_capacity(judged.len());
        for (due, judgement) in &judged {
            let Ok((outcome, _)) = due.outcome_and_lead() else {
                continue;
            };
            let Some(delivery) = due.record.delivery(self.action.platform()) else {
                continue;
            };
            let next = match judgement {
                Judgement::Deliverable(_) => delivery.lease(now),
                _ => Some(delivery.judged_again(judgement, now)),
            };
            let Some(next) = next else { continue };
            keys.push(due.key());
            steps.push((due, judgement, next, outcome.occurred_at));
        }
        let moves: Vec<Move<'_>> = keys
            .iter()
            .zip(&steps)
            .map(|(key, (due, judgement, next, _))| {
                let step = Move::new(self.destination, key, &due.record, next);
                match judgement {
                    Judgement::Deliverable(payload) => step.freezing(payload, now),
                    _ => step,
                }
            })
            .collect();
        let moved = self.store.move_deliveries(self.site, now, &moves).await?;
        let held = keys
            .iter()
            .zip(&steps)
            .filter_map(|(key, (due, judgement, next, occurred_at))| {
                let Judgement::Deliverable(payload) = judgement else {
                    return None;
                };
                moved.contains(key).then(|| Held {
                    key: key.clone(),
                    record: next.record(),
                    delivery: next.clone(),
                    row: ApiRow {
                        payload: payload.clone(),
                        occurred_at: *occurred_at,
                        is_adjustment: !due.change.is_empty(),
                    },
                })
            });
        Ok(held.collect())
    }

    /// Sends these of the deliveries in as few requests as there may be, and writes down each answer at once.
    async fn send(&mut self, held: &mut [Held], places: Vec<usize>) -> Result<(), StorageError> {
        let mut groups = vec![places];
        while let Some(places) = groups.pop() {
            let rows: Vec<ApiRow> = held.iter().map(|held| held.row.clone()).collect();
            for request in self.action.requests(&rows, &places, self.network.now()) {
                let answer = self.post(&request).await;
                let now = self.network.now();
                let answer = self
                    .action
                    .read(http_answer(answer.as_ref(), now), request.rows.len());
                self.is_away |= answer.is_away();
                match answer {
                    BatchAnswer::Rows(answers) => self.answer(held, &request.rows, &answers).await?,
                    BatchAnswer::Halve => {
                        let (one, other) = request.rows.split_at(request.rows.len() / 2);
                        groups.extend([other.to_vec(), one.to_vec()]);
                    }
                }
            }
        }
        Ok(())
    }

    async fn answer(
        &mut self,
        held: &mut [Held],
        places: &[usize],
        answers: &[RowAnswer],
    ) -> Result<(), StorageError> {
        let now = self.network.now();
        let mut steps = Vec::with_capacity(places.len());
        for (request_row, (place, answer)) in places.iter().zip(answers).enumerate() {
            if let Some(held) = held.get(*place) {
                let next = held
                    .delivery
                    .clone()
                    .answered(answer, now, self.network.random_byte());
                steps.push((held, next, request_row));
            }
        }
        let moves: Vec<Move<'_>> = steps
            .iter()
            .map(|(held, next, request_row)| {
                Move::new(self.destination, &held.key, &held.record, next).in_request(*request_row)
            })
            .collect();
        self.delivered.answered += self.store.move_deliveries(self.site, now, &moves).await?.len();
        Ok(())
    }

    /// Asks what became of the requests that the platform took for processing.
    async fn ask_for_requests(&mut self) -> Result<(), StorageError> {
        let now = self.network.now();
        let requests = self
            .store
            .requests_to_ask_for(self.destination, now, DELIVERY_ROUNDS_MAX)
            .await?;
        for request_id in requests {
            let Some(path) = self.action.status_path(&request_id) else {
                continue;
            };
            if self.headers.is_empty() {
                let headers = self.let_in().await;
                // What was taken stays taken; it is asked for by the next run.
                let Ok(headers) = headers else { return Ok(()) };
                self.headers = headers;
            }
            let answer = self.exchange("GET", &path, &[], "").await;
            self.settle(&request_id, answer.as_ref(), now).await?;
            if answer.is_none() {
                break;
            }
        }
        Ok(())
    }

    async fn settle(
        &mut self,
        request_id: &str,
        answer: Option<&Inbound>,
        asked_at: Timestamp,
    ) -> Result<(), StorageError> {
        let sent = self
            .store
            .deliveries_of_request(self.destination, request_id, asked_at)
            .await?;
        let rows = sent
            .iter()
            .map(|sent| sent.request_row + 1)
            .max()
            .unwrap_or_default();
        let now = self.network.now();
        let answers = self
            .action
            .read_status(http_answer(answer, now), request_id, rows);
        let platform = self.action.platform();
        let mut steps = Vec::with_capacity(sent.len());
        for sent in &sent {
            let Some(delivery) = sent.record.delivery(platform) else {
                continue;
            };
            let next = match &answers {
                BatchAnswer::Rows(answers) => answers
                    .get(sent.request_row)
                    .map(|answer| delivery.answered(answer, now, self.network.random_byte())),
                BatchAnswer::Halve => delivery.lease_again(now),
            };
            if let Some(next) = next {
                steps.push((sent, next));
            }
        }
        let moves: Vec<Move<'_>> = steps
            .iter()
            .map(|(sent, next)| {
                Move::new(self.destination, &sent.key, &sent.record, next).in_request(sent.request_row)
            })
            .collect();
        let moved = self.store.move_deliveries(self.site, now, &moves).await?;
        self.delivered.answered += moved.len();
        if answers == BatchAnswer::Halve {
            let again = steps.into_iter().filter(|(sent, _)| moved.contains(&sent.key));
            let held = again.filter_map(|(sent, next)| Held::again(sent, next, now));
            self.send_in_halves(held.collect()).await?;
        }
        Ok(())
    }

    /// Nobody knows which of them the platform has, so they go once more, in two requests.
    async fn send_in_halves(&mut self, mut held: Vec<Held>) -> Result<(), StorageError> {
        let (half, count) = (held.len() / 2, held.len());
        self.send(&mut held, (0..half).collect()).await?;
        self.send(&mut held, (half..count).collect()).await
    }
}
