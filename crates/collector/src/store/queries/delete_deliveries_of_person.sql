-- What was to be told, or was told, of outcomes that are not there any more: the payload names the person by hashes.
DELETE FROM deliveries
WHERE deliveries.site = ?1
    AND NOT EXISTS (
        SELECT 1 FROM outcomes
        WHERE outcomes.site = deliveries.site AND outcomes.outcome_id = deliveries.outcome_id
    )
