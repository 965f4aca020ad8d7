INSERT INTO sites (site, origins, time_zone, retention_days, daily_budget)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (site) DO UPDATE SET
    origins = excluded.origins,
    time_zone = excluded.time_zone,
    retention_days = excluded.retention_days,
    daily_budget = excluded.daily_budget
