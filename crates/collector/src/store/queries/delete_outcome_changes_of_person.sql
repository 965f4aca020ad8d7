DELETE FROM outcome_changes
WHERE site = ?1
    AND outcome_id IN (
        SELECT outcome_id
        FROM outcomes
        WHERE site = ?1
            AND (lead_id IN (SELECT value FROM json_each(?2)) OR finder IN (SELECT value FROM json_each(?3)))
    )
