INSERT INTO tombstones (site, lead_sha256, erased_at_ms)
SELECT ?1, value, ?2
FROM json_each(?3)
WHERE true
ON CONFLICT (site, lead_sha256) DO NOTHING
