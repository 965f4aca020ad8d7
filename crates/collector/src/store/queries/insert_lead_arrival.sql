-- With the stored moment instead of the sender's, so that a repetition finds the row that is there.
INSERT INTO lead_arrivals (site, received_at_ms, lead_id, finders)
SELECT leads.site, leads.received_at_ms, leads.lead_id, ?3
FROM leads
WHERE leads.site = ?1 AND leads.lead_id = ?2
ON CONFLICT (site, received_at_ms, lead_id) DO NOTHING
