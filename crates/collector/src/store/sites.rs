//! Sites in the store.

use attribution::time_zone::TimeZone;
use serde::Deserialize;

use super::database::{Database, Parameter, Statement};
use super::{StorageError, Store};
use crate::site::{OriginPattern, Site};

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

impl<D: Database> Store<D> {
    /// The site of that id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn site(&self, id: &str) -> Result<Option<Site>, StorageError> {
        let statement = Statement::repeatable(include_str!("queries/read_site.sql"), vec![id.into()]);
        let rows: Vec<SiteRow> = self.rows(statement).await?;
        rows.into_iter().next().map(SiteRow::settings).transpose()
    }

    /// Stores a site's settings. Says whether the site is new.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_site(&self, site: &Site) -> Result<bool, StorageError> {
        let read = Statement::repeatable(include_str!("queries/read_site.sql"), vec![(&site.id).into()]);
        let origins: Vec<String> = site.origins.iter().map(OriginPattern::to_string).collect();
        let upsert = Statement::repeatable(
            include_str!("queries/upsert_site.sql"),
            vec![
                (&site.id).into(),
                Parameter::json(&origins),
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

    /// Removes a site that holds nothing, with its keys, destinations and webhooks.
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
            statement(include_str!("queries/delete_webhooks_without_site.sql")),
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
    /// A pattern that cannot be read matches nobody; a zone that cannot be read is none, and times without an offset
    /// are refused.
    fn settings(self) -> Result<Site, StorageError> {
        let origins: Vec<String> =
            serde_json::from_str(&self.origins).map_err(|_| StorageError::Unreadable)?;
        Ok(Site {
            id: self.site,
            origins: origins
                .iter()
                .filter_map(|origin| OriginPattern::parse(origin))
                .collect(),
            time_zone: self.time_zone.as_deref().and_then(TimeZone::named),
            retention_days: self.retention_days,
            daily_budget: self.daily_budget,
        })
    }
}
