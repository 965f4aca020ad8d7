DELETE FROM leads
WHERE site = ?1 AND lead_id IN (SELECT value FROM json_each(?2))
