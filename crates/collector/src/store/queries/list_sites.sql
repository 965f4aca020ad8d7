SELECT site, origins, time_zone
FROM sites
ORDER BY site
