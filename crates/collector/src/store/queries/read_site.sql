SELECT site, origins, time_zone
FROM sites
WHERE site = ?1
