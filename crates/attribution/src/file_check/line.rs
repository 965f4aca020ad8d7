//! The rules of one line, but for those of its time.

use csv::StringRecord;

use super::Weight::{Doubtful, Refused};
use super::fault::Fault;
use super::findings::Findings;
use super::template::{Column, FileKind, Layout};
use super::{Weight, windows};
use crate::click_id::ClickIdParameter;
use crate::click_id_check::{self, ClickIdWarning};
use crate::judgement::Reason;
use crate::microsoft::conversion::is_in_range;
use crate::money::{Money, MoneyError};
use crate::personal_data::holds_email_address;
use crate::time_zone::TimeZone;
use crate::timestamp::Timestamp;

/// The SHA-256 of an empty text.
const HASH_OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The columns of click ids, and the parameter of each.
const IDS: [(Column, &str); 4] = [
    (Column::Gclid, "gclid"),
    (Column::Gbraid, "gbraid"),
    (Column::Wbraid, "wbraid"),
    (Column::Msclkid, "msclkid"),
];

/// One line below the header.
pub(super) struct Line<'a> {
    pub(super) layout: &'a Layout,
    pub(super) record: &'a StringRecord,
    /// Where the file's clocks hang, if it says so.
    pub(super) zone: Option<&'a TimeZone>,
    pub(super) now: Timestamp,
}

