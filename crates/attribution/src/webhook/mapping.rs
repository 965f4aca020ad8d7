//! Which value of a provider's body is which name of an outcome, and which of its words is which kind.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::Event;
use super::pointer::{at, text_at};
use crate::click_id::ClickIdParameter;
use crate::outcome::row::{Cell, Name, Row, Spelling};
use crate::timestamp::Timestamp;

/// What a site says about the words of its provider, beside what is known of the provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// Where a value stands, as a JSON pointer; it goes before the provider's own place.
    pub fields: Vec<(Name, String)>,
    /// A value that every event has, such as the currency of a site that knows only one.
    pub constants: Vec<(Name, String)>,
    /// The kind of outcome for the provider's word, such as `won` for `closedwon`. Empty: the provider's usual ones.
    pub kinds: BTreeMap<String, String>,
}

/// The places that are known of a provider: a name and a pointer, the likelier first.
pub(super) type Places = [(&'static str, &'static str)];

/// Digits of milliseconds since 1970 between the years 2001 and 2286.
const MS_DIGITS: usize = 13;

impl Mapping {
    /// The event of a body that holds an outcome or the record of a deal. Our own names stand at `own_place`. `id_places` are where the id of the record
    /// stands: a record comes again with each change of the deal, so its outcome is named by the record and the kind.
    /// `usual_kinds` are the words that count where the site has set none.
    pub(super) fn hear(
        &self,
        json: &RawValue,
        own_place: &str,
        places: &Places,
        id_places: &[&str],
        usual_kinds: &[(&str, &str)],
    ) -> Event {
        let mut row = self.row(json, own_place, places);
        let word = row.text(Name::Kind);
        let kind = match &word {
            None => None,
            Some(word) => match self.kind_of(word, usual_kinds) {
                Some(kind) => Some(kind),
                None => return Event::Ignored,
            },
        };
        if let Some(kind) = &kind {
            row.set(Name::Kind, text(kind));
        }
        if row.text(Name::OutcomeId).is_some() {
            return Event::Told(row);
        }
        let id = id_places
            .iter()
            .find_map(|place| text_at(unwrapped(json, place)?, ""));
        match (id, kind) {
            (Some(id), Some(kind)) => {
                row.set(Name::OutcomeId, text(&format!("{id}-{kind}")));
                Event::Record(row)
            }
            _ => Event::Told(row),
        }
    }

    /// The values that the site and the provider's places name.
    pub(super) fn row(&self, json: &RawValue, own_place: &str, places: &Places) -> Row<'static> {
        let mut row = Row::new(Spelling::Exact);
        for (name, pointer) in &self.fields {
            take(&mut row, *name, json, pointer);
        }
        take_own_names(&mut row, json, own_place);
        for (name, pointer) in places {
            if let Some(name) = Name::named(name) {
                take(&mut row, name, json, pointer);
            }
        }
        for (name, value) in &self.constants {
            let _ = row.add(*name, text(value));
        }
        // A deal without an amount still has the currency of its account. Where the amount of a record is known to stand,
        // that it is missing is nobody's mistake.
        if places.iter().any(|(name, _)| *name == Name::Value.as_str()) && !self.maps(Name::Value) {
            row.drop_lone_currency();
        }
        row
    }

    fn maps(&self, name: Name) -> bool {
        self.fields.iter().any(|(other, _)| *other == name)
    }

    /// Our kind for a provider's word; a word that is already one of ours stays.
    pub(super) fn kind_of(&self, word: &str, usual_kinds: &[(&str, &str)]) -> Option<String> {
        if self.kinds.is_empty() {
            let usual = usual_kinds
                .iter()
                .find(|(other, kind)| *other == word || *kind == word);
            return match usual {
                Some((_, kind)) => Some((*kind).to_owned()),
                None => usual_kinds.is_empty().then(|| word.to_owned()),
            };
        }
        let is_ours = || {
            self.kinds
                .values()
                .any(|kind| kind == word)
                .then(|| word.to_owned())
        };
        self.kinds.get(word).cloned().or_else(is_ours)
    }
}

/// The first value that is there counts.
fn take(row: &mut Row<'static>, name: Name, json: &RawValue, pointer: &str) {
    let Some(value) = unwrapped(json, pointer) else {
        return;
    };
    let cell = Cell::of_json(value).into_owned();
    if !cell.is_empty() {
        let _ = row.add(name, moment_or(name, cell));
    }
}

/// The value at a pointer; some providers put a field's value into an object together with its type or source.
fn unwrapped<'a>(json: &'a RawValue, pointer: &str) -> Option<&'a RawValue> {
    let value = at(json, pointer)?;
    if value.get().starts_with('{') {
        at(value, "/value")
    } else {
        Some(value)
    }
}

/// A time in milliseconds since 1970, as HubSpot writes it, becomes one that can be read.
fn moment_or(name: Name, cell: Cell<'static>) -> Cell<'static> {
    let (Name::OccurredAt | Name::ChangedAt, Cell::Text(digits) | Cell::Number(digits)) = (name, &cell)
    else {
        return cell;
    };
    let is_ms = digits.len() == MS_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse() {
        Ok(ms) if is_ms => text(&Timestamp::from_ms(ms).to_rfc3339()),
        _ => cell,
    }
}

/// A value of our own making.
pub(super) fn text(text: &str) -> Cell<'static> {
    Cell::Text(Cow::Owned(text.to_owned()))
}

/// Takes our own names as they stand in the object at `place`, the click ids too.
fn take_own_names(row: &mut Row<'static>, json: &RawValue, place: &str) {
    const NAMES: [&str; 10] = [
        "outcome_id",
        "lead_id",
        "email",
        "phone",
        "kind",
        "occurred_at",
        "value",
        "currency",
        "change",
        "changed_at",
    ];
    let click_ids = ClickIdParameter::all().map(ClickIdParameter::name);
    for name in NAMES.into_iter().chain(click_ids) {
        if let Some(known) = Name::named(name) {
            take(row, known, json, &format!("{place}/{name}"));
        }
    }
}
