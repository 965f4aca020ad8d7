SELECT
    outcome_id,
    content_sha256,
    reference,
    EXISTS (
        SELECT 1 FROM leads WHERE leads.site = outcomes.site AND leads.lead_id = outcomes.lead_id
    ) AS has_lead
FROM outcomes
WHERE site = ?1 AND outcome_id IN (SELECT value FROM json_each(?2))
