DELETE FROM destinations
WHERE site = ?1 AND NOT EXISTS (SELECT 1 FROM sites WHERE sites.site = destinations.site)
