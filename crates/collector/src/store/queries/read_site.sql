SELECT site, origins, time_zone, retention_days, daily_budget
FROM sites
WHERE site = ?1
