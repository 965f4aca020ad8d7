DELETE FROM outcomes
WHERE site = ?1
    AND (lead_id IN (SELECT value FROM json_each(?2)) OR finder IN (SELECT value FROM json_each(?3)))
