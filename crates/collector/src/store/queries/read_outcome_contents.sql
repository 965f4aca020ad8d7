SELECT
    outcome_id,
    content_sha256,
    EXISTS (
        SELECT 1 FROM leads WHERE leads.site = outcomes.site AND leads.lead_id = outcomes.lead_id
    ) AS has_lead
FROM outcomes
WHERE site = ?1 AND outcome_id IN (SELECT json_extract(value, '$.outcome_id') FROM json_each(?2))
