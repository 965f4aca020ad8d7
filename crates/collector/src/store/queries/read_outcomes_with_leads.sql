SELECT *
FROM outcomes_with_leads
WHERE site = ?1 AND outcome_id IN (SELECT value FROM json_each(?2))
