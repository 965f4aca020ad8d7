-- A step through the outcomes that were told before a destination took them: so many after the mark, and whatever came in the
-- same millisecond as the last of them. What another destination has told the same conversion action of, or will, is not told
-- it again. CROSS JOIN keeps the order (https://sqlite.org/optoverview.html#crossjoin).
WITH step AS MATERIALIZED (
    SELECT
        destinations.destination, destinations.site, destinations.platform, destinations.conversion_action,
        destinations.outcome_kinds, destinations.outcomes_since_ms, destinations.earlier_after_ms,
        (
            SELECT outcomes.received_at_ms
            FROM outcomes
            WHERE outcomes.site = destinations.site AND outcomes.received_at_ms > destinations.earlier_after_ms
            ORDER BY outcomes.received_at_ms
            LIMIT 1 OFFSET ?3 - 1
        ) AS last_ms
    FROM destinations
    WHERE destinations.destination = ?1 AND destinations.transport = 'api'
),
others AS MATERIALIZED (
    SELECT destinations.destination
    FROM step
    CROSS JOIN destinations ON destinations.site = step.site
        AND destinations.platform = step.platform
        AND destinations.conversion_action = step.conversion_action
        AND destinations.destination <> step.destination
),
earlier AS MATERIALIZED (
    SELECT
        outcomes.site,
        outcomes.outcome_id,
        EXISTS (
            SELECT 1
            FROM others
            CROSS JOIN deliveries ON deliveries.destination = others.destination
                AND deliveries.outcome_id = outcomes.outcome_id
                AND deliveries.change = ''
            WHERE deliveries.state NOT IN ('held', 'refused') OR deliveries.may_be_there = 1
        ) AS is_given_elsewhere
    FROM step
    CROSS JOIN outcomes ON outcomes.site = step.site AND outcomes.received_at_ms > step.earlier_after_ms
    WHERE (step.last_ms IS NULL OR outcomes.received_at_ms <= step.last_ms)
        AND outcomes.occurred_at_ms >= step.outcomes_since_ms
        AND outcomes.kind IN (SELECT value FROM json_each(step.outcome_kinds))
)
INSERT INTO deliveries (destination, site, outcome_id, change, state, next_at_ms, since_ms, reason)
SELECT
    ?1,
    site,
    outcome_id,
    '',
    CASE WHEN is_given_elsewhere THEN 'refused' ELSE 'due' END,
    CASE WHEN is_given_elsewhere THEN NULL ELSE ?2 END,
    CASE WHEN is_given_elsewhere THEN ?2 END,
    CASE WHEN is_given_elsewhere THEN 'given_elsewhere' END
FROM earlier
WHERE true
ON CONFLICT (destination, outcome_id, change) DO NOTHING
