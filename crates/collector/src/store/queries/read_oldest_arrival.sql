-- One step into each site's order of arrival, however many leads it has.
SELECT min(oldest_ms) AS oldest_ms
FROM (
    SELECT (
        SELECT min(lead_arrivals.received_at_ms)
        FROM lead_arrivals
        WHERE lead_arrivals.site = sites.site
            AND lead_arrivals.received_at_ms >= coalesce((SELECT mark_ms FROM sweeps WHERE job = 'arrivals'), 0)
    ) AS oldest_ms
    FROM sites
)
