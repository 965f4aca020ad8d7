//! Sites in the store.

use attribution::time_zone::TimeZone;
use serde::Deserialize;

use super::database::{Database, Statement};
use super::{StorageError, Store};
use crate::site::{OriginPattern, Site};

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
        })
    }
}
