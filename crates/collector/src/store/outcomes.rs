//! What was told of outcomes: each kept once, and given the lead that it belongs to.

use std::collections::{HashMap, HashSet};

use attribution::adjustment::Change;
use attribution::lead_id::LeadId;
use attribution::money::Money;
use attribution::outcome::{Outcome, OutcomeChange, Reference, Told};
use attribution::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use super::database::{Database, Parameter, Statement, rows_of};
use super::deliveries::{plan_adjustments, plan_deliveries};
use super::leads::lead_sha256;
use super::{StorageError, Store};
use crate::authority::sha256_hex;
use crate::finder::Finder;

/// What became of the rows of a batch: what the store holds under each outcome_id now.
#[derive(Debug, Default)]
pub struct KeptOutcomes {
    /// The ids that are new with this batch.
    pub new: HashSet<String>,
    /// Those of the batch's ids under which an outcome is held.
    pub held: HashMap<String, HeldOutcome>,
    /// The changes that say something new: the id, and the hash of what changes.
    pub changed: HashSet<(String, String)>,
}

/// An outcome as the store holds it.
#[derive(Debug)]
pub struct HeldOutcome {
    /// Its content's hash.
    pub content_sha256: String,
    /// What names its lead: `lead_id`, `gclid`, `email`, …
    pub named_by: String,
    /// Whether its lead is there.
    pub has_lead: bool,
}

impl<D: Database> Store<D> {
    /// Stores outcomes and changes, each once, and gives each outcome its lead, if it is there. When this returns, they
    /// are committed, all or none.
    ///
    /// # Errors
    /// When the database fails; storing them again is harmless.
    pub async fn keep_told(
        &self,
        site: &str,
        told: &[&Told],
        received_at: Timestamp,
    ) -> Result<KeptOutcomes, StorageError> {
        let ids: Vec<&str> = told.iter().map(|told| told.outcome_id()).collect();
        if ids.is_empty() {
            return Ok(KeptOutcomes::default());
        }
        let rows: Vec<OutcomeToInsert<'_>> = told
            .iter()
            .filter_map(|told| OutcomeToInsert::of(site, told))
            .collect();
        let finders: Vec<&Finder> = rows.iter().filter_map(|row| row.finder.as_ref()).collect();
        let words = Words::of(told);
        let statements = vec![
            Statement::repeatable(
                include_str!("queries/insert_outcomes.sql"),
                vec![site.into(), received_at.into(), Parameter::json(&rows)],
            ),
            Statement::repeatable(
                include_str!("queries/insert_outcome_changes.sql"),
                vec![
                    site.into(),
                    received_at.into(),
                    Parameter::json(&words.to_insert()),
                ],
            ),
            match_outcomes(site, &finders),
            Statement::repeatable(
                include_str!("queries/read_outcome_contents.sql"),
                vec![site.into(), Parameter::json(&ids)],
            ),
            plan_deliveries(site, &ids, received_at),
            plan_adjustments(site, &ids, received_at),
        ];
        let mut results = self.database.batch(statements).await?.into_iter();
        let inserted: Vec<OutcomeIdRow> = rows_of(results.next().unwrap_or_default())?;
        let changed: Vec<ChangeRow> = rows_of(results.next().unwrap_or_default())?;
        let held: Vec<OutcomeContentRow> = rows_of(results.nth(1).unwrap_or_default())?;
        let changed = changed.into_iter();
        Ok(KeptOutcomes {
            new: inserted.into_iter().map(|row| row.outcome_id).collect(),
            held: held.into_iter().map(OutcomeContentRow::held).collect(),
            changed: words.with_overtaken(changed.map(|row| (row.outcome_id, row.content_sha256)).collect()),
        })
    }

