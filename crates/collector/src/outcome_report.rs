//! Keeps the rows that a CRM, a table or a webhook told, and says of each what became of it.

use std::collections::{BTreeMap, HashSet};

use attribution::limits::OUTCOMES_PER_BATCH_MAX;
use attribution::outcome::{OutcomeChange, OutcomeRefusal, ReceivedRow, Reference, Told};
use attribution::timestamp::Timestamp;
use serde::Serialize;

use crate::store::database::Database;
use crate::store::outcomes::{HeldOutcome, KeptOutcomes, change_sha256, content_sha256, name_of};
use crate::store::{StorageError, Store};

/// What became of the rows of one request.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    accepted: usize,
    repeated: usize,
    refused: usize,
    /// Events that the site does not want to know of.
    #[serde(skip_serializing_if = "is_zero")]
    ignored: u32,
    /// Which columns of a table were taken for what, counted from 1.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    columns: BTreeMap<&'static str, usize>,
    rows: Vec<RowReport>,
}

#[derive(Debug, Serialize)]
struct RowReport {
    outcome_id: Option<String>,
    /// Where the row stands in its file, for people who look it up there.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    result: &'static str,
    /// `matched` or `waiting`.
    #[serde(skip_serializing_if = "Option::is_none")]
    r#match: Option<&'static str>,
    /// By what the lead was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    matched_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'static str>,
}

impl RowReport {
    fn new(outcome_id: Option<String>, line: Option<u64>, result: &'static str) -> Self {
        Self {
            outcome_id,
            line,
            result,
            r#match: None,
            matched_by: None,
            code: None,
            advice: None,
        }
    }
}

/// What the store says of a row that it took.
struct Taken {
    result: &'static str,
    r#match: &'static str,
    matched_by: Option<String>,
}

impl Report {
    /// Keeps the good rows of a batch, at most [`OUTCOMES_PER_BATCH_MAX`] in one transaction, and adds a line for each
    /// row, in their order.
    ///
    /// # Errors
    /// When the database fails; then none of these rows is answered for, and sending them again is harmless.
    pub async fn keep<D: Database>(
        &mut self,
        store: &Store<D>,
        site: &str,
        mut rows: Vec<ReceivedRow>,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        debug_assert!(rows.len() <= OUTCOMES_PER_BATCH_MAX);
        refuse_too_far_ahead(&mut rows, now);
        refuse_before_click(store, site, &mut rows).await?;
        let good: Vec<&Told> = rows.iter().filter_map(|row| row.told.as_ref().ok()).collect();
        let kept = store.keep_told(site, &good, now).await?;
        self.add(rows, &kept);
        Ok(())
    }

    /// Says which columns of a table were taken for what.
    pub fn set_columns(&mut self, columns: BTreeMap<&'static str, usize>) {
        self.columns = columns;
    }

    /// How many rows each rule refused.
    #[must_use]
    pub fn refused(&self) -> BTreeMap<&'static str, u32> {
        let mut refused = BTreeMap::new();
        for code in self.rows.iter().filter_map(|row| row.code) {
            *refused.entry(code).or_default() += 1;
        }
        refused
    }

    /// Says of a whole delivery that it was taken before.
    #[must_use]
    pub fn of_repeated(events: usize) -> Self {
        Self {
            repeated: events,
            ..Self::default()
        }
    }

    /// Adds an outcome that says nothing new.
    pub fn repeat(&mut self, outcome_id: Option<String>) {
        self.repeated += 1;
        self.rows.push(RowReport::new(outcome_id, None, "repeated"));
    }

    /// Adds an event that the site does not want to know of.
    pub fn ignore(&mut self) {
        self.ignored += 1;
    }

    /// How many events were ignored.
    #[must_use]
    pub fn ignored(&self) -> u32 {
        self.ignored
    }

    /// Whether any row was taken, now or before.
    #[must_use]
    pub fn has_taken(&self) -> bool {
        self.accepted + self.repeated > 0
    }

    /// Code and advice of the first row that was refused.
    #[must_use]
    pub fn first_refusal(&self) -> Option<(&'static str, &'static str)> {
        self.rows.iter().find_map(|row| row.code.zip(row.advice))
    }

    fn add(&mut self, rows: Vec<ReceivedRow>, kept: &KeptOutcomes) {
        let mut seen = HashSet::new();
        for row in rows {
            let taken = row.told.and_then(|told| kept.taken(&told, &mut seen));
            let mut report = RowReport::new(row.outcome_id, row.line, "refused");
            match taken {
                Ok(taken) => {
                    report.result = taken.result;
                    report.r#match = Some(taken.r#match);
                    report.matched_by = taken.matched_by;
                }
                Err(refusal) => {
                    report.code = Some(refusal.code());
                    report.advice = Some(refusal.advice());
                }
            }
            match report.result {
                "accepted" => self.accepted += 1,
                "repeated" => self.repeated += 1,
                _ => self.refused += 1,
            }
            self.rows.push(report);
        }
    }
}

