-- The earliest ad click of the leads that are named by these lead_ids or found by these finders; 0 where one of them
-- came from no ad. The subquery without rows keeps a batch without finders from reading all arrivals.
SELECT 'lead_id:' || lead_id AS name, coalesce(first_click_at_ms, 0) AS first_click_at_ms
FROM leads
WHERE site = ?1 AND lead_id IN (SELECT value FROM json_each(?2))
UNION ALL
SELECT finder.value AS name, min(coalesce(leads.first_click_at_ms, 0)) AS first_click_at_ms
FROM (SELECT 1 FROM json_each(?3) LIMIT 1)
CROSS JOIN lead_arrivals
CROSS JOIN json_each(lead_arrivals.finders) AS finder
CROSS JOIN leads
WHERE lead_arrivals.site = ?1
    AND finder.value IN (SELECT value FROM json_each(?3))
    AND leads.site = ?1
    AND leads.lead_id = lead_arrivals.lead_id
GROUP BY finder.value
