SELECT outcome_id, change, changed_at_ms, value, currency, received_at_ms
FROM outcome_changes
WHERE site = ?1 AND outcome_id IN (SELECT value FROM json_each(?2))
ORDER BY changed_at_ms, received_at_ms
