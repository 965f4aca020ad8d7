SELECT
    destinations.destination, destinations.platform, deliveries.state, deliveries.reason, deliveries.answer,
    count(*) AS count
FROM deliveries
INNER JOIN destinations ON destinations.destination = deliveries.destination
WHERE destinations.site = ?1
GROUP BY destinations.destination, destinations.platform, deliveries.state, deliveries.reason, deliveries.answer
ORDER BY destinations.destination, count DESC, deliveries.state, deliveries.reason, deliveries.answer
