-- What is to be sent: deliveries whose moment has come, or whose sweep has died, the oldest first, each with its outcome,
-- its lead, and what changes where it is a change; of these outcomes alone where they are named.
SELECT
    outcomes_with_leads.*,
    deliveries.change, deliveries.state, deliveries.next_at_ms, deliveries.since_ms, deliveries.attempts,
    deliveries.asked, deliveries.request_id, deliveries.reason, deliveries.answer, deliveries.may_be_there,
    deliveries.payload, deliveries.frozen_at_ms,
    changed.changed_at_ms, changed.value AS changed_value, changed.currency AS changed_currency
FROM deliveries
INNER JOIN outcomes_with_leads ON outcomes_with_leads.site = deliveries.site
    AND outcomes_with_leads.outcome_id = deliveries.outcome_id
LEFT JOIN outcome_changes AS changed ON changed.site = deliveries.site
    AND changed.outcome_id = deliveries.outcome_id
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
