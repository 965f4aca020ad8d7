-- Changes whose outcome was purged before them, or never came.
DELETE FROM outcome_changes
WHERE (site, outcome_id, change, changed_at_ms) IN (
    SELECT outcome_changes.site, outcome_changes.outcome_id, outcome_changes.change, outcome_changes.changed_at_ms
    FROM sites
    JOIN outcome_changes
        ON outcome_changes.site = sites.site
        AND outcome_changes.received_at_ms < ?1 - sites.retention_days * 86400000
    WHERE NOT EXISTS (
        SELECT 1 FROM outcomes
        WHERE outcomes.site = outcome_changes.site AND outcomes.outcome_id = outcome_changes.outcome_id
    )
    LIMIT ?2
)
RETURNING outcome_id
