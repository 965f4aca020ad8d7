//! What is printed, and how the command ends.

use attribution::file_check::{FileReport, Weight};
use attribution::pasted_id::PastedId;
use attribution::time_zone::rfc3339_seconds;

/// A text, and how the command ends with it.
#[derive(Debug)]
pub(crate) struct Answer {
    text: String,
    end: End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Fine,
    Findings,
    NothingToLookAt,
}

impl Answer {
    /// Nothing could be looked at, for this reason.
    pub(crate) fn nothing(text: String) -> Self {
        Self {
            text,
            end: End::NothingToLookAt,
        }
    }

    /// Of a file: what it is, each reason with its advice once, and where it was found.
    pub(crate) fn of_file(report: &FileReport) -> Self {
        let by_weight = [
            (report.refused, Weight::Refused),
            (report.later, Weight::Later),
            (report.doubtful, Weight::Doubtful),
        ];
        let mut text = format!("{}: {} rows\n{} fine", report.kind, report.rows, report.fine);
        for (rows, weight) in by_weight.into_iter().filter(|(rows, _)| *rows > 0) {
            text.push_str(&format!(", {rows} {}", weight.name()));
        }
        text.push('\n');
        if !report.counts.is_empty() {
            text.push('\n');
        }
        let width = report
            .counts
            .iter()
            .map(|count| count.findings)
            .max()
            .unwrap_or_default();
        let width = width.to_string().len();
        for count in &report.counts {
            let (weight, code, advice) = (count.weight.name(), count.code, &count.advice);
            text.push_str(&format!(
                "{weight:<9} {:>width$}  {code}: {advice}\n",
                count.findings
            ));
        }
        if !report.findings.is_empty() {
            text.push('\n');
        }
        for finding in &report.findings {
            let place = match (finding.line, finding.column.as_str()) {
                (0, "") => "the file".to_owned(),
                (0, column) => format!("the file, {column}"),
                (line, "") => format!("line {line}"),
                (line, column) => format!("line {line}, {column}"),
            };
            text.push_str(&format!("{place}: {}, {}\n", finding.weight.name(), finding.code));
        }
        if report.findings_not_listed > 0 {
            text.push_str(&format!("and {} more\n", report.findings_not_listed));
        }
        let end = if report.counts.is_empty() {
            End::Fine
        } else {
            End::Findings
        };
        Self { text, end }
    }

    /// Of click ids, of which an address may have several or none.
    pub(crate) fn of_ids(ids: &[PastedId]) -> Self {
        if ids.is_empty() {
            return Self::nothing("No click id stands in this address.\n".to_owned());
        }
        let mut text = String::new();
        for id in ids {
            match &id.problem {
                None => text.push_str(&format!("{}: fine\n", id.parameter)),
                Some(problem) => text.push_str(&format!(
                    "{}: {}, {}\n  {}\n",
                    id.parameter,
                    problem.weight.name(),
                    problem.code,
                    problem.advice
                )),
            }
            if let Some(clicked) = id.clicked {
                let (at, until) = (rfc3339_seconds(clicked.at), rfc3339_seconds(clicked.taken_until));
                let day = if clicked.is_day {
                    "on the day that begins at "
                } else {
                    ""
                };
                text.push_str(&format!(
                    "  clicked {day}{at}; Google takes its conversions until {until}\n"
                ));
            }
        }
        let end = if ids.iter().all(|id| id.problem.is_none()) {
            End::Fine
        } else {
            End::Findings
        };
        Self { text, end }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether there was something to look at.
    pub(crate) fn is_readable(&self) -> bool {
        self.end != End::NothingToLookAt
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self.end {
            End::Fine => 0,
            End::Findings => 1,
            End::NothingToLookAt => 2,
        }
    }
}
