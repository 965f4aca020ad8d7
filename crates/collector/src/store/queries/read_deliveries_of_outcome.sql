SELECT
    destinations.destination, destinations.platform,
    deliveries.outcome_id, deliveries.change, deliveries.state, deliveries.next_at_ms, deliveries.since_ms,
    deliveries.attempts, deliveries.asked, deliveries.request_id, deliveries.reason, deliveries.answer,
    deliveries.may_be_there
FROM destinations
INNER JOIN deliveries ON deliveries.destination = destinations.destination
WHERE destinations.site = ?1 AND deliveries.outcome_id = ?2
ORDER BY destinations.destination, deliveries.change
