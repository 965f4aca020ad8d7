-- CROSS JOIN keeps the order (https://sqlite.org/optoverview.html#crossjoin): each outcome is looked up by its id.
-- A delivery for each of these outcomes at each API that takes its kind. Those that are planned already stay as they are.
INSERT INTO deliveries (destination, site, outcome_id, change, state, next_at_ms)
SELECT destinations.destination, outcomes.site, outcomes.outcome_id, '', 'due', ?2
FROM json_each(?3) AS told
CROSS JOIN outcomes ON outcomes.site = ?1 AND outcomes.outcome_id = told.value
CROSS JOIN destinations ON destinations.site = ?1 AND destinations.transport = 'api'
WHERE outcomes.kind IN (SELECT value FROM json_each(destinations.outcome_kinds))
ON CONFLICT (destination, outcome_id, change) DO NOTHING
