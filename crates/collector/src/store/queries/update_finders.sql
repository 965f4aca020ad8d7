UPDATE lead_arrivals
SET finders = ?4
WHERE site = ?1 AND received_at_ms = ?2 AND lead_id = ?3
