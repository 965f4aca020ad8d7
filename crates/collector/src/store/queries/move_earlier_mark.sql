-- The end of such a step; NULL where it was the last.
UPDATE destinations
SET earlier_after_ms = (
    SELECT outcomes.received_at_ms
    FROM outcomes
    WHERE outcomes.site = destinations.site AND outcomes.received_at_ms > destinations.earlier_after_ms
    ORDER BY outcomes.received_at_ms
    LIMIT 1 OFFSET ?2 - 1
)
WHERE destination = ?1 AND earlier_after_ms IS NOT NULL
RETURNING earlier_after_ms
