SELECT lead_sha256
FROM tombstones
WHERE site = ?1 AND lead_sha256 IN (SELECT value FROM json_each(?2))
