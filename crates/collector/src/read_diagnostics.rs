//! `GET v1/diagnostics`: how many leads and outcomes there were, day by day on the site's clocks, how the outcomes stand at
//! each destination, and how each destination does. An outcome counts on the day on which it was told, and stands as it
//! does now.

use attribution::calendar::{Day, days_asked};
use attribution::delivery::{Delivery, DeliveryRecord};
use attribution::time_zone::TimeZone;
use attribution::timestamp::Timestamp;
use serde::Serialize;

use crate::authority::site_of;
use crate::destination::{Destination, DestinationRow};
use crate::diagnosis::{Counts, ShownStatus, StatusFacts, is_given};
use crate::due_judgement::judge_for_reader;
use crate::key::Scope;
use crate::refusal::{AdminRefusal, Refusal};
use crate::reply::Reply;
use crate::request::Request;
use crate::site::Site;
use crate::standing::not_planned;
use crate::store::database::Database;
use crate::store::diagnostics::DayCounts;
use crate::store::{StorageError, Store};

const DAYS: &str =
    "from and to are days as in 2026-11-23 on the site's clocks, from not after to, at most 92 of them.";

#[derive(Serialize)]
struct Report {
    site: String,
    /// The zone whose days these are: the site's, or UTC where it has none.
    time_zone: String,
    from: String,
    to: String,
    days: Vec<ShownDay>,
    /// All days together.
    total: Counts,
    /// How each destination does, judged by these days and by when its platform last took something.
    destinations: Vec<ShownStatus>,
}

#[derive(Serialize)]
struct ShownDay {
    day: String,
    #[serde(flatten)]
    counts: Counts,
}

/// The diagnostics of a site: of the days from `from` to `to`, or of the last 28.
///
/// # Errors
/// The first rule that the request breaks.
pub async fn read<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    now: Timestamp,
) -> Result<Reply, Refusal> {
    let site = site_of(request, store, admin_token, Scope::Read).await?;
    let zone = site.time_zone.clone().unwrap_or(TimeZone::UTC);
    let days = days_of(request, &zone, now)?;
    judge_for_reader(store, &site.id, None, now).await;
    let counts = store.day_counts(&site.id, &days).await?;
    let mut report = Tally::new(&days);
    report.add_counts(&counts);
    for row in &counts.destinations {
        report.add_feed(store, row, now).await?;
    }
    Ok(Reply::json(
        200,
        &report.finish(&site, &zone, counts.destinations, now),
    ))
}

fn days_of(request: &Request, zone: &TimeZone, now: Timestamp) -> Result<Vec<Day>, Refusal> {
    let (from, to) = (request.query_value("from"), request.query_value("to"));
    let days = days_asked(from.as_deref(), to.as_deref(), zone, now);
    days.ok_or_else(|| AdminRefusal::QueryInvalid(DAYS).into())
}

/// The counts of the days, and all together.
struct Tally<'a> {
    days: &'a [Day],
    counts: Vec<Counts>,
    total: Counts,
    facts: StatusFacts,
}

impl<'a> Tally<'a> {
    fn new(days: &'a [Day]) -> Self {
        Self {
            days,
            counts: vec![Counts::default(); days.len()],
            total: Counts::default(),
            facts: StatusFacts::default(),
        }
    }

    /// Counts the same for a day and for all.
    fn each(&mut self, day: usize, mut count: impl FnMut(&mut Counts)) {
        if let Some(counts) = self.counts.get_mut(day) {
            count(counts);
            count(&mut self.total);
        }
    }

    fn add_counts(&mut self, counts: &DayCounts) {
        for leads in &counts.leads {
            self.each(leads.day, |counts| counts.add_leads(leads));
        }
        for outcomes in &counts.outcomes {
            self.each(outcomes.day, |counts| {
                counts.outcomes += outcomes.count;
                counts.matched += outcomes.count - outcomes.waiting;
            });
        }
        for deliveries in &counts.deliveries {
            let mut rows = counts.destinations.iter();
            let row = rows.find(|row| row.destination == deliveries.destination);
            let record = deliveries.record().unwrap_or_else(not_planned);
            // Where a file goes, the ledger knows only what was fetched; the rest is judged now.
            if let Some(row) = row.filter(|row| row.dialect().is_none() || is_given(&record)) {
                self.add_standing(row, deliveries.day, &record, deliveries.count);
            }
        }
    }

    fn add_standing(&mut self, row: &DestinationRow, day: usize, record: &DeliveryRecord, count: u64) {
        self.each(day, |counts| counts.add_standing(&row.destination, record, count));
        self.facts.add(row, record, count);
    }

    /// Judges what the platform of a file was not given yet, as its next file would.
    async fn add_feed<D: Database>(
        &mut self,
        store: &Store<D>,
        row: &DestinationRow,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let Some((files, dialect)) = row.files().and_then(|files| files.dialect.map(|it| (files, it))) else {
            return Ok(());
        };
        let files: &Destination = &files;
        let (Some(first), Some(last)) = (self.days.first(), self.days.last()) else {
            return Ok(());
        };
        let mut after = (first.begins, String::new());
        loop {
            let page = store
                .page_of_outcomes_not_given(files, (after.0, &after.1), last.ends)
                .await?;
            let Some(newest) = page.last() else {
                return Ok(());
            };
            after = (newest.told_at(), newest.outcome_id().to_owned());
            for told in &page {
                let (outcome, lead) = told.outcome_and_lead()?;
                let judgement = dialect.row(&files.action, &outcome, &lead, told.told_at(), now);
                let record = Delivery::planned(&judgement, now).record();
                let told_at = told.told_at();
                let day = self.days.partition_point(|day| day.ends <= told_at);
                self.add_standing(row, day, &record, 1);
            }
        }
    }

    fn finish(
        self,
        site: &Site,
        zone: &TimeZone,
        destinations: Vec<DestinationRow>,
        now: Timestamp,
    ) -> Report {
        let name = |day: Option<&Day>| day.map(|day| day.name.clone()).unwrap_or_default();
        let facts = self.facts;
        let shown = self.days.iter().zip(self.counts).map(|(day, counts)| ShownDay {
            day: day.name.clone(),
            counts,
        });
        Report {
            site: site.id.clone(),
            time_zone: zone.name().to_owned(),
            from: name(self.days.first()),
            to: name(self.days.last()),
            days: shown.collect(),
            total: self.total,
            destinations: destinations
                .into_iter()
                .map(|row| facts.status(row, now))
                .collect(),
        }
    }
}
