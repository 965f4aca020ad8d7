-- Outcomes of a time that a file's platform was not given yet, in the order in which they were told, each with its lead.
SELECT
    outcomes.outcome_id, outcomes.reference, outcomes.kind, outcomes.occurred_at_ms, outcomes.received_at_ms,
    coalesce(restated.value, outcomes.value) AS value,
    coalesce(restated.currency, outcomes.currency) AS currency,
    EXISTS (
        SELECT 1 FROM outcome_changes
        WHERE outcome_changes.site = outcomes.site
            AND outcome_changes.outcome_id = outcomes.outcome_id
            AND outcome_changes.change = 'retract'
    ) AS is_retracted,
    leads.lead, leads.received_at_ms AS lead_received_at_ms,
    leads.user_agent AS lead_user_agent, leads.suspicion AS lead_suspicion
FROM outcomes
LEFT JOIN leads ON leads.site = outcomes.site AND leads.lead_id = outcomes.lead_id
LEFT JOIN outcome_changes AS restated ON restated.site = outcomes.site
    AND restated.outcome_id = outcomes.outcome_id
    AND restated.change = 'restate'
    AND restated.changed_at_ms = (
        SELECT max(changed_at_ms) FROM outcome_changes
        WHERE outcome_changes.site = outcomes.site
            AND outcome_changes.outcome_id = outcomes.outcome_id
            AND outcome_changes.change = 'restate'
    )
LEFT JOIN deliveries ON deliveries.destination = ?6
    AND deliveries.outcome_id = outcomes.outcome_id
    AND deliveries.change = ''
    AND deliveries.state IN ('sent', 'fetched', 'confirmed')
WHERE outcomes.site = ?1
    AND outcomes.received_at_ms < ?4
    AND (outcomes.received_at_ms, outcomes.outcome_id) > (?2, ?3)
    AND outcomes.kind IN (SELECT value FROM json_each(?5))
    AND deliveries.outcome_id IS NULL
ORDER BY outcomes.received_at_ms, outcomes.outcome_id
LIMIT ?7
