DELETE FROM lead_counts
WHERE site = ?1 AND NOT EXISTS (SELECT 1 FROM sites WHERE sites.site = lead_counts.site)
