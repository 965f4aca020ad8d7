SELECT outcome_id, lead_id, kind, occurred_at_ms, value, currency, received_at_ms
FROM outcomes
WHERE site = ?1
    AND (lead_id IN (SELECT value FROM json_each(?2)) OR finder IN (SELECT value FROM json_each(?3)))
ORDER BY occurred_at_ms, outcome_id
