//! Pipedrive: changes of deals, webhooks version 2 (<https://pipedrive.readme.io/docs/guide-for-webhooks-v2>). `data` is
//! the deal as it stands now, `previous` what it was before the change.
//!
//! Fields of one's own have keys of forty digits, which the site maps: `{"lead_id": "/data/custom_fields/<key>"}`.

use serde_json::value::RawValue;

use super::mapping::{Mapping, text};
use super::pointer::{at, number_at, text_at};
use super::{Event, WebhookRefusal};
use crate::outcome::row::{Cell, Name, Row, Spelling};
use crate::timestamp::{SECOND_MS, Timestamp};

const PLACES: [(&str, &str); 4] = [
    ("occurred_at", "/data/won_time"),
    ("occurred_at", "/data/update_time"),
    ("value", "/data/value"),
    ("currency", "/data/currency"),
];

const USUAL_KINDS: [(&str, &str); 1] = [(WON, "won")];

/// The status of a deal that was won.
const WON: &str = "won";

pub(super) fn hear(json: &RawValue, mapping: &Mapping) -> Result<Event, WebhookRefusal> {
    let entity = text_at(json, "/meta/entity").ok_or(WebhookRefusal::NotOfProvider)?;
    let is_now = text_at(json, "/data/status");
    let was_before = text_at(json, "/previous/status");
    if entity != "deal" {
        return Ok(Event::Ignored);
    }
    let id = text_at(json, "/data/id").or_else(|| text_at(json, "/previous/id"));
    let id = id.or_else(|| text_at(json, "/meta/entity_id"));
    let id = id.ok_or(WebhookRefusal::NotOfProvider)?;
    let Some(kind) = mapping.kind_of(WON, &USUAL_KINDS) else {
        return Ok(Event::Ignored);
    };
    let outcome_id = format!("{id}-{kind}");
    match (is_now.as_deref(), was_before.as_deref()) {
        (Some(WON), Some(WON) | None) if at(json, "/previous").is_some() => {
            let value_has_changed =
                at(json, "/previous/value").is_some() || at(json, "/previous/currency").is_some();
            Ok(if value_has_changed {
                Event::Told(change(json, &outcome_id, "restate"))
            } else {
                Event::Ignored
            })
        }
        (Some(WON), _) => {
            let mut row = mapping.row(json, "/data/throughline", &PLACES);
            row.set(Name::OutcomeId, text(&outcome_id));
            row.set(Name::Kind, text(&kind));
            Ok(Event::Record(row))
        }
        // Opened again, lost, or deleted.
        (_, Some(WON)) => Ok(Event::Told(change(json, &outcome_id, "retract"))),
        _ => Ok(Event::Ignored),
    }
}

fn change(json: &RawValue, outcome_id: &str, change: &str) -> Row<'static> {
    let mut row = Row::new(Spelling::Exact);
    row.set(Name::OutcomeId, text(outcome_id));
    row.set(Name::Change, text(change));
    if change == "restate" {
        for (name, place) in [(Name::Value, "/data/value"), (Name::Currency, "/data/currency")] {
            if let Some(value) = at(json, place) {
                row.set(name, Cell::of_json(value).into_owned());
            }
        }
    }
    if let Some(changed_at) = moment_of(json) {
        row.set(Name::ChangedAt, text(&changed_at));
    }
    row
}

/// Version 2 writes a time, or seconds since 1970 as version 1 did.
fn moment_of(json: &RawValue) -> Option<String> {
    match number_at(json, "/meta/timestamp") {
        Some(seconds) => Some(Timestamp::from_ms(seconds.checked_mul(SECOND_MS)?).to_rfc3339()),
        None => text_at(json, "/meta/timestamp"),
    }
}
