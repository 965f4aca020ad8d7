//! Sites in the store, and in the memory of those who have read them.

use std::cell::RefCell;
use std::collections::HashMap;

use attribution::time_zone::TimeZone;
use serde::Deserialize;

use super::database::{Database, Parameter, Statement};
use super::{StorageError, Store};
use crate::site::{Origins, Site};

/// What became of a site that was to be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletedSite {
    /// It is removed.
    Gone,
    /// It holds leads or outcomes, and stays.
    InUse,
    /// There is none of that id.
    Unknown,
}

/// Sites as one instance of the Worker last read them, so that a lead need not wait for its site to be read again. Nobody
/// tells an instance that another one has changed a site, so no memory is believed by itself: [`Store::keep_lead`] stores
/// a lead only if the site still is what it was judged by, and whatever is refused is refused by a site that was read
/// for it. There are as many as the deployment has sites.
#[derive(Debug, Default)]
pub struct KnownSites(RefCell<HashMap<String, Site>>);

impl<D: Database> Store<D> {
    /// The site of that id as it was when it was last read, if it ever was.
    pub fn known_site(&self, id: &str) -> Option<Site> {
        self.known_sites.0.borrow().get(id).cloned()
    }

    /// The site of that id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn site(&self, id: &str) -> Result<Option<Site>, StorageError> {
        let statement = Statement::repeatable(include_str!("queries/read_site.sql"), vec![id.into()]);
        let rows: Vec<SiteRow> = self.rows(statement).await?;
        let site = rows.into_iter().next().map(SiteRow::settings).transpose()?;
        let mut known = self.known_sites.0.borrow_mut();
        match &site {
            Some(site) => known.insert(id.to_owned(), site.clone()),
            None => known.remove(id),
        };
        Ok(site)
    }

    /// Stores a site's settings. Says whether the site is new.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_site(&self, site: &Site) -> Result<bool, StorageError> {
        let read = Statement::repeatable(include_str!("queries/read_site.sql"), vec![(&site.id).into()]);
        let upsert = Statement::repeatable(
            include_str!("queries/upsert_site.sql"),
            vec![
                (&site.id).into(),
                site.origins.stored().into(),
                site.time_zone.as_ref().map(TimeZone::name).into(),
                Parameter::Integer(i64::from(site.retention_days)),
                site.daily_budget
                    .map(i64::from)
                    .map_or(Parameter::Null, Parameter::Integer),
            ],
        );
        let results = self.database.batch(vec![read, upsert]).await?;
        Ok(results.first().is_some_and(Vec::is_empty))
    }

    /// Removes a site that holds nothing, with its keys, destinations and webhooks, and with what a later site of the same
    /// id would take for its own.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_site(&self, id: &str) -> Result<DeletedSite, StorageError> {
        let statement = |sql| Statement::repeatable(sql, vec![id.into()]);
        let results = self.database.batch(vec![
            statement(include_str!("queries/read_site.sql")),
            statement(include_str!("queries/delete_site.sql")),
            statement(include_str!("queries/delete_keys_without_site.sql")),
            statement(include_str!("queries/delete_destinations_without_site.sql")),
            statement(include_str!("queries/delete_webhooks_without_site.sql")),
            statement(include_str!("queries/delete_webhook_events_without_site.sql")),
            statement(include_str!("queries/delete_outcome_changes_without_site.sql")),
            statement(include_str!("queries/delete_lead_counts_without_site.sql")),
            statement(include_str!("queries/read_site.sql")),
        ]);
        let results = results.await?;
        let is_empty = |rows: Option<&Vec<_>>| rows.is_none_or(Vec::is_empty);
        Ok(match (is_empty(results.first()), is_empty(results.last())) {
            (true, _) => DeletedSite::Unknown,
            (false, true) => DeletedSite::Gone,
            (false, false) => DeletedSite::InUse,
        })
    }

    /// Whether pages of this origin belong to any site.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn any_site_allows(&self, origin: Option<&str>) -> Result<bool, StorageError> {
        let statement = Statement::repeatable(include_str!("queries/list_sites.sql"), Vec::new());
        let rows: Vec<SiteRow> = self.rows(statement).await?;
        let sites: Vec<Site> = rows
            .into_iter()
            .map(SiteRow::settings)
            .collect::<Result<_, _>>()?;
        Ok(sites.iter().any(|site| site.allows(origin)))
    }
}

#[derive(Deserialize)]
struct SiteRow {
    site: String,
    origins: String,
    time_zone: Option<String>,
    retention_days: u16,
    daily_budget: Option<u32>,
}

impl SiteRow {
    /// A zone that cannot be read is none, and times without an offset are refused.
    fn settings(self) -> Result<Site, StorageError> {
        Ok(Site {
            id: self.site,
            origins: Origins::from_stored(self.origins).ok_or(StorageError::Unreadable)?,
            time_zone: self.time_zone.as_deref().and_then(TimeZone::named),
            retention_days: self.retention_days,
            daily_budget: self.daily_budget,
        })
    }
}
