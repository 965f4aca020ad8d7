//! `PUT`, `GET` and `DELETE v1/webhooks/{source}`: which system tells outcomes by itself, how it signs, and in which words.

use attribution::webhook::settings::WebhookSettings;
use serde::Serialize;

use crate::authority::Authority;
use crate::key::Scope;
use crate::receive_webhook::SecretOf;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::Request;
use crate::settings::{SettingRefusal, Settings, checked_id};
use crate::store::database::Database;
use crate::store::webhooks::WebhookRow;
use crate::store::{StorageError, Store};

const KNOWN: &str = "A webhook has the settings site, provider (standard_webhooks, hubspot, stripe, pipedrive, salesforce or hmac), secret, \
    previous_secret, signature, fields, constants and kinds, and no others; site, provider and secret are needed.";

/// The settings, and which of the named secrets the deployment has.
#[derive(Serialize)]
struct Report<'a> {
    source: &'a str,
    #[serde(flatten)]
    settings: &'a WebhookSettings,
    /// Names only.
    secrets_set: Vec<&'a str>,
}

/// Sets a webhook: 201 when it is new, 200 when it was there.
///
/// # Errors
/// The first rule that the request breaks; then nothing is changed.
pub async fn put<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    source: &str,
    secret_of: &SecretOf<'_>,
) -> Result<Reply, Refusal> {
    let authority = Authority::with_scope(request, store, admin_token, Scope::Admin).await?;
    let source = checked_id(source)?;
    let settings: WebhookSettings = Settings::of(request)?.read_whole(KNOWN)?;
    settings
        .webhook()
        .map_err(|refusal| SettingRefusal::of(refusal.field, refusal.advice))?;
    authority.site(store, &settings.site).await?;
    let row = WebhookRow {
        site: settings.site.clone(),
        settings: serde_json::to_string(&settings).map_err(|_| StorageError::Unreadable)?,
    };
    let is_new = store.keep_webhook(source, &row).await?;
    let is_new = is_new.ok_or_else(|| authority.refusal_of_taken_id())?;
    let report = Report::of(source, &settings, secret_of);
    Ok(Reply::json(if is_new { 201 } else { 200 }, &report))
}

/// The settings of a webhook.
///
/// # Errors
/// [`Refusal::NotFound`] also for another site's webhook.
pub async fn get<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    source: &str,
    secret_of: &SecretOf<'_>,
) -> Result<Reply, Refusal> {
    let row = seen(request, store, admin_token, source).await?;
    let settings: WebhookSettings =
        serde_json::from_str(&row.settings).map_err(|_| StorageError::Unreadable)?;
    Ok(Reply::json(200, &Report::of(source, &settings, secret_of)))
}

/// Removes a webhook: what its provider still sends is not found.
///
/// # Errors
/// [`Refusal::NotFound`] also for another site's webhook.
pub async fn delete<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    source: &str,
) -> Result<Reply, Refusal> {
    seen(request, store, admin_token, source).await?;
    store.delete_webhook(source).await?;
    Ok(Reply::empty(204))
}

async fn seen<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    source: &str,
) -> Result<WebhookRow, Refusal> {
    let authority = Authority::with_scope(request, store, admin_token, Scope::Admin).await?;
    let row = store.webhook(source).await?;
    row.filter(|row| authority.sees(&row.site))
        .ok_or(Refusal::NotFound)
}

impl<'a> Report<'a> {
    fn of(source: &'a str, settings: &'a WebhookSettings, secret_of: &SecretOf<'_>) -> Self {
        let is_set = |name: &&str| secret_of(name).is_some_and(|secret| !secret.is_empty());
        Self {
            source,
            settings,
            secrets_set: settings.secret_names().filter(is_set).collect(),
        }
    }
}