    /// The earliest ad click of the leads that are named by these references, by [`name_of`]; no entry where no such
    /// lead is stored.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn first_clicks(
        &self,
        site: &str,
        references: &[&Reference],
    ) -> Result<HashMap<String, Timestamp>, StorageError> {
        let lead_ids: Vec<&str> = references
            .iter()
            .filter_map(|reference| reference.lead_id().map(LeadId::as_str))
            .collect();
        let finders: Vec<Finder> = references
            .iter()
            .filter_map(|reference| Finder::of_reference(reference))
            .collect();
        let statement = Statement::repeatable(
            include_str!("queries/read_first_clicks.sql"),
            vec![site.into(), Parameter::json(&lead_ids), Parameter::json(&finders)],
        );
        let rows: Vec<FirstClickRow> = self.rows(statement).await?;
        Ok(rows
            .into_iter()
            .map(|row| (row.name, Timestamp::from_ms(row.first_click_at_ms)))
            .collect())
    }
}

/// Gives the outcomes of these finders the lead that they belong to.
pub(super) fn match_outcomes(site: &str, finders: &[impl Serialize]) -> Statement {
    Statement::repeatable(
        include_str!("queries/match_outcomes.sql"),
        vec![site.into(), Parameter::json(&finders)],
    )
}

/// How [`Store::first_clicks`] names a reference.
#[must_use]
pub fn name_of(reference: &Reference) -> String {
    Finder::of_reference(reference).map_or_else(|| reference.to_text(), |finder| finder.as_ref().to_owned())
}

/// The hash that tells a repetition of an outcome from another use of its id.
#[must_use]
pub fn content_sha256(outcome: &Outcome) -> String {
    sha256_hex(&outcome.content())
}

/// The hash that tells a repetition of a change from another change.
#[must_use]
pub fn change_sha256(change: Change) -> String {
    sha256_hex(&change.content())
}

#[derive(Serialize)]
struct OutcomeToInsert<'a> {
    outcome_id: &'a str,
    reference: String,
    finder: Option<Finder>,
    lead_id: Option<&'a str>,
    lead_sha256: Option<String>,
    kind: &'a str,
    occurred_at_ms: i64,
    value: Option<String>,
    currency: Option<&'static str>,
    content_sha256: String,
}

impl<'a> OutcomeToInsert<'a> {
    fn of(site: &str, told: &'a Told) -> Option<Self> {
        let Told::Outcome(outcome) = told else {
            return None;
        };
        let lead_id = outcome.reference.lead_id().map(LeadId::as_str);
        Some(Self {
            outcome_id: &outcome.outcome_id,
            reference: outcome.reference.to_text(),
            finder: Finder::of_reference(&outcome.reference),
            lead_id,
            lead_sha256: lead_id.map(|lead_id| lead_sha256(site, lead_id)),
            kind: &outcome.kind,
            occurred_at_ms: outcome.occurred_at.ms(),
            value: outcome.value.map(|money| money.amount().to_string()),
            currency: outcome.value.as_ref().map(Money::currency),
            content_sha256: content_sha256(outcome),
        })
    }
}

#[derive(Serialize)]
struct ChangeToInsert<'a> {
    outcome_id: &'a str,
    change: &'static str,
    changed_at_ms: Option<i64>,
    value: Option<String>,
    currency: Option<&'static str>,
    content_sha256: String,
    /// Of a new value without a moment: the newest one with a moment in the same batch.
    dated_ms: Option<i64>,
    dated_sha256: Option<String>,
}

/// The changes of a batch in their order. Those without a moment of their own all have that of its arrival, so of new
/// values the last one of each outcome counts.
struct Words<'a> {
    changes: Vec<&'a OutcomeChange>,
    last: HashMap<&'a str, &'a OutcomeChange>,
    newest_dated: HashMap<&'a str, &'a OutcomeChange>,
}

