-- What is to be sent: deliveries whose moment has come, or whose sweep has died, the oldest first, each with its outcome,
-- its lead, and what changes where it is a change; of these outcomes alone where they are named. A change of a retracted
-- outcome is sent all the same.
SELECT
    deliveries.change, deliveries.state, deliveries.next_at_ms, deliveries.since_ms, deliveries.attempts,
    deliveries.asked, deliveries.request_id, deliveries.reason, deliveries.answer, deliveries.may_be_there,
    deliveries.payload, deliveries.frozen_at_ms,
    changed.changed_at_ms, changed.value AS changed_value, changed.currency AS changed_currency,
    outcomes.outcome_id, outcomes.reference, outcomes.kind, outcomes.occurred_at_ms, outcomes.received_at_ms,
    coalesce(restated.value, outcomes.value) AS value,
    coalesce(restated.currency, outcomes.currency) AS currency,
    deliveries.change = '' AND EXISTS (
        SELECT 1 FROM outcome_changes
        WHERE outcome_changes.site = outcomes.site
            AND outcome_changes.outcome_id = outcomes.outcome_id
            AND outcome_changes.change = 'retract'
    ) AS is_retracted,
    leads.lead, leads.received_at_ms AS lead_received_at_ms,
    leads.user_agent AS lead_user_agent, leads.suspicion AS lead_suspicion
FROM deliveries
INNER JOIN outcomes ON outcomes.site = deliveries.site AND outcomes.outcome_id = deliveries.outcome_id
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
LEFT JOIN outcome_changes AS changed ON changed.site = outcomes.site
    AND changed.outcome_id = outcomes.outcome_id
    AND deliveries.change = CASE changed.change
        WHEN 'retract' THEN 'retract'
        ELSE 'restate:' || changed.changed_at_ms
    END
WHERE deliveries.destination = ?1
    AND deliveries.next_at_ms <= ?2
    AND deliveries.state IN ('due', 'waiting', 'sending')
    AND (?4 IS NULL OR deliveries.outcome_id IN (SELECT value FROM json_each(?4)))
ORDER BY deliveries.next_at_ms, deliveries.outcome_id, deliveries.change
LIMIT ?3
