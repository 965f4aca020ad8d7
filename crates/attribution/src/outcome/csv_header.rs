//! Which column of a table holds what: by the names of JSON, and by what CRMs call the same.

use std::collections::BTreeMap;

use csv::StringRecord;

use super::BatchRefusal;
use super::row::Name;
use crate::click_id::ClickIdParameter;
use crate::limits::OUTCOMES_COLUMNS_MAX;

/// What CRMs and ad platforms call the columns, folded. A name of ours goes before any of these.
const ALIASES: [(&str, &str); 37] = [
    ("id", "outcome_id"),
    ("record_id", "outcome_id"),
    ("deal_id", "outcome_id"),
    ("order_id", "outcome_id"),
    ("order_number", "outcome_id"),
    ("transaction_id", "outcome_id"),
    ("opportunity_id", "outcome_id"),
    ("throughline_lead_id", "lead_id"),
    ("google_click_id", "gclid"),
    ("hs_google_click_id", "gclid"),
    ("microsoft_click_id", "msclkid"),
    ("facebook_click_id", "fbclid"),
    ("hs_facebook_click_id", "fbclid"),
    ("e_mail", "email"),
    ("email_address", "email"),
    ("e_mail_address", "email"),
    ("contact_email", "email"),
    ("phone_number", "phone"),
    ("telephone", "phone"),
    ("mobile", "phone"),
    ("mobile_phone", "phone"),
    ("stage", "kind"),
    ("deal_stage", "kind"),
    ("stage_name", "kind"),
    ("status", "kind"),
    ("conversion_name", "kind"),
    ("close_date", "occurred_at"),
    ("closed_at", "occurred_at"),
    ("won_time", "occurred_at"),
    ("conversion_time", "occurred_at"),
    ("amount", "value"),
    ("deal_value", "value"),
    ("conversion_value", "value"),
    ("currency_code", "currency"),
    ("deal_currency", "currency"),
    ("conversion_currency", "currency"),
    ("currency_iso_code", "currency"),
];

/// Where each name stands.
#[derive(Debug)]
pub(super) struct Columns {
    places: Vec<(Name, usize)>,
    count: usize,
}

/// How sure a header is of its name: a name of ours, or another word for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Spelled {
    Otherwise,
    AsOurs,
}

/// A column that could hold a name.
struct Claim {
    name: Name,
    spelled: Spelled,
    place: usize,
    /// Another column has the same right.
    is_contested: bool,
}

impl Columns {
    /// The names, and the columns that they stand in, counted from 0.
    pub(super) fn named(&self) -> impl Iterator<Item = (Name, usize)> {
        self.places.iter().copied()
    }

    /// How many columns there are, known or not.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The columns by name, counted from 1 as people do.
    pub(super) fn numbers(&self) -> BTreeMap<&'static str, usize> {
        self.named()
            .map(|(name, place)| (name.as_str(), place + 1))
            .collect()
    }
}

/// Reads the first line of a table.
///
/// # Errors
/// Without a column for the outcome_id, or where two columns claim one name with the same right.
pub(super) fn columns_of(header: &StringRecord) -> Result<Columns, BatchRefusal> {
    let mut found: Vec<Claim> = Vec::new();
    for (place, text) in header.iter().take(OUTCOMES_COLUMNS_MAX).enumerate() {
        let Some((name, spelled)) = name_of(text) else {
            continue;
        };
        let claim = Claim {
            name,
            spelled,
            place,
            is_contested: false,
        };
        match found.iter_mut().find(|other| other.name == name) {
            None => found.push(claim),
            Some(other) if other.spelled < spelled => *other = claim,
            Some(other) => other.is_contested |= other.spelled == spelled,
        }
    }
    if !found.iter().any(|claim| claim.name == Name::OutcomeId) {
        return Err(BatchRefusal::CsvHeaderUnknown);
    }
    if found.iter().any(|claim| claim.is_contested) {
        return Err(BatchRefusal::CsvHeaderAmbiguous);
    }
    Ok(Columns {
        places: found.into_iter().map(|claim| (claim.name, claim.place)).collect(),
        count: header.len(),
    })
}

fn name_of(header: &str) -> Option<(Name, Spelled)> {
    let folded = folded(header);
    let click_id =
        || ClickIdParameter::all().find(|parameter| parameter.name().eq_ignore_ascii_case(&folded));
    let ours = Name::named(&folded).or_else(|| Name::named(click_id()?.name()));
    if let Some(name) = ours {
        return Some((name, Spelled::AsOurs));
    }
    let (_, name) = ALIASES.iter().find(|(alias, _)| *alias == folded)?;
    Some((Name::named(name)?, Spelled::Otherwise))
}

/// In small letters, with `_` for whatever stands between words, and without the ending of Salesforce's own fields:
/// `Outcome ID`, `outcome-id` and `Outcome_ID__c` are all `outcome_id`.
fn folded(header: &str) -> String {
    let header = header.trim().to_lowercase();
    let header = header.strip_suffix("__c").unwrap_or(&header);
    let words = header.split(|character: char| !character.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("_")
}