impl<'a> Line<'a> {
    pub(super) fn cell(&self, column: Column) -> &'a str {
        self.layout.cell(self.record, column)
    }

    pub(super) fn kind(&self) -> FileKind {
        self.layout.kind()
    }

    /// Something about a cell.
    pub(super) fn add(
        &self,
        findings: &mut Findings,
        column: Column,
        weight: Weight,
        cause: impl Into<super::findings::Cause>,
    ) {
        findings.add(self.layout.name(column), self.cell(column), weight, cause);
    }

    /// Whether each cell stands under a name. With more cells than names none can be trusted to stand under its own.
    pub(super) fn fits(&self, findings: &mut Findings) -> bool {
        let count = self.layout.count();
        let has_more = self.record.iter().skip(count).any(|cell| !cell.trim().is_empty());
        if has_more {
            findings.add("", "", Refused, Fault::ColumnsMismatch);
        } else if self.record.len() < count {
            findings.add("", "", Doubtful, Fault::ColumnsMismatch);
        }
        !has_more
    }

    pub(super) fn check(&self, findings: &mut Findings) {
        let told = self.click_ids(findings);
        self.contact(findings);
        self.identifiers(findings);
        self.name(findings);
        windows::check(self, told, findings);
        self.change(findings);
        self.money(findings);
        self.consent(findings);
        if holds_email_address(self.cell(Column::OrderId)) {
            // Microsoft has no such column, and says nothing of it.
            let weight = if self.kind().is_microsofts() {
                Doubtful
            } else {
                Refused
            };
            self.add(findings, Column::OrderId, weight, Reason::OrderIdNamesPerson);
        }
    }

    /// Answers what the ids themselves tell against the moment of the click, so that it is not said twice.
    fn click_ids(&self, findings: &mut Findings) -> Option<ClickIdWarning> {
        let mut told = None;
        for (column, name) in IDS {
            let id = self.cell(column);
            // Only the Data Manager has a place for gbraids and wbraids; the header was told.
            let is_braid = matches!(column, Column::Gbraid | Column::Wbraid);
            let is_asked = !id.is_empty() && (!is_braid || self.kind() == FileKind::GoogleDataManager);
            let parameter = ClickIdParameter::named(name).filter(|_| is_asked);
            let warning = parameter.and_then(|parameter| {
                let warning = click_id_check::check(parameter, id, None, self.now)?;
                Some((warning, Weight::of_id(parameter, id, warning)))
            });
            if let Some((warning, weight)) = warning {
                self.add(findings, column, weight, warning);
                told = Some(warning);
            }
        }
        told
    }

    fn contact(&self, findings: &mut Findings) {
        for column in [Column::Email, Column::Phone] {
            let hash = self.cell(column);
            let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            if hash.is_empty() {
                continue;
            }
            if !is_hash {
                // Google does not say here whether it hashes by itself; Microsoft says that it takes nothing else.
                let weight = if self.kind().is_microsofts() {
                    Refused
                } else {
                    Doubtful
                };
                self.add(findings, column, weight, Fault::HashInvalid);
            } else if hash.eq_ignore_ascii_case(HASH_OF_NOTHING) {
                self.add(findings, column, Doubtful, Fault::HashOfNothing);
            } else if hash.bytes().any(|byte| byte.is_ascii_uppercase()) {
                self.add(findings, column, Doubtful, Fault::HashInCapitals);
            }
        }
    }

    fn identifiers(&self, findings: &mut Findings) {
        let is_there = |column: &Column| !self.cell(*column).is_empty();
        let ids = [Column::Gclid, Column::Gbraid, Column::Wbraid];
        let (first, needed): (Column, &[Column]) = match self.kind() {
            FileKind::GoogleClicks => (Column::Gclid, &[Column::Gclid]),
            FileKind::GoogleLeads => (Column::Email, &[Column::Gclid, Column::Email, Column::Phone]),
            FileKind::GoogleDataManager => (
                Column::Gclid,
                &[
                    Column::Gclid,
                    Column::Gbraid,
                    Column::Wbraid,
                    Column::Email,
                    Column::Phone,
                ],
            ),
            FileKind::GoogleAdjustments => (Column::OrderId, &[Column::OrderId, Column::Gclid]),
            FileKind::MicrosoftConversions | FileKind::MicrosoftAdjustments => {
                (Column::Msclkid, &[Column::Msclkid, Column::Email, Column::Phone])
            }
        };
        if !needed.iter().any(is_there) {
            self.add(findings, first, Refused, Fault::IdentifierMissing);
        } else if self.kind() == FileKind::GoogleDataManager
            && ids.iter().filter(|id| is_there(id)).count() > 1
        {
            findings.add("", "", Doubtful, Fault::SeveralIds);
        } else if self.kind() == FileKind::GoogleAdjustments && needed.iter().all(is_there) {
            findings.add("", "", Doubtful, Fault::ConversionNamedTwice);
        }
    }

    fn name(&self, findings: &mut Findings) {
        let column = Column::ConversionName;
        let name = self.cell(column);
        if !self.layout.has(column) {
            // The header was told, or it is chosen in Google Ads.
        } else if name.is_empty() {
            self.add(findings, column, Refused, Fault::NameMissing);
        } else if name.contains(['\r', '\n']) {
            self.add(findings, column, Doubtful, Fault::NameBroken);
        }
    }

    fn change(&self, findings: &mut Findings) {
        if !self.kind().is_adjustments() || !self.layout.has(Column::AdjustmentType) {
            return;
        }
        let has_value = !self.cell(Column::Value).is_empty();
        match self.cell(Column::AdjustmentType).to_ascii_uppercase().as_str() {
            "RESTATE" if !has_value => self.add(findings, Column::Value, Refused, Fault::ValueNeeded),
            "RETRACT" if has_value => {
                let weight = if self.kind().is_microsofts() {
                    Refused
                } else {
                    Doubtful
                };
                self.add(findings, Column::Value, weight, Fault::ValueNotExpected);
            }
            "RESTATE" | "RETRACT" => {}
            "RESTATEMENT" | "RETRACTION" => {
                self.add(findings, Column::AdjustmentType, Refused, Fault::WordOfTheApi);
            }
            _ => self.add(findings, Column::AdjustmentType, Refused, Fault::ChangeUnknown),
        }
    }

    fn money(&self, findings: &mut Findings) {
        let (value, currency) = (self.cell(Column::Value), self.cell(Column::Currency));
        // Without a currency the account's own counts, and without a value the action's; what is there must be right.
        let asked = |text: &'a str, otherwise| if text.is_empty() { otherwise } else { text };
        match Money::parse(asked(value, "0"), asked(currency, "EUR")) {
            Ok(money) if self.kind().is_microsofts() && !is_in_range(money) => {
                self.add(findings, Column::Value, Refused, Reason::ValueOutOfRange);
            }
            Ok(_) => {}
            Err(MoneyError::Amount) => self.add(findings, Column::Value, Refused, Fault::ValueInvalid),
            Err(MoneyError::Negative) => self.add(findings, Column::Value, Refused, Fault::ValueNegative),
            Err(MoneyError::Currency) => {
                self.add(findings, Column::Currency, Refused, Fault::CurrencyUnknown)
            }
        }
    }

    /// A refusal of `ad_user_data` is one of the platform too; one of `ad_personalization` is not.
    fn consent(&self, findings: &mut Findings) {
        for column in [Column::AdUserData, Column::AdPersonalization] {
            let word = self.cell(column);
            if word == "Denied" && column == Column::AdUserData {
                self.add(findings, column, Refused, Reason::UserDataDenied);
            } else if ["", "Granted", "Denied"].contains(&word) {
                // As it should be.
            } else if ["granted", "denied"].contains(&word.to_ascii_lowercase().as_str()) {
                self.add(findings, column, Doubtful, Fault::ConsentSpelled);
            } else {
                self.add(findings, column, Refused, Fault::ConsentUnknown);
            }
        }
    }

    /// By what the platform tells conversions apart.
    pub(super) fn key(&self) -> String {
        let order_id = Some(Column::OrderId).filter(|_| !self.kind().is_microsofts());
        let columns: &[Column] = match order_id {
            Some(order_id) if !self.cell(order_id).is_empty() => &[
                Column::OrderId,
                Column::ConversionName,
                Column::AdjustmentType,
                Column::AdjustmentTime,
            ],
            _ => &[
                Column::Gclid,
                Column::Gbraid,
                Column::Wbraid,
                Column::Msclkid,
                Column::Email,
                Column::Phone,
                Column::ConversionName,
                Column::ConversionTime,
                Column::AdjustmentType,
                Column::AdjustmentTime,
            ],
        };
        let cells: Vec<&str> = columns.iter().map(|column| self.cell(*column)).collect();
        cells.join("\n")
    }

    /// In the Data Manager a second row of one transaction may change the first.
    pub(super) fn weight_of_repetition(&self) -> Weight {
        if self.kind() == FileKind::GoogleDataManager {
            Doubtful
        } else {
            Refused
        }
    }
}
