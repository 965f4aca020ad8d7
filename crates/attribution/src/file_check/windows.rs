//! The rules of a line's time: whether it can be read, and whether it lies in the platform's windows. The click's moment is
//! known only as far as its id tells, so whatever rests on that is doubtful, and the click is given the benefit: it is
//! taken for the newest that it can be.

use super::Weight::{Doubtful, Later, Refused};
use super::fault::Fault;
use super::file_time::{FileTime, ZonePart, read_file_time};
use super::findings::Findings;
use super::line::Line;
use super::template::{Column, FileKind};
use crate::adjustment::{Adjustment, Change};
use crate::click_id::ClickIdParameter;
use crate::click_id_check::{self, ClickIdWarning, ClickMoment};
use crate::google::adjustment_rules;
use crate::google::click_rules::{CLICK_WAIT_HOURS, ClickRules, FoundBy};
use crate::judgement::{Judgement, Reason};
use crate::microsoft::click_rules::{GoalRules, judge_adjustment};
use crate::timestamp::{HOUR_MS, Timestamp};

/// `told` is what the line's ids told against the moment of their click.
pub(super) fn check(line: &Line<'_>, told: Option<ClickIdWarning>, findings: &mut Findings) {
    let column = line.layout.time();
    let Some(moment) = read(line, column, findings) else {
        return;
    };
    let judgement = match line.kind() {
        FileKind::GoogleClicks | FileKind::GoogleLeads | FileKind::GoogleDataManager => {
            ClickRules::default().judge(found_by(line, moment), moment, line.now)
        }
        FileKind::MicrosoftConversions => GoalRules::default().judge(None, moment, line.now),
        FileKind::GoogleAdjustments | FileKind::MicrosoftAdjustments => {
            let converted_at = if line.cell(Column::ConversionTime).is_empty() {
                None
            } else {
                read(line, Column::ConversionTime, findings)
            };
            judge_change(line, converted_at, moment)
        }
    };
    match judgement {
        Judgement::Refuse(reason) | Judgement::Hold(reason) => line.add(findings, column, Refused, reason),
        // A file is uploaded now, and does not wait for it.
        Judgement::Wait { .. } if moment > line.now => {
            line.add(findings, column, Refused, Reason::ConversionInFuture);
        }
        // How fresh the click is, nobody knows so far.
        Judgement::Wait { .. } | Judgement::Deliverable(()) => {
            // A conversion before a click in the future is no second fault.
            let is_told = told == Some(ClickIdWarning::InFuture);
            if !line.kind().is_adjustments() && !is_told {
                check_click(line, column, moment, findings);
            }
        }
    }
}

/// The click is at best a moment before the conversion.
fn found_by(line: &Line<'_>, converted_at: Timestamp) -> FoundBy {
    let ids = [Column::Gclid, Column::Gbraid, Column::Wbraid];
    if ids.iter().all(|column| line.cell(*column).is_empty()) {
        FoundBy::UserData { clicked_at: None }
    } else {
        FoundBy::ClickId {
            clicked_at: converted_at.plus_ms(-1),
        }
    }
}

/// A change is after its conversion, so where nobody says when that was, it was at best a moment before.
fn judge_change(line: &Line<'_>, converted_at: Option<Timestamp>, changed_at: Timestamp) -> Judgement<()> {
    let converted_at = converted_at.unwrap_or(changed_at.plus_ms(-1));
    let adjustment = Adjustment {
        // Which change it is, is asked elsewhere.
        change: Change::Retract,
        changed_at,
    };
    if line.kind().is_microsofts() {
        judge_adjustment(converted_at, &adjustment, line.now)
    } else {
        adjustment_rules::judge(converted_at, &adjustment, line.now)
    }
}

/// Compares the conversion with the click, where the id tells of one.
fn check_click(line: &Line<'_>, column: Column, converted_at: Timestamp, findings: &mut Findings) {
    let Some(click) = click_of(line) else {
        return;
    };
    if converted_at < click.earliest() {
        return line.add(findings, column, Doubtful, Reason::ConversionBeforeClick);
    }
    // That the window has closed, the id's own check has told.
    let known_at = click.at().plus_ms(i64::from(CLICK_WAIT_HOURS) * HOUR_MS);
    if !click.is_day() && line.now < known_at {
        line.add(findings, column, Later, Reason::ClickTooRecent);
    }
}

fn click_of(line: &Line<'_>) -> Option<ClickMoment> {
    let told = |column, name| {
        let parameter = ClickIdParameter::named(name)?;
        click_id_check::click_moment(parameter, line.cell(column))
    };
    told(Column::Gclid, "gclid").or_else(|| {
        let has_place = line.kind() == FileKind::GoogleDataManager;
        told(Column::Wbraid, "wbraid").filter(|_| has_place)
    })
}

/// The moment that a cell names, as far as it can be known; what is wrong with the cell is added.
fn read(line: &Line<'_>, column: Column, findings: &mut Findings) -> Option<Timestamp> {
    let text = line.cell(column);
    let is_data_manager = line.kind() == FileKind::GoogleDataManager;
    let is_microsofts = line.kind().is_microsofts();
    if !line.layout.has(column) {
        return None;
    }
    if text.is_empty() {
        line.add(findings, column, Refused, Fault::TimeMissing);
        return None;
    }
    match read_file_time(text, line.zone) {
        FileTime::Moment(moment, part) => {
            match part {
                ZonePart::OffsetWithColon if !is_data_manager => {
                    line.add(findings, column, Refused, Fault::OffsetWithColon);
                }
                ZonePart::Utc if !is_data_manager => {
                    line.add(findings, column, Doubtful, Fault::TimeFormUnlisted);
                }
                ZonePart::Name if is_microsofts => {
                    line.add(findings, column, Doubtful, Fault::ZoneNotMicrosofts);
                }
                _ => {}
            }
            Some(moment)
        }
        FileTime::Unlisted(moment) => {
            line.add(findings, column, Doubtful, Fault::TimeFormUnlisted);
            Some(moment)
        }
        FileTime::NoZone if is_data_manager => {
            line.add(findings, column, Doubtful, Fault::TimeWithoutFallback);
            None
        }
        FileTime::NoZone => {
            // Microsoft does not say what it does with such a time.
            let weight = if is_microsofts { Doubtful } else { Refused };
            line.add(findings, column, weight, Fault::TimeWithoutOffset);
            None
        }
        // It may stand in Microsoft's own list.
        FileTime::ZoneOfAnotherList if is_microsofts => None,
        FileTime::ZoneOfAnotherList | FileTime::Unreadable => {
            line.add(findings, column, Refused, Fault::TimeInvalid);
            None
        }
    }
}
