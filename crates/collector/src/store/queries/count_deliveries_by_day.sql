-- For each of these days, how the outcomes that were told on it stand in the ledger: those that it has, and those that an
-- API would take and the ledger does not have. Changes of outcomes are not counted: each belongs to an outcome that is.
SELECT
    day.key AS day, destinations.destination, deliveries.state, deliveries.reason, deliveries.answer, count(*) AS count
FROM json_each(?2) AS day
CROSS JOIN outcomes ON outcomes.site = ?1
    AND outcomes.received_at_ms >= json_extract(day.value, '$[0]')
    AND outcomes.received_at_ms < json_extract(day.value, '$[1]')
CROSS JOIN destinations ON destinations.site = ?1
LEFT JOIN deliveries ON deliveries.destination = destinations.destination
    AND deliveries.outcome_id = outcomes.outcome_id
    AND deliveries.change = ''
WHERE deliveries.outcome_id IS NOT NULL
    OR (
        destinations.transport = 'api'
        AND outcomes.kind IN (SELECT value FROM json_each(destinations.outcome_kinds))
    )
GROUP BY day.key, destinations.destination, deliveries.state, deliveries.reason, deliveries.answer
