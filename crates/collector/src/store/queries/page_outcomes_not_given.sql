-- Outcomes of a time that a file's platform was not given yet, in the order in which they were told, each with its lead.
SELECT outcomes_with_leads.*
FROM outcomes_with_leads
LEFT JOIN deliveries ON deliveries.destination = ?6
    AND deliveries.outcome_id = outcomes_with_leads.outcome_id
    AND deliveries.change = ''
    AND deliveries.state IN ('sent', 'fetched', 'confirmed')
WHERE outcomes_with_leads.site = ?1
    AND outcomes_with_leads.received_at_ms < ?4
    AND (outcomes_with_leads.received_at_ms, outcomes_with_leads.outcome_id) > (?2, ?3)
    AND outcomes_with_leads.kind IN (SELECT value FROM json_each(?5))
    AND deliveries.outcome_id IS NULL
ORDER BY outcomes_with_leads.received_at_ms, outcomes_with_leads.outcome_id
LIMIT ?7
