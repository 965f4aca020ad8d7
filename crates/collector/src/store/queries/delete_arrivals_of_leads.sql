-- By the whole primary key, which the leads know; so this runs before they are deleted.
DELETE FROM lead_arrivals
WHERE (site, received_at_ms, lead_id) IN (
    SELECT site, received_at_ms, lead_id
    FROM leads
    WHERE site = ?1 AND lead_id IN (SELECT value FROM json_each(?2))
)
