SELECT site, origins, time_zone, retention_days, daily_budget
FROM sites
ORDER BY site
