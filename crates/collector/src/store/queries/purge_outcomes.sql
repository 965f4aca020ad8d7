-- Outcomes that waited in vain, or whose lead was purged before them. CROSS JOIN keeps the order of the loops, so that only
-- they are read.
DELETE FROM outcomes
WHERE (site, outcome_id) IN (
    SELECT outcomes.site, outcomes.outcome_id
    FROM sites
    CROSS JOIN outcomes
        ON outcomes.site = sites.site
        AND outcomes.received_at_ms < ?1 - sites.retention_days * 86400000
    LIMIT ?2
)
RETURNING outcome_id
