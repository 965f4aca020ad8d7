//! The model: lists, and a few lines for each action.

use std::collections::{BTreeMap, BTreeSet};

/// What the store must hold: who came first, stays.
#[derive(Debug, Default)]
pub(crate) struct Model {
    /// Variant, and whether a robot sent it.
    pub(crate) leads: BTreeMap<u64, (u8, bool)>,
    /// Lead and variant.
    pub(crate) outcomes: BTreeMap<u8, (u64, u8)>,
    /// Leads whose persons are forgotten.
    pub(crate) erased: BTreeSet<u64>,
    /// What was said of an outcome later, in that order: the moment, and the new value or `None`.
    pub(crate) changes: BTreeMap<u8, Vec<(i64, Option<u8>)>>,
    /// When an outcome was fetched first.
    pub(crate) fetched: BTreeMap<u8, i64>,
}

/// Reasons with their counts.
pub(crate) type LeftOut = BTreeMap<&'static str, usize>;

/// What must come of an action: done, done before, another was before or nothing is there, or it was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    New,
    Same,
    Other,
    Erased,
}

fn put<K: Ord, V: PartialEq>(
    map: &mut BTreeMap<K, V>,
    key: K,
    value: V,
    is_same: fn(&V, &V) -> bool,
    is_kept: bool,
) -> Expected {
    match map.get(&key) {
        Some(held) if is_same(held, &value) => Expected::Same,
        Some(_) => Expected::Other,
        None => {
            if is_kept {
                map.insert(key, value);
            }
            Expected::New
        }
    }
}

impl Model {
    pub(crate) fn submit(&mut self, lead: u64, variant: u8, is_robot: bool, is_kept: bool) -> Expected {
        if self.erased.contains(&lead) {
            return Expected::Erased;
        }
        // The browser that sends is no part of what makes it the same lead.
        put(
            &mut self.leads,
            lead,
            (variant, is_robot),
            |held, new| held.0 == new.0,
            is_kept,
        )
    }

    pub(crate) fn tell(&mut self, outcome: u8, lead: u64, variant: u8, is_kept: bool) -> Expected {
        if self.erased.contains(&lead) {
            return Expected::Other;
        }
        put(
            &mut self.outcomes,
            outcome,
            (lead, variant),
            |held, new| held == new,
            is_kept,
        )
    }

    /// Whatever comes of a lead later stays away; an erasure of nothing at all is told so.
    pub(crate) fn erase(&mut self, lead: u64, is_kept: bool) -> Expected {
        let is_known = self.leads.contains_key(&lead)
            || self.outcomes.values().any(|(of, _)| *of == lead)
            || self.erased.contains(&lead);
        if is_kept {
            self.leads.remove(&lead);
            let of_lead = self.outcomes.extract_if(.., |_, (of, _)| *of == lead);
            for outcome in of_lead.map(|(outcome, _)| outcome).collect::<Vec<_>>() {
                self.changes.remove(&outcome);
                self.fetched.remove(&outcome);
            }
            self.erased.insert(lead);
        }
        if is_known {
            Expected::Erased
        } else {
            Expected::Other
        }
    }

    /// A second retract says nothing new, and neither does the value that is the newest already.
    pub(crate) fn change(&mut self, outcome: u8, value: Option<u8>, now_ms: i64, is_kept: bool) -> Expected {
        let changes = self.changes.entry(outcome).or_default();
        let is_known = match value {
            None => changes.iter().any(|(_, value)| value.is_none()),
            Some(_) => {
                let newest = changes.iter().rev().find(|(_, value)| value.is_some());
                newest.is_some_and(|(_, newest)| *newest == value)
            }
        };
        if is_known {
            return Expected::Same;
        }
        if is_kept {
            changes.push((now_ms, value));
        }
        Expected::New
    }

    /// The outcomes in the file, and how many are left out for which reason.
    pub(crate) fn file(&self) -> (Vec<u8>, LeftOut) {
        let (mut rows, mut left_out) = (Vec::new(), LeftOut::new());
        for (outcome, (lead, _)) in &self.outcomes {
            let is_retracted = self.changes_of(*outcome).iter().any(|(_, value)| value.is_none());
            let reason = match self.leads.get(lead) {
                _ if is_retracted => "retracted",
                Some((_, true)) => "lead_suspected",
                None => "lead_waiting",
                Some((_, false)) => {
                    rows.push(*outcome);
                    continue;
                }
            };
            *left_out.entry(reason).or_default() += 1;
        }
        (rows, left_out)
    }

    /// The same of the file of changes: of each fetched outcome the last word, if it came after the fetch.
    pub(crate) fn file_of_changes(&self) -> (usize, LeftOut) {
        let (mut rows, mut left_out) = (0, LeftOut::new());
        for outcome in self.outcomes.keys() {
            let changes = self.changes_of(*outcome);
            let retract = changes.iter().position(|(_, value)| value.is_none());
            let last_word = retract.or(changes.len().checked_sub(1));
            for (place, (told_ms, _)) in changes.iter().enumerate() {
                let reason = match self.fetched.get(outcome) {
                    None => "original_not_delivered",
                    Some(fetched_ms) if told_ms < fetched_ms => "change_in_conversion",
                    Some(_) if last_word == Some(place) => {
                        rows += 1;
                        continue;
                    }
                    Some(_) => "change_overtaken",
                };
                *left_out.entry(reason).or_default() += 1;
            }
        }
        (rows, left_out)
    }

    pub(crate) fn changes_of(&self, outcome: u8) -> &[(i64, Option<u8>)] {
        self.changes.get(&outcome).map(Vec::as_slice).unwrap_or_default()
    }

    /// What goes out is remembered from the first time on.
    pub(crate) fn fetch(&mut self, now_ms: i64, is_kept: bool) {
        if is_kept {
            for outcome in self.file().0 {
                self.fetched.entry(outcome).or_insert(now_ms);
            }
        }
    }
}
