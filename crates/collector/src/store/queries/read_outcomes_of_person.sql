SELECT
    outcome_id, reference, lead_id, kind, occurred_at_ms, value, currency, received_at_ms,
    EXISTS (
        SELECT 1 FROM leads WHERE leads.site = outcomes.site AND leads.lead_id = outcomes.lead_id
    ) AS has_lead
FROM outcomes
WHERE site = ?1
    AND (lead_id IN (SELECT value FROM json_each(?2)) OR finder IN (SELECT value FROM json_each(?3)))
ORDER BY occurred_at_ms, outcome_id
