//! The ledger as it is read by people.

use attribution::delivery::DeliveryRecord;
use attribution::timestamp::Timestamp;
use serde::Deserialize;

use super::database::{Database, Parameter, Statement};
use super::deliveries::DeliveryKey;
use super::{StorageError, Store};

/// A delivery with its destination.
#[derive(Clone, Debug, Deserialize)]
pub struct DeliveryRow {
    /// Where it goes.
    pub destination: String,
    /// The destination's platform.
    pub platform: String,
    /// Which outcome, or which change of it.
    #[serde(flatten)]
    pub key: DeliveryKey,
    /// Where it stands.
    #[serde(flatten)]
    pub record: DeliveryRecord,
    /// When it was first given to the platform, where the question asks for it.
    pub frozen_at_ms: Option<i64>,
}

/// How many deliveries of a destination stand alike.
#[derive(Clone, Debug, Deserialize)]
pub struct CountRow {
    /// Where they go.
    pub destination: String,
    /// The destination's platform.
    pub platform: String,
    /// Their state.
    pub state: String,
    reason: Option<String>,
    answer: Option<String>,
    /// How many.
    pub count: u64,
}

impl CountRow {
    /// What they have in common.
    #[must_use]
    pub fn record(&self) -> DeliveryRecord {
        DeliveryRecord {
            state: self.state.clone(),
            reason: self.reason.clone(),
            answer: self.answer.clone(),
            ..DeliveryRecord::default()
        }
    }
}

/// Which deliveries of a site are asked for.
#[derive(Clone, Debug, Default)]
pub struct DeliveryFilter {
    /// Only those in this state.
    pub state: Option<String>,
    /// Only those of this destination.
    pub destination: Option<String>,
    /// Only those after this one, in the order of destination, outcome_id and change.
    pub after: [String; 3],
}

impl<D: Database> Store<D> {
    /// A page of a site's deliveries, at most so many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page_of_deliveries(
        &self,
        site: &str,
        filter: &DeliveryFilter,
        count_max: usize,
    ) -> Result<Vec<DeliveryRow>, StorageError> {
        let [destination, outcome_id, change] = &filter.after;
        let statement = Statement::repeatable(
            include_str!("queries/page_deliveries.sql"),
            vec![
                site.into(),
                destination.into(),
                outcome_id.into(),
                change.into(),
                filter.state.as_deref().into(),
                filter.destination.as_deref().into(),
                Parameter::Integer(count_max as i64),
            ],
        );
        self.rows(statement).await
    }

    /// How many of a site's deliveries stand how.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts_of_deliveries(&self, site: &str) -> Result<Vec<CountRow>, StorageError> {
        let statement =
            Statement::repeatable(include_str!("queries/count_deliveries.sql"), vec![site.into()]);
        self.rows(statement).await
    }

    /// Lets everything that is held at a destination be judged anew: its settings were mended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_deliveries(&self, destination: &str, now: Timestamp) -> Result<(), StorageError> {
        let statement = Statement::repeatable(
            include_str!("queries/release_deliveries.sql"),
            vec![destination.into(), now.into()],
        );
        self.database.batch(vec![statement]).await.map(|_| ())
    }
}
