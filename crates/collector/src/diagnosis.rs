//! How many of what there were, as diagnostics show it. Every lead is counted under one trace of a click, and every outcome
//! at a destination is deliverable, or waits, is held or is refused for one reason.

use std::collections::BTreeMap;

use attribution::click_trace::ClickTrace;
use attribution::delivery::DeliveryRecord;
use attribution::timestamp::Timestamp;
use attribution::upload_status::UploadFacts;
use serde::Serialize;

use crate::destination::DestinationRow;
use crate::store::diagnostics::LeadCount;

/// Counts of one day, or of all.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Counts {
    leads: LeadCounts,
    /// Outcomes that were told.
    pub outcomes: u64,
    /// Those of them whose lead is stored.
    pub matched: u64,
    /// How the outcomes stand, by destination.
    destinations: BTreeMap<String, Standing>,
}

/// Leads by what they know of an ad click. All but `count` and `suspected` add up to `count`.
#[derive(Clone, Debug, Default, Serialize)]
struct LeadCounts {
    count: u64,
    /// Those that do not look like a person's. They are counted below like all others.
    suspected: u64,
    usable_click: u64,
    damaged_click: u64,
    unknown_id: u64,
    paid_without_id: u64,
    no_click: u64,
    /// Leads that are older than this count.
    not_recorded: u64,
}

/// How the outcomes that a destination takes stand there. `deliverable` and the counts by reason add up to `outcomes`.
#[derive(Clone, Debug, Default, Serialize)]
struct Standing {
    outcomes: u64,
    /// Those that the rules let through: in the queue, on their way, or at the platform.
    deliverable: u64,
    /// Those of them that the platform was given.
    delivered: u64,
    /// Those of them that the platform says it has taken. Of a file no platform says so here.
    confirmed: u64,
    waiting: BTreeMap<String, u64>,
    held: BTreeMap<String, u64>,
    refused: BTreeMap<String, u64>,
}

impl Counts {
    /// Counts leads.
    pub fn add_leads(&mut self, leads: &LeadCount) {
        let counts = &mut self.leads;
        counts.count += leads.count;
        counts.suspected += leads.count * u64::from(leads.is_suspected);
        let mut traces = ClickTrace::ALL.into_iter();
        let trace = traces.find(|trace| leads.click.as_deref() == Some(trace.name()));
        let of_trace = match trace {
            Some(ClickTrace::Usable) => &mut counts.usable_click,
            Some(ClickTrace::Damaged) => &mut counts.damaged_click,
            Some(ClickTrace::UnknownId) => &mut counts.unknown_id,
            Some(ClickTrace::PaidWithoutId) => &mut counts.paid_without_id,
            Some(ClickTrace::None) => &mut counts.no_click,
            None => &mut counts.not_recorded,
        };
        *of_trace += leads.count;
    }

    /// Counts outcomes that stand so at a destination.
    pub fn add_standing(&mut self, destination: &str, record: &DeliveryRecord, count: u64) {
        let standing = self.destinations.entry(destination.to_owned()).or_default();
        standing.outcomes += count;
        let code = || {
            record
                .reason
                .clone()
                .or(record.answer.clone())
                .unwrap_or_default()
        };
        let by_reason = match record.state.as_str() {
            "waiting" => Some(&mut standing.waiting),
            "held" => Some(&mut standing.held),
            "refused" => Some(&mut standing.refused),
            _ => None,
        };
        if let Some(by_reason) = by_reason {
            *by_reason.entry(code()).or_default() += count;
            return;
        }
        standing.deliverable += count;
        if is_given(record) {
            standing.delivered += count;
        }
        if record.state == "confirmed" {
            standing.confirmed += count;
        }
    }
}

/// Whether the platform was given it.
#[must_use]
pub fn is_given(record: &DeliveryRecord) -> bool {
    matches!(record.state.as_str(), "sent" | "fetched" | "confirmed")
}

/// How a destination does.
#[derive(Debug, Serialize)]
pub struct ShownStatus {
    destination: String,
    platform: String,
    transport: String,
    conversion_action: String,
    /// `excellent`, `good`, `needs_attention` or `no_recent_upload`.
    status: &'static str,
    /// Why, in one or two sentences.
    reason: String,
    /// When the platform last took a request, or fetched the file of conversions.
    last_upload_at: Option<Timestamp>,
}

/// What the status of a destination is judged by.
#[derive(Debug, Default)]
pub struct StatusFacts(BTreeMap<String, UploadFacts>);

impl StatusFacts {
    /// Counts outcomes that stand so at a destination of that platform.
    pub fn add(&mut self, destination: &DestinationRow, record: &DeliveryRecord, count: u64) {
        let facts = self.0.entry(destination.destination.clone()).or_default();
        if is_given(record) {
            facts.delivered += count;
        } else if let Some(stop) = record.stop(&destination.platform) {
            match facts.stops.iter_mut().find(|(other, _)| *other == stop) {
                Some((_, known)) => *known += count,
                None => facts.stops.push((stop, count)),
            }
        }
    }

    /// The status as it stands at `now`.
    #[must_use]
    pub fn status(&self, destination: DestinationRow, now: Timestamp) -> ShownStatus {
        let mut facts = self.0.get(&destination.destination).cloned().unwrap_or_default();
        facts.last_upload_at = destination.last_upload_at();
        let judged = facts.judge(&destination.platform, now);
        ShownStatus {
            status: judged.status.name(),
            reason: judged.reason,
            last_upload_at: facts.last_upload_at,
            destination: destination.destination,
            platform: destination.platform,
            transport: destination.transport,
            conversion_action: destination.conversion_action,
        }
    }
}
