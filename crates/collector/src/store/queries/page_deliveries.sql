-- In the order of the key, so that a page never moves while somebody reads.
SELECT
    destinations.destination, destinations.platform,
    deliveries.outcome_id, deliveries.change, deliveries.state, deliveries.next_at_ms, deliveries.since_ms,
    deliveries.attempts, deliveries.asked, deliveries.request_id, deliveries.reason, deliveries.answer,
    deliveries.may_be_there
FROM deliveries
INNER JOIN destinations ON destinations.destination = deliveries.destination
WHERE destinations.site = ?1
    AND (deliveries.destination, deliveries.outcome_id, deliveries.change) > (?2, ?3, ?4)
    AND (?5 IS NULL OR deliveries.state = ?5)
    AND (?6 IS NULL OR deliveries.destination = ?6)
ORDER BY deliveries.destination, deliveries.outcome_id, deliveries.change
LIMIT ?7
