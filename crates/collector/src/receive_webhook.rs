//! `POST v1/webhooks/{source}`: takes what a CRM or a payment provider tells by itself. 2xx means that every outcome in it
//! is committed, refused with a reason, or none that the site wants to know of.

use attribution::limits::WEBHOOK_BODY_BYTES_MAX;
use attribution::outcome::{OutcomeChange, ReceivedRow, Told};
use attribution::timestamp::Timestamp;
use attribution::webhook::settings::WebhookSettings;
use attribution::webhook::{Delivery, Event, Heard, Webhook};

use crate::outcome_report::Report;
use crate::record_outcomes::Recorded;
use crate::refusal::{Refusal, WebhookRefusal};
use crate::reply::Reply;
use crate::request::Request;
use crate::site::Site;
use crate::store::database::Database;
use crate::store::{StorageError, Store};

/// Looks up a secret of the deployment by its name.
pub type SecretOf<'a> = dyn Fn(&str) -> Option<String> + 'a;

const MEDIA_TYPES: &str = "Send application/json. Salesforce's outbound messages are XML: post the record from a flow by an HTTP callout instead.";

/// Under which an event is counted that the site does not want to know of.
const IGNORED: &str = "webhook_event_ignored";

/// Takes a delivery, once.
///
/// # Errors
/// When nothing of it can be taken: the signature is not good, or it is not understood.
pub async fn receive<D: Database>(
    request: &Request,
    store: &Store<D>,
    source: &str,
    secret_of: &SecretOf<'_>,
    now: Timestamp,
) -> Result<Recorded, Refusal> {
    let body = read_body(request)?;
    let row = store.webhook(source).await?.ok_or(Refusal::NotFound)?;
    let settings: WebhookSettings =
        serde_json::from_str(&row.settings).map_err(|_| WebhookRefusal::SettingsUnusable)?;
    let webhook = settings.webhook().map_err(|_| WebhookRefusal::SettingsUnusable)?;
    let url = url_of(request);
    let delivery = Delivery {
        method: &request.method,
        url: &url,
        headers: &request.headers,
        body,
        now,
    };
    check_signature(&webhook, &settings, &delivery, secret_of)?;
    let heard = webhook.hear(&delivery).map_err(WebhookRefusal::NotUnderstood)?;
    let site = store
        .site(&row.site)
        .await?
        .ok_or(WebhookRefusal::SettingsUnusable)?;
    if store
        .has_webhook_event(&site.id, source, &heard.event_key)
        .await?
    {
        return Ok(recorded(request, &site, &Report::of_repeated(heard.events.len())));
    }
    let report = keep(store, &site, &heard, now).await?;
    // What was refused may come again once it is mended, in a delivery of the same id; what was taken is known by its
    // outcome_id.
    if report.has_taken() && report.first_refusal().is_none() {
        store
            .keep_webhook_event(&site.id, source, &heard.event_key, now)
            .await?;
    }
    Ok(recorded(request, &site, &report))
}

/// Providers try again whatever is not answered with 2xx, and some switch a webhook off. So only a delivery of which
/// nothing at all was taken is refused: there somebody must look.
fn recorded(request: &Request, site: &Site, report: &Report) -> Recorded {
    let mut refused = report.refused();
    if report.ignored() > 0 {
        refused.insert(IGNORED, report.ignored());
    }
    let reply = match report.first_refusal() {
        Some((code, advice)) if !report.has_taken() && report.ignored() == 0 => {
            Refusal::from(WebhookRefusal::Outcome { code, advice }).reply(&request.request_id)
        }
        _ => Reply::json(200, report),
    };
    Recorded {
        reply,
        site: site.id.clone(),
        refused,
    }
}

fn check_signature(
    webhook: &Webhook,
    settings: &WebhookSettings,
    delivery: &Delivery<'_>,
    secret_of: &SecretOf<'_>,
) -> Result<(), WebhookRefusal> {
    let secrets: Vec<String> = settings.secret_names().filter_map(secret_of).collect();
    let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    let signature = webhook.provider.signature();
    signature
        .check(delivery, &secrets)
        .map_err(WebhookRefusal::Signature)
}

async fn keep<D: Database>(
    store: &Store<D>,
    site: &Site,
    heard: &Heard,
    now: Timestamp,
) -> Result<Report, StorageError> {
    let zone = site.time_zone.as_ref();
    let mut report = Report::default();
    let mut rows = Vec::new();
    let mut records = Vec::new();
    for event in &heard.events {
        match event {
            Event::Told(row) => rows.push(row.read(zone)),
            Event::Record(row) => records.push(row.read(zone)),
            Event::Ignored => report.ignore(),
        }
    }
    rows.extend(news_of(store, site, records, &mut report).await?);
    report.keep(store, &site.id, rows, now).await?;
    Ok(report)
}

/// A record comes again whenever its deal changes. Where its outcome is held already, only another value is news, and
/// then it is told as a restate.
async fn news_of<D: Database>(
    store: &Store<D>,
    site: &Site,
    records: Vec<ReceivedRow>,
    report: &mut Report,
) -> Result<Vec<ReceivedRow>, StorageError> {
    let ids: Vec<&str> = records
        .iter()
        .filter_map(|row| row.outcome_id.as_deref())
        .collect();
    if ids.is_empty() {
        return Ok(records);
    }
    let mut held = store.outcome_values(&site.id, &ids).await?;
    let mut news = Vec::new();
    for row in records {
        let Ok(Told::Outcome(outcome)) = &row.told else {
            news.push(row);
            continue;
        };
        let value = held.get(&outcome.outcome_id).copied();
        let change = value.map(|value| OutcomeChange::of_record(outcome, value));
        // For the next record of the same deal in this delivery.
        if !matches!(change, Some(None)) {
            held.insert(outcome.outcome_id.clone(), outcome.value);
        }
        match change {
            None => news.push(row),
            Some(None) => report.repeat(row.outcome_id),
            Some(Some(change)) => news.push(ReceivedRow {
                told: Ok(Told::Change(change)),
                ..row
            }),
        }
    }
    Ok(news)
}

fn read_body(request: &Request) -> Result<&[u8], Refusal> {
    let body = request.whole_body(WEBHOOK_BODY_BYTES_MAX)?;
    if request.media_type() != "application/json" {
        return Err(Refusal::MediaType(MEDIA_TYPES));
    }
    Ok(body)
}

fn url_of(request: &Request) -> String {
    let query = if request.query.is_empty() { "" } else { "?" };
    [&request.own_origin, &request.path, query, &request.query].concat()
}
