//! `PUT`, `GET` and `DELETE v1/destinations/{id}`: where a site's outcomes go.

use attribution::api_action::ApiAction;
use attribution::limits::{LOOK_BACK_DAYS_MAX, OUTCOME_KINDS_MAX, WAIT_HOURS_MAX};
use attribution::time_zone::TimeZone;
use attribution::timestamp::Timestamp;
use serde::Serialize;

use crate::authority::{Authority, sha256_hex};
use crate::destination::DestinationRow;
use crate::destination_trial::{self, Platforms, ShownTrial};
use crate::key::{Scope, secret_of};
use crate::network::Network;
use crate::refusal::{AdminRefusal, Refusal};
use crate::reply::Reply;
use crate::request::Request;
use crate::settings::{SettingRefusal, Settings, checked_id};
use crate::store::Store;
use crate::store::database::Database;

const SITE: &str = "site is the id of a site.";
const PLATFORM: &str = "platform is google, microsoft or meta.";
const TRANSPORT: &str = "transport is feed, where the platform fetches a file, or api, where it is told.";
const DIALECT: &str = "dialect says which file a feed is: legacy_upload, enhanced_leads or data_manager for Google, offline_conversions for Microsoft. An API has none.";
const CONVERSION_ACTION: &str =
    "conversion_action is the name of the conversion action at the platform, exactly as it is written there.";
const OUTCOME_KINDS: &str = "outcome_kinds is an array of at most 20 kinds of outcome that go here, in the words of the outcomes, as in [\"won\"].";
const TIME_ZONE: &str =
    "time_zone is a name of the IANA database, as in Europe/Berlin; the file's times are written by it.";
const FEED_USER: &str = "feed_user is the user that the platform shows to fetch the file, without a colon. The APIs of Microsoft and Meta have none.";
const CLICK_WAIT_HOURS: &str =
    "click_wait_hours is a whole number of hours from 0 to 168, or left out for the platform's rule.";
const LOOKBACK_DAYS: &str = "lookback_days is the click-through window of the conversion action, from 1 to 90, or left out for the longest.";
const OUTCOMES_SINCE: &str = "outcomes_since is a moment with its offset, as in 2026-11-01T00:00:00Z: what happened since then and was told before this destination took it goes there too. Only an API has it; a file brings them by itself.";
const KNOWN: &str = "A destination has the settings site, platform, transport, dialect, conversion_action, outcome_kinds, \
    time_zone, feed_user, click_wait_hours, lookback_days, outcomes_since and api, and no others.";

/// A destination, and the password of its feed where it has just been made.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    settings: &'a DestinationRow,
    /// Shown this once; afterwards nobody knows it any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    feed_password: Option<String>,
    /// What the platform says of the settings, where it is told through its API and they were just set.
    #[serde(skip_serializing_if = "Option::is_none")]
    trial: Option<ShownTrial>,
}

/// Makes a destination, and shows the password of its feed this once: 201. The destination of an id that is taken gets
/// other settings and keeps its password, as long as it keeps its user: 200. What was held there is judged anew. Where there
/// is an API, the answer tells what the platform says of the settings.
///
/// # Errors
/// The first rule that the request breaks; then nothing is changed.
pub async fn put<D: Database, N: Network>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    platforms: &Platforms<'_, N>,
    id: &str,
    now: Timestamp,
) -> Result<Reply, Refusal> {
    let authority = Authority::with_scope(request, store, admin_token, Scope::Admin).await?;
    let mut destination = read(checked_id(id)?, Settings::of(request)?)?;
    destination.look_for_earlier_outcomes(now);
    authority.site(store, &destination.site).await?;
    let password = secret_of(request.random.ok_or(AdminRefusal::NoRandomness)?);
    let password_sha256 = destination.feed_user.as_ref().map(|_| sha256_hex(&password));
    destination.feed_password_sha256.clone_from(&password_sha256);
    let kept = store.keep_destination(&destination).await?;
    let kept = kept.ok_or_else(|| authority.refusal_of_taken_id())?;
    store.release_deliveries(&destination.destination, now).await?;
    if destination.has_earlier_outcomes() {
        // A first step, so that whoever asks now reads it already; the sweeps do the others.
        store.plan_earlier_outcomes(&destination.destination, now).await?;
    }
    let password_is_new = kept.feed_password_sha256 == password_sha256;
    let report = Report {
        settings: &destination,
        feed_password: password_sha256.filter(|_| password_is_new).map(|_| password),
        // After everything is stored, so that no platform stands in its way.
        trial: destination_trial::run(store, &destination, platforms, now).await,
    };
    Ok(Reply::json(if kept.is_new { 201 } else { 200 }, &report))
}

