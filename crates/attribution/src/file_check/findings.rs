//! What was found in a file so far: everything is counted, the first findings are listed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::fault::Fault;
use super::template::FileKind;
use super::{Count, FileReport, Finding, Weight};
use crate::click_id_check::ClickIdWarning;
use crate::judgement::Reason;
use crate::limits::CHECKED_CELL_CHARACTERS_MAX;

/// What is the matter.
#[derive(Clone, Copy)]
pub(super) enum Cause {
    /// A rule of the platform, as outcomes are judged by it.
    Reason(Reason),
    /// What happened to a click id.
    ClickId(ClickIdWarning),
    /// How something is written.
    Fault(Fault),
}

impl From<Reason> for Cause {
    fn from(reason: Reason) -> Self {
        Self::Reason(reason)
    }
}

impl From<ClickIdWarning> for Cause {
    fn from(warning: ClickIdWarning) -> Self {
        Self::ClickId(warning)
    }
}

impl From<Fault> for Cause {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Cause {
    fn code(self) -> &'static str {
        match self {
            Self::Reason(reason) => reason.code(),
            Self::ClickId(warning) => warning.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn advice(self) -> Cow<'static, str> {
        match self {
            Self::Reason(reason) => Cow::Borrowed(reason.advice()),
            Self::ClickId(warning) => Cow::Owned(warning.advice()),
            Self::Fault(fault) => Cow::Borrowed(fault.advice()),
        }
    }
}

/// The findings of a file that is being read.
pub(super) struct Findings {
    /// The present line; 0 before the first.
    line: u64,
    /// The surest finding of the present row.
    of_row: Option<Weight>,
    /// How many rows have which surest finding.
    rows: BTreeMap<Weight, usize>,
    counts: BTreeMap<(Weight, &'static str), Count>,
    whole: Vec<Finding>,
    listed: Vec<Finding>,
    listed_max: usize,
    not_listed: usize,
}

impl Findings {
    pub(super) fn new(listed_max: usize) -> Self {
        Self {
            line: 0,
            of_row: None,
            rows: BTreeMap::new(),
            counts: BTreeMap::new(),
            whole: Vec::new(),
            listed: Vec::new(),
            listed_max,
            not_listed: 0,
        }
    }

    pub(super) fn begin_row(&mut self, line: u64) {
        self.line = line;
        self.of_row = None;
    }

    pub(super) fn end_row(&mut self) {
        if let Some(weight) = self.of_row {
            *self.rows.entry(weight).or_default() += 1;
        }
    }

    /// Something about the present row, or a cell of it.
    pub(super) fn add(&mut self, column: &str, cell: &str, weight: Weight, cause: impl Into<Cause>) {
        let cause = cause.into();
        self.of_row = Some(self.of_row.map_or(weight, |surest| surest.min(weight)));
        self.count(weight, cause);
        if self.listed.len() < self.listed_max {
            let finding = finding(self.line, column, cell, weight, cause);
            self.listed.push(finding);
        } else {
            self.not_listed += 1;
        }
    }

    /// Something about the file as a whole.
    pub(super) fn add_whole(&mut self, column: &str, weight: Weight, cause: impl Into<Cause>) {
        let cause = cause.into();
        self.count(weight, cause);
        if self.whole.len() < self.listed_max {
            self.whole.push(finding(0, column, "", weight, cause));
        } else {
            self.not_listed += 1;
        }
    }

    fn count(&mut self, weight: Weight, cause: Cause) {
        let count = self
            .counts
            .entry((weight, cause.code()))
            .or_insert_with(|| Count {
                weight,
                code: cause.code(),
                advice: cause.advice(),
                findings: 0,
            });
        count.findings += 1;
    }

    pub(super) fn report(self, kind: FileKind, rows: usize) -> FileReport {
        let with = |weight| self.rows.get(&weight).copied().unwrap_or_default();
        let (refused, later, doubtful) = (with(Weight::Refused), with(Weight::Later), with(Weight::Doubtful));
        let mut counts: Vec<Count> = self.counts.into_values().collect();
        counts.sort_by_key(|count| (count.weight, std::cmp::Reverse(count.findings)));
        let mut findings = self.whole;
        findings.extend(self.listed);
        FileReport {
            kind: kind.name(),
            rows,
            fine: rows.saturating_sub(refused + later + doubtful),
            refused,
            later,
            doubtful,
            counts,
            findings,
            findings_not_listed: self.not_listed,
        }
    }
}

fn finding(line: u64, column: &str, cell: &str, weight: Weight, cause: Cause) -> Finding {
    let shown = cell.chars().take(CHECKED_CELL_CHARACTERS_MAX);
    Finding {
        line,
        column: column.chars().take(CHECKED_CELL_CHARACTERS_MAX).collect(),
        cell: shown.collect(),
        weight,
        code: cause.code(),
        advice: cause.advice(),
    }
}
