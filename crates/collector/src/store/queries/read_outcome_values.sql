-- The newest value of each of these outcomes.
SELECT
    outcomes.outcome_id,
    coalesce(
        (
            SELECT value || ' ' || currency FROM outcome_changes
            WHERE outcome_changes.site = outcomes.site
                AND outcome_changes.outcome_id = outcomes.outcome_id
                AND outcome_changes.change = 'restate'
            ORDER BY changed_at_ms DESC
            LIMIT 1
        ),
        outcomes.value || ' ' || outcomes.currency,
        ''
    ) AS money
FROM outcomes
WHERE outcomes.site = ?1 AND outcomes.outcome_id IN (SELECT value FROM json_each(?2))
