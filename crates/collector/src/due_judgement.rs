//! What is due, judged by the rules: by a sweep before it sends, and for whoever asks how things stand before a sweep has
//! looked, so that nobody reads `due` of what will never go.

use attribution::api_action::ApiAction;
use attribution::conversion::judge_without_lead;
use attribution::judgement::{Judgement, Reason};
use attribution::limits::DELIVERIES_PER_READ;
use attribution::payload::Payload;
use attribution::timestamp::Timestamp;

use crate::destination::DestinationRow;
use crate::store::database::Database;
use crate::store::deliveries::{DeliveryKey, DueDelivery, Move};
use crate::store::{StorageError, Store};

/// What is frozen is sent as it is; whether it is sent now is judged each time.
pub fn judge(action: &ApiAction, due: &DueDelivery, now: Timestamp) -> Judgement<Payload> {
    let judgement = match due.outcome_and_lead() {
        Ok((outcome, Ok(lead))) => match due.adjustment() {
            Ok(None) => action.judge(&outcome, &lead, now),
            Ok(Some(adjustment)) => action.judge_adjustment(&outcome, &lead, &adjustment, now),
            Err(_) => Judgement::Hold(Reason::LeadUnreadable),
        },
        Ok((_, Err(reason))) => judge_without_lead(reason, due.told_at(), now),
        Err(_) => Judgement::Hold(Reason::LeadUnreadable),
    };
    let may_be_sent = due
        .first_sent_at()
        .map_or(Judgement::Deliverable(()), |first_sent_at| {
            action.judge_repetition(first_sent_at, now)
        });
    judgement.and_then(|fresh| may_be_sent.map(|()| due.payload().unwrap_or(fresh)))
}

/// Writes down what stands in the way of what is due at the APIs of a site: of these outcomes, or of the oldest ones of all.
/// It is what the next sweep would write, so nothing is written twice; what goes stays `due`. A store that fails here still
/// shows what it has.
pub async fn judge_for_reader<D: Database>(
    store: &Store<D>,
    site: &str,
    outcome_ids: Option<&[&str]>,
    now: Timestamp,
) {
    if outcome_ids.is_some_and(<[_]>::is_empty) {
        return;
    }
    let Ok(destinations) = store.destinations(site).await else {
        return;
    };
    for destination in destinations {
        if let Some(action) = destination.api_action() {
            let judged = judge_at(store, &destination, &action, outcome_ids, now);
            if judged.await.is_err() {
                return;
            }
        }
    }
}

async fn judge_at<D: Database>(
    store: &Store<D>,
    destination: &DestinationRow,
    action: &ApiAction,
    outcome_ids: Option<&[&str]>,
    now: Timestamp,
) -> Result<(), StorageError> {
    let id = &destination.destination;
    let due = store
        .due_deliveries(id, now, outcome_ids, DELIVERIES_PER_READ)
        .await?;
    let step = |due: &DueDelivery| {
        let judgement = judge(action, due, now);
        let delivery = due.record.delivery(action.platform())?;
        let goes = matches!(judgement, Judgement::Deliverable(_));
        (!goes).then(|| (due.key(), delivery.judged_again(&judgement, now)))
    };
    let steps: Vec<(&DueDelivery, (DeliveryKey, _))> =
        due.iter().filter_map(|due| Some((due, step(due)?))).collect();
    let moves: Vec<Move<'_>> = steps
        .iter()
        .map(|(due, (key, next))| Move::new(id, key, &due.record, next))
        .collect();
    store
        .move_deliveries(&destination.site, now, &moves)
        .await
        .map(|_| ())
}
