-- A delivery for each change of these outcomes that a platform has to hear of: it has the outcome, or may have it, and what
-- it was sent was frozen before the change was told. CROSS JOIN keeps the order
-- (https://sqlite.org/optoverview.html#crossjoin). A restate whose moment gets another value after it was frozen goes once
-- more, but not while an attempt is on its way: its end plans again.
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
ON CONFLICT (destination, outcome_id, change) DO UPDATE SET
    state = 'due',
    next_at_ms = excluded.next_at_ms,
    since_ms = NULL,
    attempts = 0,
    asked = 0,
    request_id = NULL,
    request_row = NULL,
    reason = NULL,
    answer = NULL,
    may_be_there = 0,
    payload = NULL,
    frozen_at_ms = NULL
WHERE deliveries.state <> 'sending'
    AND deliveries.frozen_at_ms < (
        SELECT newest.received_at_ms
        FROM outcome_changes AS newest
        WHERE newest.site = deliveries.site
            AND newest.outcome_id = deliveries.outcome_id
            AND newest.change = 'restate'
            AND deliveries.change = 'restate:' || newest.changed_at_ms
    )
