INSERT INTO refused_counts (site, day, route, code, count)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (site, day, route, code) DO UPDATE SET count = count + excluded.count