impl<'a> Words<'a> {
    fn of(told: &[&'a Told]) -> Self {
        let changes = told.iter().filter_map(|told| match told {
            Told::Change(change) => Some(change),
            Told::Outcome(_) => None,
        });
        let changes: Vec<&OutcomeChange> = changes.collect();
        let restates = changes.iter().filter(|change| change.change != Change::Retract);
        let restates = restates.map(|change| (change.outcome_id.as_str(), *change));
        let (mut dated, undated): (Vec<_>, Vec<_>) =
            restates.partition(|(_, change)| change.changed_at.is_some());
        dated.sort_by_key(|(_, change)| change.changed_at);
        Self {
            last: undated.into_iter().collect(),
            newest_dated: dated.into_iter().collect(),
            changes,
        }
    }

    /// The statement sees nothing that it has just inserted itself, so a second retract of the same outcome stays out
    /// here, and so does a value that another one overtakes: else the value that is held would be taken for no news, and
    /// the overtaken one would stay. For the same reason it is told of the newest one with a moment.
    fn to_insert(&self) -> Vec<ChangeToInsert<'a>> {
        let mut retracted = HashSet::new();
        let changes = self.changes.iter().copied();
        changes
            .filter(|change| change.change != Change::Retract || retracted.insert(&change.outcome_id))
            .filter(|change| self.last_after(change).is_none())
            .map(|change| {
                let dated = self.newest_dated.get(change.outcome_id.as_str());
                ChangeToInsert::of(change, dated.copied().filter(|_| is_undated_restate(change)))
            })
            .collect()
    }

    /// An overtaken value is news if the one that overtakes it is.
    fn with_overtaken(&self, mut changed: HashSet<(String, String)>) -> HashSet<(String, String)> {
        for change in &self.changes {
            let last = self.last_after(change).map(name_of_change);
            if last.is_some_and(|last| changed.contains(&last)) {
                changed.insert(name_of_change(change));
            }
        }
        changed
    }

    /// The value that overtakes this one, if any does.
    fn last_after(&self, change: &OutcomeChange) -> Option<&'a OutcomeChange> {
        let last = self.last.get(change.outcome_id.as_str()).copied();
        last.filter(|last| is_undated_restate(change) && !std::ptr::eq(*last, change))
    }
}

fn is_undated_restate(change: &OutcomeChange) -> bool {
    change.change != Change::Retract && change.changed_at.is_none()
}

fn name_of_change(change: &OutcomeChange) -> (String, String) {
    (change.outcome_id.clone(), change_sha256(change.change))
}

impl<'a> ChangeToInsert<'a> {
    fn of(change: &'a OutcomeChange, dated: Option<&OutcomeChange>) -> Self {
        let money = change.change.value();
        Self {
            outcome_id: &change.outcome_id,
            change: change.change.name(),
            changed_at_ms: change.changed_at.map(Timestamp::ms),
            value: money.map(|money| money.amount().to_string()),
            currency: money.as_ref().map(Money::currency),
            content_sha256: change_sha256(change.change),
            dated_ms: dated.and_then(|dated| dated.changed_at).map(Timestamp::ms),
            dated_sha256: dated.map(|dated| change_sha256(dated.change)),
        }
    }
}

#[derive(Deserialize)]
struct OutcomeIdRow {
    outcome_id: String,
}

#[derive(Deserialize)]
struct ChangeRow {
    outcome_id: String,
    content_sha256: String,
}

#[derive(Deserialize)]
struct FirstClickRow {
    name: String,
    first_click_at_ms: i64,
}

#[derive(Deserialize)]
struct OutcomeContentRow {
    outcome_id: String,
    content_sha256: String,
    reference: String,
    has_lead: u8,
}

impl OutcomeContentRow {
    fn held(self) -> (String, HeldOutcome) {
        let named_by = self.reference.split(':').next().unwrap_or_default();
        (
            self.outcome_id,
            HeldOutcome {
                content_sha256: self.content_sha256,
                named_by: named_by.to_owned(),
                has_lead: self.has_lead == 1,
            },
        )
    }
}
