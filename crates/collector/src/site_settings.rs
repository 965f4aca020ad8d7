//! `PUT`, `GET` and `DELETE v1/sites/{id}`: whose pages may send leads, and how long they are kept.

use attribution::limits::{RETENTION_DAYS_DEFAULT, RETENTION_DAYS_MAX, SITE_ORIGINS_MAX};
use attribution::time_zone::TimeZone;

use crate::authority::Authority;
use crate::key::Scope;
use crate::refusal::{AdminRefusal, Refusal};
use crate::reply::Reply;
use crate::request::Request;
use crate::settings::{SettingRefusal, Settings, checked_id};
use crate::site::{OriginPattern, Origins, Site};
use crate::store::Store;
use crate::store::database::Database;
use crate::store::sites::DeletedSite;

const ORIGINS: &str = "origins is an array of at most 100 origins of the site's pages, each with scheme and host, without a path and without \
    the usual port, in small letters: https://www.example.com, https://*.example.com for every subdomain, http://localhost:* for every port.";
const TIME_ZONE: &str = "time_zone is a name of the IANA database, as in Europe/Berlin, or left out; then a time without an offset is refused.";
const RETENTION_DAYS: &str = "retention_days is a whole number from 1 to 1096, or left out for 400.";
const DAILY_BUDGET: &str = "daily_budget is a whole number of leads from 1, or left out for no bound.";
const KNOWN: &str =
    "A site has the settings origins, time_zone, retention_days and daily_budget, and no others.";

/// Sets a site: 201 when it is new, 200 when it was there. What is left out gets its default.
///
/// # Errors
/// The first rule that the request breaks; then nothing is changed.
pub async fn put<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    id: &str,
) -> Result<Reply, Refusal> {
    check_authority(request, store, admin_token, id).await?;
    let site = read(checked_id(id)?, Settings::of(request)?)?;
    let is_new = store.keep_site(&site).await?;
    Ok(Reply::json(if is_new { 201 } else { 200 }, &site))
}

/// The settings of a site.
///
/// # Errors
/// [`Refusal::NotFound`] also for a site that the key does not open.
pub async fn get<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    id: &str,
) -> Result<Reply, Refusal> {
    check_authority(request, store, admin_token, id).await?;
    let site = store.site(id).await?.ok_or(Refusal::NotFound)?;
    Ok(Reply::json(200, &site))
}

/// Removes a site that holds no leads and no outcomes, with its keys, destinations and webhooks.
///
/// # Errors
/// [`AdminRefusal::SiteInUse`] where it holds some.
pub async fn delete<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    id: &str,
) -> Result<Reply, Refusal> {
    check_authority(request, store, admin_token, id).await?;
    match store.delete_site(id).await? {
        DeletedSite::Gone => Ok(Reply::empty(204)),
        DeletedSite::InUse => Err(AdminRefusal::SiteInUse.into()),
        DeletedSite::Unknown => Err(Refusal::NotFound),
    }
}

async fn check_authority<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    id: &str,
) -> Result<(), Refusal> {
    let authority = Authority::with_scope(request, store, admin_token, Scope::Admin).await?;
    if authority.sees(id) {
        Ok(())
    } else {
        Err(Refusal::NotFound)
    }
}

fn read(id: &str, mut settings: Settings) -> Result<Site, SettingRefusal> {
    let time_zone = settings.text("time_zone", TIME_ZONE)?;
    let named = |name: String| TimeZone::named(&name).ok_or(SettingRefusal::of("time_zone", TIME_ZONE));
    let retention_days = settings.number(
        "retention_days",
        1..=u32::from(RETENTION_DAYS_MAX),
        RETENTION_DAYS,
    )?;
    let site = Site {
        id: id.to_owned(),
        origins: Origins::new(settings.list("origins", SITE_ORIGINS_MAX, ORIGINS, OriginPattern::parse)?),
        time_zone: time_zone.map(named).transpose()?,
        retention_days: retention_days
            .and_then(|days| u16::try_from(days).ok())
            .unwrap_or(RETENTION_DAYS_DEFAULT),
        daily_budget: settings.number("daily_budget", 1..=u32::MAX, DAILY_BUDGET)?,
    };
    settings.finish(KNOWN)?;
    Ok(site)
}