fn refuse_too_far_ahead(rows: &mut [ReceivedRow], now: Timestamp) {
    for row in rows {
        if let Some(refusal) = row.told.as_ref().ok().and_then(|told| told.check_time(now).err()) {
            row.told = Err(refusal);
        }
    }
}

/// Where the lead is there already, an outcome before its click is refused at once, so that its teller hears of it.
/// Where the lead comes later, the export says the same. An e-mail address or a phone number names a person and not a
/// click: there an earlier lead may still come, so the outcome waits.
async fn refuse_before_click<D: Database>(
    store: &Store<D>,
    site: &str,
    rows: &mut [ReceivedRow],
) -> Result<(), StorageError> {
    let names_click = |reference: &&Reference| matches!(reference, Reference::Lead(_) | Reference::Click(_));
    let outcomes = rows.iter().filter_map(|row| match &row.told {
        Ok(Told::Outcome(outcome)) => Some(&outcome.reference),
        _ => None,
    });
    let references: Vec<&Reference> = outcomes.filter(names_click).collect();
    if references.is_empty() {
        return Ok(());
    }
    let first_clicks = store.first_clicks(site, &references).await?;
    for row in rows {
        let Ok(Told::Outcome(outcome)) = &row.told else {
            continue;
        };
        if !names_click(&&outcome.reference) {
            continue;
        }
        let first_click_at = first_clicks.get(&name_of(&outcome.reference)).copied();
        if let Err(refusal) = outcome.check_order(first_click_at) {
            row.told = Err(refusal);
        }
    }
    Ok(())
}

impl KeptOutcomes {
    /// A row after another of the same id in one batch finds it stored, as in the next batch. `seen` are the rows
    /// before this one.
    fn taken(&self, told: &Told, seen: &mut HashSet<(String, String)>) -> Result<Taken, OutcomeRefusal> {
        match told {
            Told::Outcome(outcome) => {
                let content = content_sha256(outcome);
                // Only a tombstone keeps an outcome from being held after its own transaction.
                let held = self.held.get(&outcome.outcome_id);
                let held = Some(held.ok_or(OutcomeRefusal::LeadErased)?);
                let held = held.filter(|held| held.content_sha256 == content);
                let held = held.ok_or(OutcomeRefusal::OutcomeIdReused)?;
                let is_new = self.new.contains(&outcome.outcome_id)
                    && seen.insert((outcome.outcome_id.clone(), content));
                Ok(Taken::new(is_new, Some(held)))
            }
            Told::Change(change) => Ok(self.changed(change, seen)),
        }
    }

    fn changed(&self, change: &OutcomeChange, seen: &mut HashSet<(String, String)>) -> Taken {
        let key = (change.outcome_id.clone(), change_sha256(change.change));
        let is_new = self.changed.contains(&key) && seen.insert(key);
        Taken::new(is_new, self.held.get(&change.outcome_id))
    }
}

impl Taken {
    /// `accepted` or `repeated`, and whether the lead is there.
    fn new(is_new: bool, held: Option<&HeldOutcome>) -> Self {
        let matched = held.filter(|held| held.has_lead);
        Self {
            result: if is_new { "accepted" } else { "repeated" },
            r#match: if matched.is_some() { "matched" } else { "waiting" },
            matched_by: matched.map(|held| held.named_by.clone()),
        }
    }
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}
