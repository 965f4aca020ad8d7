-- In the order of arrival, so that each round takes the oldest and reads no others (CROSS JOIN keeps the order of the
-- loops); the rows of the order itself go last.
DELETE FROM leads
WHERE (site, lead_id) IN (
    SELECT lead_arrivals.site, lead_arrivals.lead_id
    FROM sites
    CROSS JOIN lead_arrivals
        ON lead_arrivals.site = sites.site
        AND lead_arrivals.received_at_ms < ?1 - sites.retention_days * 86400000
    ORDER BY lead_arrivals.site, lead_arrivals.received_at_ms, lead_arrivals.lead_id
    LIMIT ?2
)
RETURNING lead_id
