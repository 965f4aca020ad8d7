-- What is stored under this lead_id, if anything, and whether the site still has the settings that the lead was judged by.
SELECT
    (SELECT content_sha256 FROM leads WHERE leads.site = ?1 AND leads.lead_id = ?2) AS content_sha256,
    EXISTS (
        SELECT 1 FROM sites
        WHERE sites.site = ?1 AND sites.origins = ?3 AND sites.daily_budget IS ?4
    ) AS is_of_site
