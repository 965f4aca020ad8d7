SELECT outcomes_with_leads.*, deliveries.frozen_at_ms AS delivered_at_ms
FROM outcomes_with_leads
LEFT JOIN deliveries ON deliveries.destination = ?6
    AND deliveries.outcome_id = outcomes_with_leads.outcome_id
    AND deliveries.change = ''
    AND deliveries.state IN ('sent', 'fetched', 'confirmed')
WHERE outcomes_with_leads.site = ?1
    AND outcomes_with_leads.outcome_id > ?2
    AND outcomes_with_leads.occurred_at_ms >= ?3
    AND outcomes_with_leads.kind IN (SELECT value FROM json_each(?4))
ORDER BY outcomes_with_leads.outcome_id
LIMIT ?5
