-- The outcomes that name this lead by its lead_id and came before it. Where none waits, nothing is written.
UPDATE outcomes
SET waits = 0
WHERE site = ?1 AND lead_id = ?2 AND waits = 1
    AND EXISTS (SELECT 1 FROM leads WHERE leads.site = ?1 AND leads.lead_id = ?2)
