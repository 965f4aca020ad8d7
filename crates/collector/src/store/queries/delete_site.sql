-- What a site holds is erased or purged first, and never by the way.
DELETE FROM sites
WHERE site = ?1
    AND NOT EXISTS (SELECT 1 FROM leads WHERE leads.site = sites.site)
    AND NOT EXISTS (SELECT 1 FROM outcomes WHERE outcomes.site = sites.site)
