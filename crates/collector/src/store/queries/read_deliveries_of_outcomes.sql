-- CROSS JOIN keeps the order (https://sqlite.org/optoverview.html#crossjoin): each delivery is looked up by its key.
SELECT
    destinations.destination, destinations.platform,
    deliveries.outcome_id, deliveries.change, deliveries.state, deliveries.next_at_ms, deliveries.since_ms,
    deliveries.attempts, deliveries.asked, deliveries.request_id, deliveries.reason, deliveries.answer,
    deliveries.may_be_there, deliveries.frozen_at_ms
FROM destinations
CROSS JOIN json_each(?2) AS outcome
CROSS JOIN deliveries ON deliveries.destination = destinations.destination
    AND deliveries.outcome_id = outcome.value
WHERE destinations.site = ?1
ORDER BY destinations.destination, deliveries.outcome_id, deliveries.change
