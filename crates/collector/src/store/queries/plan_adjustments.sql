-- A delivery for each change of these outcomes that a platform has to hear of: it has the outcome, or may have it, and what
-- it was sent was frozen before the change was told. CROSS JOIN keeps the order
-- (https://sqlite.org/optoverview.html#crossjoin).
INSERT INTO deliveries (destination, site, outcome_id, change, state, next_at_ms)
SELECT
    deliveries.destination,
    deliveries.site,
    deliveries.outcome_id,
    CASE outcome_changes.change
        WHEN 'retract' THEN 'retract'
        ELSE 'restate:' || outcome_changes.changed_at_ms
    END,
    'due',
    ?2
FROM json_each(?3) AS told
CROSS JOIN outcome_changes ON outcome_changes.site = ?1 AND outcome_changes.outcome_id = told.value
CROSS JOIN destinations ON destinations.site = ?1 AND destinations.transport = 'api'
CROSS JOIN deliveries ON deliveries.destination = destinations.destination
    AND deliveries.outcome_id = told.value
    AND deliveries.change = ''
WHERE deliveries.state IN ('sent', 'confirmed')
    AND outcome_changes.received_at_ms >= deliveries.frozen_at_ms
ON CONFLICT (destination, outcome_id, change) DO NOTHING
