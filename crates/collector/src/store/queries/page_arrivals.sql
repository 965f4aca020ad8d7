-- For each site from its own place in the order of arrival, so that only new rows are read; CROSS JOIN keeps SQLite from
-- reading all arrivals first (https://sqlite.org/lang_select.html#side_note_special_handling_of_cross_join_).
SELECT
    lead_arrivals.site, lead_arrivals.received_at_ms, lead_arrivals.lead_id, lead_arrivals.finders, leads.lead
FROM sites
CROSS JOIN lead_arrivals
    ON lead_arrivals.site = sites.site
    AND (lead_arrivals.received_at_ms, lead_arrivals.lead_id) > (?1, ?2)
JOIN leads ON leads.site = lead_arrivals.site AND leads.lead_id = lead_arrivals.lead_id
ORDER BY lead_arrivals.received_at_ms, lead_arrivals.lead_id, lead_arrivals.site
LIMIT ?3
