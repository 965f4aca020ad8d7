-- Deliveries whose outcome was purged, or whose destination was removed.
DELETE FROM deliveries
WHERE (destination, outcome_id, change) IN (
    SELECT deliveries.destination, deliveries.outcome_id, deliveries.change
    FROM deliveries
    LEFT JOIN outcomes ON outcomes.site = deliveries.site AND outcomes.outcome_id = deliveries.outcome_id
    LEFT JOIN destinations ON destinations.destination = deliveries.destination
    WHERE outcomes.outcome_id IS NULL OR destinations.destination IS NULL
    LIMIT ?1
)
RETURNING outcome_id
