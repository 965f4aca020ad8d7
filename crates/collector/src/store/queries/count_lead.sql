-- Counts a lead that was stored at this very moment: a repetition finds an earlier one, and counts nothing.
INSERT INTO lead_counts (site, day, leads)
SELECT leads.site, ?3, 1
FROM leads
WHERE leads.site = ?1 AND leads.lead_id = ?2 AND leads.received_at_ms = ?4
ON CONFLICT (site, day) DO UPDATE SET leads = leads + 1
