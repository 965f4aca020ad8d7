//! `PUT`, `GET` and `DELETE v1/keys/{id}`: what CRMs and reports show to get in.

use attribution::timestamp::Timestamp;
use serde::Serialize;

use crate::authority::{Authority, sha256_hex};
use crate::key::{Key, KeyText, Scope, secret_of};
use crate::refusal::{AdminRefusal, Refusal};
use crate::reply::Reply;
use crate::request::Request;
use crate::settings::{SettingRefusal, Settings, checked_id};
use crate::store::Store;
use crate::store::database::Database;

const SITE: &str = "site is the id of a site.";
const SCOPES: &str = "scopes is an array of outcomes (tell outcomes), read (read leads and outcomes) and admin (settings, erasure; includes the others).";
const KNOWN: &str = "A key has the settings site and scopes, and no others.";

/// How many scopes there are.
const SCOPES_MAX: usize = 3;

/// A key, and its text where it has just been made.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    settings: &'a Key,
    /// Shown this once; afterwards nobody knows it any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

/// Makes a key, and shows it this once: 201. The key of an id that is taken keeps its secret and gets other scopes: 200.
///
/// # Errors
/// The first rule that the request breaks; then nothing is changed.
pub async fn put<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    id: &str,
    now: Timestamp,
) -> Result<Reply, Refusal> {
    let authority = Authority::with_scope(request, store, admin_token, Scope::Admin).await?;
    let key = read(checked_id(id)?, Settings::of(request)?)?;
    authority.site(store, &key.site).await?;
    let secret = secret_of(request.random.ok_or(AdminRefusal::NoRandomness)?);
    let secret_sha256 = sha256_hex(&secret);
    let kept_sha256 = store.keep_key(&key, &secret_sha256, now).await?;
    let kept_sha256 = kept_sha256.ok_or_else(|| authority.refusal_of_taken_id())?;
    let text = KeyText {
        key_id: &key.key_id,
        secret: &secret,
    };
    let is_new = kept_sha256 == secret_sha256;
    let report = Report {
        settings: &key,
        key: is_new.then(|| text.write()),
    };
    Ok(Reply::json(if is_new { 201 } else { 200 }, &report))
}

/// The settings of a key, without its secret.
///
/// # Errors
/// [`Refusal::NotFound`] also for another site's key.
pub async fn get<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    id: &str,
) -> Result<Reply, Refusal> {
    let settings = &seen(request, store, admin_token, id).await?;
    Ok(Reply::json(200, &Report { settings, key: None }))
}

/// Revokes a key at once.
///
/// # Errors
/// [`Refusal::NotFound`] also for another site's key.
pub async fn delete<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    id: &str,
) -> Result<Reply, Refusal> {
    let key = seen(request, store, admin_token, id).await?;
    store.delete_key(&key.key_id).await?;
    Ok(Reply::empty(204))
}

async fn seen<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    id: &str,
) -> Result<Key, Refusal> {
    let authority = Authority::with_scope(request, store, admin_token, Scope::Admin).await?;
    let key = store.key(id).await?.map(|(key, _)| key);
    key.filter(|key| authority.sees(&key.site))
        .ok_or(Refusal::NotFound)
}

fn read(id: &str, mut settings: Settings) -> Result<Key, SettingRefusal> {
    let site = settings.text("site", SITE)?;
    let mut scopes = settings.list("scopes", SCOPES_MAX, SCOPES, Scope::named)?;
    if scopes.is_empty() {
        return Err(SettingRefusal::of("scopes", SCOPES));
    }
    scopes.sort_by_key(|scope| scope.name());
    scopes.dedup();
    settings.finish(KNOWN)?;
    Ok(Key {
        key_id: id.to_owned(),
        site: site.ok_or(SettingRefusal::of("site", SITE))?,
        scopes,
    })
}
