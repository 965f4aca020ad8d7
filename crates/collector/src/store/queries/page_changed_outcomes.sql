-- The next outcomes of a site that were changed, each as often as it was, with its lead and when the platform was given
-- it. A change whose outcome has not come yet waits for it.
SELECT
    outcomes.outcome_id, outcomes.reference, outcomes.kind, outcomes.occurred_at_ms, outcomes.value, outcomes.currency,
    0 AS is_retracted,
    outcome_changes.change, outcome_changes.changed_at_ms, outcome_changes.received_at_ms,
    outcome_changes.value AS changed_value, outcome_changes.currency AS changed_currency,
    leads.lead, leads.received_at_ms AS lead_received_at_ms,
    leads.user_agent AS lead_user_agent, leads.suspicion AS lead_suspicion,
    deliveries.frozen_at_ms AS delivered_at_ms
FROM (
    SELECT DISTINCT changed.outcome_id
    FROM outcome_changes AS changed
    INNER JOIN outcomes ON outcomes.site = changed.site AND outcomes.outcome_id = changed.outcome_id
    WHERE changed.site = ?1
        AND changed.outcome_id > ?2
        AND outcomes.kind IN (SELECT value FROM json_each(?3))
    ORDER BY changed.outcome_id
    LIMIT ?4
) AS page
CROSS JOIN outcome_changes ON outcome_changes.site = ?1 AND outcome_changes.outcome_id = page.outcome_id
CROSS JOIN outcomes ON outcomes.site = ?1 AND outcomes.outcome_id = page.outcome_id
LEFT JOIN leads ON leads.site = outcomes.site AND leads.lead_id = outcomes.lead_id
LEFT JOIN deliveries ON deliveries.destination = ?5
    AND deliveries.outcome_id = outcomes.outcome_id
    AND deliveries.change = ''
    AND deliveries.state IN ('sent', 'fetched', 'confirmed')
ORDER BY outcomes.outcome_id, outcome_changes.changed_at_ms, outcome_changes.change
