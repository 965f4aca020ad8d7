-- Outcomes that waited in vain, or whose lead was purged before them.
DELETE FROM outcomes
WHERE (site, outcome_id) IN (
    SELECT outcomes.site, outcomes.outcome_id
    FROM sites
    JOIN outcomes
        ON outcomes.site = sites.site
        AND outcomes.received_at_ms < ?1 - sites.retention_days * 86400000
    LIMIT ?2
)
RETURNING outcome_id