/// The settings of a destination, without its password.
///
/// # Errors
/// [`Refusal::NotFound`] also for another site's destination.
pub async fn get<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    id: &str,
) -> Result<Reply, Refusal> {
    let settings = &seen(request, store, admin_token, id).await?;
    let report = Report {
        settings,
        feed_password: None,
        trial: None,
    };
    Ok(Reply::json(200, &report))
}

/// Removes a destination: its feed is closed at once.
///
/// # Errors
/// [`Refusal::NotFound`] also for another site's destination.
pub async fn delete<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    id: &str,
) -> Result<Reply, Refusal> {
    let destination = seen(request, store, admin_token, id).await?;
    store.delete_destination(&destination.destination).await?;
    Ok(Reply::empty(204))
}

async fn seen<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    id: &str,
) -> Result<DestinationRow, Refusal> {
    let authority = Authority::with_scope(request, store, admin_token, Scope::Admin).await?;
    let destination = store.destination(id).await?;
    destination
        .filter(|destination| authority.sees(&destination.site))
        .ok_or(Refusal::NotFound)
}

fn read(id: &str, mut settings: Settings) -> Result<DestinationRow, SettingRefusal> {
    let mut required = |field, advice| {
        let text = settings.text(field, advice)?;
        text.ok_or(SettingRefusal::of(field, advice))
    };
    let site = required("site", SITE)?;
    let platform = required("platform", PLATFORM)?;
    let transport = required("transport", TRANSPORT)?;
    let conversion_action = required("conversion_action", CONVERSION_ACTION)?;
    let dialect = settings.text("dialect", DIALECT)?;
    let api = settings.object("api", ApiAction::ADVICE)?;
    let time_zone = settings.text("time_zone", TIME_ZONE)?;
    // An API is told in UTC.
    let time_zone = time_zone.or_else(|| (transport == "api").then(|| "UTC".to_owned()));
    let time_zone = time_zone.and_then(|name| TimeZone::named(&name));
    let time_zone = time_zone.ok_or(SettingRefusal::of("time_zone", TIME_ZONE))?;
    let feed_user = settings.text("feed_user", FEED_USER)?;
    if feed_user.as_ref().is_some_and(|user| user.contains(':')) {
        return Err(SettingRefusal::of("feed_user", FEED_USER));
    }
    let as_text = |kind: &str| Some(kind.to_owned());
    let outcome_kinds = settings.list("outcome_kinds", OUTCOME_KINDS_MAX, OUTCOME_KINDS, as_text)?;
    let wait_hours = settings.number(
        "click_wait_hours",
        0..=u32::from(WAIT_HOURS_MAX),
        CLICK_WAIT_HOURS,
    )?;
    let look_back_days =
        settings.number("lookback_days", 1..=u32::from(LOOK_BACK_DAYS_MAX), LOOKBACK_DAYS)?;
    let outcomes_since = match settings.text("outcomes_since", OUTCOMES_SINCE)? {
        Some(text) if transport == "api" => Timestamp::from_rfc3339(&text).map(Some),
        Some(_) => None,
        None => Some(None),
    };
    let outcomes_since = outcomes_since.ok_or(SettingRefusal::of("outcomes_since", OUTCOMES_SINCE))?;
    settings.finish(KNOWN)?;
    let short = |number: u32| u16::try_from(number).ok();
    let row = DestinationRow {
        destination: id.to_owned(),
        site,
        platform,
        transport,
        dialect,
        conversion_action,
        outcome_kinds: serde_json::to_string(&outcome_kinds).unwrap_or_default(),
        feed_user,
        feed_password_sha256: None,
        click_wait_hours: wait_hours.and_then(short),
        lookback_days: look_back_days.and_then(short),
        time_zone: time_zone.name().to_owned(),
        api,
        outcomes_since_ms: outcomes_since.map(Timestamp::ms),
        ..DestinationRow::default()
    };
    check_transport(&row)?;
    Ok(row)
}

/// What belongs together: a platform that there is, and either one of its files or its API.
fn check_transport(row: &DestinationRow) -> Result<(), SettingRefusal> {
    if !["google", "microsoft", "meta"].contains(&row.platform.as_str()) {
        return Err(SettingRefusal::of("platform", PLATFORM));
    }
    match row.transport.as_str() {
        "feed" if row.dialect().is_none() => Err(SettingRefusal::of("dialect", DIALECT)),
        "feed" if row.api.is_some() => Err(SettingRefusal::of("api", ApiAction::ADVICE)),
        "feed" => Ok(()),
        "api" if row.dialect.is_some() => Err(SettingRefusal::of("dialect", DIALECT)),
        // Only beside Google's API there is a file: of what the API is not told.
        "api" if row.feed_user.is_some() && row.files().is_none() => {
            Err(SettingRefusal::of("feed_user", FEED_USER))
        }
        "api" if row.api_action().is_none() => Err(SettingRefusal::of("api", ApiAction::ADVICE)),
        "api" => Ok(()),
        _ => Err(SettingRefusal::of("transport", TRANSPORT)),
    }
}
